"""Terms and cells that differ in their numbers only: ``I_1(2, 3)`` and ``I_1(2, 11)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive.reading.names import label, letter_of
from derive.reading.surface import Call, Juxtaposition, Name, Node, Numeral


def numbers(node: Node) -> tuple[int, ...]:
    """The whole numbers in ``node``, in order."""
    found: list[int] = []

    def see(numeral: Numeral) -> Node:
        found.append(int(numeral.value))
        return numeral

    _everywhere(node, see)
    return tuple(found)


def blank(node: Node) -> Node:
    """``node`` with every whole number 0, so that nodes of one pattern are equal."""
    return renumbered(node, (0,) * len(numbers(node)))


def bare(node: Node) -> Node:
    """``node`` with the scripts and arguments of its symbols left out."""
    if isinstance(node, Name):
        return replace(node, sub=(), sup=())
    if isinstance(node, Call) and isinstance(node.head, Name):
        return bare(node.head)
    return _each(node, bare)


def renumbered(node: Node, values: Sequence[int]) -> Node:
    """``node`` with other numbers, in order."""
    rest = iter(values)

    def change(numeral: Numeral) -> Node:
        value = next(rest)
        return replace(numeral, text=str(value), value=Fraction(value))

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
    return _each(node, lambda n: with_values(n, values))


def _valued(node: Node, values: Mapping[str, int | None]) -> Node:
    letter = label(node) if isinstance(node, Juxtaposition) else letter_of(node)
    value = None if letter is None else values.get(letter)
    if value is not None:
        return Numeral(str(value), Fraction(value), span=node.span)
    return _each(node, lambda n: _valued(n, values))


def _everywhere(node: Node, change: Callable[[Numeral], Node]) -> Node:
    if isinstance(node, Numeral):
        return change(node) if node.value.denominator == 1 else node
    return _each(node, lambda n: _everywhere(n, change))


def _each(node: Node, change: Callable[[Node], Node]) -> Node:
    """``node`` with its direct parts changed; itself where none is."""
    changes: dict[str, Any] = {}
    for name in _parts(node):
        old = getattr(node, name)
        new = _inside(old, change)
        if new is not old:
            changes[name] = new
    return replace(node, **changes) if changes else node


_PARTS: dict[type[Node], tuple[str, ...]] = {}


def _parts(node: Node) -> tuple[str, ...]:
    """The fields of a node that may hold others."""
    kind = type(node)
    if kind not in _PARTS:
        _PARTS[kind] = tuple(f.name for f in fields(node) if f.name != "span")
    return _PARTS[kind]


def _inside(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_inside(v, change) for v in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value
