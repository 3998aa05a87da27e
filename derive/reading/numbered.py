"""Terms and cells that differ in their numbers only: ``I_1(2, 3)`` and ``I_1(2, 11)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.reading.names import label, letter_of
from derive.reading.surface import Call, Juxtaposition, Name, Node, Numeral, changed, walk

ZERO = Fraction(0)


@dataclass(frozen=True)
class Numbered:
    """A node taken apart: ``blank`` with every whole number 0, and these ``numbers``, in order."""

    node: Node
    blank: Node
    numbers: tuple[int, ...]


def numbered(node: Node) -> Numbered:
    """``node`` as its pattern, equal for nodes that differ in numbers only, and its numbers."""
    found: list[int] = []

    def see(numeral: Numeral) -> Node:
        found.append(int(numeral.value))
        return Numeral("0", ZERO, span=numeral.span)

    blank = _everywhere(node, see)
    return Numbered(node, blank, tuple(found))


def blank(node: Node) -> Node:
    """``node`` with every whole number 0, so that nodes of one pattern are equal."""
    return numbered(node).blank


def numbers(node: Node) -> tuple[int, ...]:
    """The whole numbers in ``node``, in order."""
    return tuple([int(n.value) for n in walk(node) if isinstance(n, Numeral) and _whole(n)])


def bare(node: Node) -> Node:
    """``node`` with the scripts and arguments of its symbols left out."""
    if isinstance(node, Name):
        return replace(node, sub=(), sup=())
    if isinstance(node, Call) and isinstance(node.head, Name):
        return bare(node.head)
    return changed(node, bare)


def renumbered(node: Node, values: Sequence[int]) -> Node:
    """``node`` with other numbers, in order."""
    rest = iter(values)

    def change(numeral: Numeral) -> Node:
        value = next(rest)
        return Numeral(str(value), Fraction(value), span=numeral.span)

    return _everywhere(node, change)


def replaced(node: Node, nodes: Sequence[Node | None]) -> Node:
    """``node`` with other nodes in the places of its numbers; ``None`` leaves one as it is."""
    rest = iter(nodes)

    def change(numeral: Numeral) -> Node:
        new = next(rest)
        return numeral if new is None else new

    return _everywhere(node, change)


def with_values(node: Node, values: Mapping[str, int | None]) -> Node:
    """``node`` with numbers for letters in the indices of symbols."""
    if isinstance(node, Name):
        return replace(node, sub=tuple(_valued(s, values) for s in node.sub))
    if isinstance(node, Call) and isinstance(node.head, Name):
        args = tuple(_valued(a, values) for a in node.args)
        return replace(node, head=with_values(node.head, values), args=args)
    return changed(node, lambda n: with_values(n, values))


def _valued(node: Node, values: Mapping[str, int | None]) -> Node:
    letter = label(node) if isinstance(node, Juxtaposition) else letter_of(node)
    value = None if letter is None else values.get(letter)
    if value is not None:
        return Numeral(str(value), Fraction(value), span=node.span)
    return changed(node, lambda n: _valued(n, values))


def _everywhere(node: Node, change: Callable[[Numeral], Node]) -> Node:
    if isinstance(node, Numeral):
        return change(node) if _whole(node) else node
    return changed(node, lambda n: _everywhere(n, change))


def _whole(numeral: Numeral) -> bool:
    return numeral.value.denominator == 1
