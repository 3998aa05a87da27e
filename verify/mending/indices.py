r"""Edits of indices: signs, shifts, swaps, rounding, bounds, labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise

from derive.reading.letters import bound_letters
from derive.reading.names import is_bare
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Span,
    Unary,
    walk,
)
from verify.mending.edit import Edit, after, before, gap, typed

Maker = Callable[[Node, str], Iterator[Edit]]


def index_slots(node: Node) -> tuple[Node, ...]:
    """The items that may be indices of this node: arguments, lower scripts."""
    if isinstance(node, Call) and isinstance(node.head, Name | Prefixed):
        return node.args
    return node.sub if isinstance(node, Name) else ()


def index_nodes(side: Node) -> set[int]:
    """Identities of all nodes inside index slots, scripts and bounds."""
    found: set[int] = set()
    for node in walk(side):
        inner: tuple[Node, ...] = (*node.sub, *node.sup) if isinstance(node, Name) else ()
        if isinstance(node, Call) and _indexed(node):
            inner += node.args
        if isinstance(node, Big):
            inner += (*node.lower, *((node.upper,) if node.upper else ()))
        for part in inner:
            found |= {id(n) for n in walk(part)}
    return found


def _indexed(node: Call) -> bool:
    """An argument list of letters, numbers and sums of them, not the argument of a function."""
    return all(
        not isinstance(n, Call | Big | Prefixed | Fraction_)
        and (not isinstance(n, Name) or is_bare(n))
        for argument in node.args
        for n in walk(argument)
    )


def signs(node: Node, text: str) -> Iterator[Edit]:
    """``i - u`` for ``i + u``, in one slot or in all slots of a symbol."""
    flips: list[Edit] = []
    for slot in index_slots(node):
        for inner in walk(slot):
            index = "index " if not isinstance(node, Call) or _indexed(node) else ""
            what = f"the sign in {'the ' if index else ''}{index}${typed(slot, text)}$ is wrong"
            if isinstance(inner, Binary) and inner.operator in ("+", "-"):
                flips.append(flipped(inner, text, what, 1))
            elif isinstance(inner, Unary) and inner.operator == "-":
                flips.append(Edit(inner.span, typed(inner.body, text), what, 1))
            elif isinstance(inner, Name) and inner is slot and isinstance(node, Call):
                yield Edit(inner.span, "-" + typed(inner, text), what, 2)
    yield from flips
    if len(flips) > 1:
        yield _together(flips, node, text)


def flipped(node: Binary, text: str, what: str, cost: int) -> Edit:
    """Plus for minus and back."""
    span = gap(node.left, node.right)
    other = "-" if node.operator == "+" else "+"
    return Edit(span, text[span.start : span.end].replace(node.operator, other), what, cost)


def _together(flips: list[Edit], node: Node, text: str) -> Edit:
    new = typed(node, text)
    for flip in sorted(flips, key=lambda e: -e.span.start):
        start, end = flip.span.start - node.span.start, flip.span.end - node.span.start
        new = new[:start] + flip.new + new[end:]
    return Edit(node.span, new, f"the signs in the indices of ${typed(node, text)}$ are wrong", 2)


def shifts(node: Node, text: str) -> Iterator[Edit]:
    """``i`` for ``i + 1`` and back."""
    for slot in index_slots(node):
        own = typed(slot, text)
        what = f"the index ${own}$ should be "
        shifted = isinstance(slot, Binary) and slot.operator in ("+", "-")
        if shifted and isinstance(slot, Binary) and isinstance(slot.right, Numeral):
            kept = typed(slot.left, text)
            yield Edit(Span(slot.left.span.end, slot.right.span.end), "", f"{what}${kept}$", 1)
        if isinstance(slot, Name | Binary | Juxtaposition | Unary | Group) and not _several(slot):
            for shift in (" - 1", " + 1"):
                if isinstance(node, Name) and text[slot.span.start - 1] == "_":
                    yield Edit(slot.span, f"{{{own}{shift}}}", f"{what}${own}{shift}$", 2)
                else:
                    yield Edit(after(slot), shift, f"{what}${own}{shift}$", 2)


def _several(slot: Node) -> bool:
    """Whether these are several indices without a comma, ``W_{ij}``."""
    return isinstance(slot, Juxtaposition) and all(isinstance(f, Name) for f in slot.factors)


def swaps(node: Node, text: str) -> Iterator[Edit]:
    """Two neighbouring indices exchanged."""
    slots = index_slots(node)
    if len(slots) == 1 and isinstance(slots[0], Juxtaposition):
        slots = slots[0].factors
    for first, second in pairwise(slots):
        span = Span(first.span.start, second.span.end)
        between = text[first.span.end : second.span.start]
        one, two = typed(first, text), typed(second, text)
        yield Edit(span, two + between + one, f"the indices ${one}$ and ${two}$ are swapped", 2)


def letters_exchanged(side: Node, text: str) -> Iterator[Edit]:
    """Two index letters exchanged throughout a side."""
    letters = sorted({n.base for n in _letters(side) if len(n.base) == 1} - bound_letters(side))
    for one, two in combinations(letters, 2):
        places = [n for n in _letters(side) if n.base in (one, two)]
        new = typed(side, text)
        for place in sorted(places, key=lambda n: -n.span.start):
            at = place.span.start - side.span.start
            new = new[:at] + (two if place.base == one else one) + new[at + len(place.base) :]
        yield Edit(side.span, new, f"the indices ${one}$ and ${two}$ are exchanged", 3)


def _letters(side: Node) -> list[Name]:
    """Bare letters in index slots, as nodes."""
    inside = index_nodes(side)
    return [n for n in walk(side) if isinstance(n, Name) and is_bare(n) and id(n) in inside]


def rounding(node: Node, text: str) -> Iterator[Edit]:
    """Floor for ceiling and back."""
    if isinstance(node, Group) and node.bracket in (r"\lceil", r"\lfloor"):
        old, new = ("ceil", "floor") if node.bracket == r"\lceil" else ("floor", "ceil")
        whole = typed(node, text)
        turned = re.sub(rf"\\([lr]){old}", rf"\\\1{new}", whole)
        yield Edit(node.span, turned, f"${whole}$ is rounded the wrong way", 2)


def numerals(node: Node, text: str) -> Iterator[Edit]:
    """Another whole number: a bound, a constant, a stride or a label."""
    if not isinstance(node, Numeral) or node.value.denominator != 1:
        return
    n = int(node.value)
    near = [n + 1, n - 1, 2 * n, n * n, *([n // 2] if n % 2 == 0 else [])]
    root = round(n**0.5) if n > 0 else 0
    near += [root] if root * root == n else []
    for value in dict.fromkeys(near):
        if value != n:
            braces = text[node.span.start - 1 : node.span.start] in "_^" and value > 9
            new = f"{{{value}}}" if braces else str(value)
            yield Edit(node.span, new, f"{n} should be {value}", 3)


def surplus(node: Node, text: str) -> Iterator[Edit]:
    """A whole number that is added or taken away without need: ``N - 1`` for ``N``."""
    match node:
        case Binary("+" | "-", left, Numeral(value=value) as right) if value.denominator == 1:
            span = Span(left.span.end, right.span.end)
            what = f"${text[span.start : span.end].strip()}$ is too many"
            yield Edit(span, "", what, 3)


def bounds(node: Node, text: str) -> Iterator[Edit]:
    """A bound that is off by a little: ``n + 1`` for ``n``, 9 for 8."""
    if not isinstance(node, Big):
        return
    ends = [item.sides[-1] for item in node.lower if isinstance(item, Relation)]
    for end in (*ends, *((node.upper,) if node.upper else ())):
        what = f"the bound ${typed(end, text)}$ is wrong"
        if isinstance(end, Binary) and isinstance(end.right, Numeral) and end.operator in "+-":
            yield Edit(Span(end.left.span.end, end.right.span.end), "", what, 1)
        for inner in walk(end):
            if isinstance(inner, Numeral):
                yield from (replace(e, what=what, cost=2) for e in numerals(inner, text))


def bound_signs(node: Node, text: str) -> Iterator[Edit]:
    """``-2`` under a sum for ``2``, and back."""
    if not isinstance(node, Big):
        return
    for item in node.lower:
        for inner in walk(item):
            if isinstance(inner, Unary) and inner.operator == "-":
                what = "the sign of a bound is wrong"
                yield Edit(inner.span, typed(inner.body, text), what, 3)
        low = item.sides[-1] if isinstance(item, Relation) else item
        if isinstance(low, Numeral | Name) and low is not item:
            yield Edit(before(low), "-", "the sign of a bound is wrong", 4)


INDEX_EDITS: tuple[Maker, ...] = (
    signs,
    shifts,
    swaps,
    rounding,
    surplus,
    numerals,
    bounds,
    bound_signs,
)
