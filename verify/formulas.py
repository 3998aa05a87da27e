r"""What one mathematical delimiter asserts: its items, told apart by their shape alone.

``a = b \Rightarrow c = d, \quad i = 1, \dots, n`` holds two formulas and a range of an index that
belongs to both; ``\Delta k \text{ (size } 5 \times 5)`` a size; ``W \leftarrow W - \alpha \Delta W`` an
update; a lone symbol asserts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from derive.reading.bounds import is_quantifier
from derive.reading.surface import (
    Binary,
    Call,
    Collection,
    Group,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Scripted,
    Sequence,
    Span,
    Words,
)

EQUALITIES = frozenset({"=", r"\equiv", ":=", r"\triangleq", r"\coloneqq", r"\overset{!}{=}"})
IMPLICATIONS = frozenset(
    {r"\Rightarrow", r"\implies", r"\therefore", r"\Longrightarrow", r"\longrightarrow",
     r"\rightarrow", r"\to", r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow"}
)  # fmt: skip
UPDATES = frozenset({r"\leftarrow", r"\gets", r"\longleftarrow", "+=", "-="})
DISTRIBUTED = frozenset({r"\sim"})
WORDS = "words"
SIZE_WORDS = re.compile(r"\(\s*(of\s+)?(size|shape|dim\w*|tamanho|dimens\w*)\s*:?\s*$", re.IGNORECASE)


class Kind(StrEnum):
    """How a formula is to be judged."""

    EQUATION = "equation"
    UPDATE = "update"
    DISTRIBUTION = "distribution"
    SIZE = "size"
    RANGE = "range"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Formula:
    """One formula of a delimiter: its place in the text, the ranges that go with it.

    ``headless`` is true for a line that begins with ``=``. A ``NOTHING`` says in ``reason`` why.
    """

    kind: Kind
    span: Span
    ranges: tuple[Span, ...] = ()
    headless: bool = False
    reason: str = ""


def formulas(sequence: Sequence) -> list[Formula]:
    """Every item of the delimiter as a formula, a range or nothing, in order of place."""
    found: list[Formula] = []
    items = list(sequence.items)
    while items:
        item = items.pop(0)
        if (size := _size(item, items)) is not None:
            found.append(size)
            del items[:2]
        else:
            found.extend(_of_item(item))
    ranges = tuple(f.span for f in found if f.kind is Kind.RANGE)
    asserted = any(f.kind not in (Kind.RANGE, Kind.NOTHING) for f in found)
    if not (ranges and asserted):
        return found
    return [replace(f, ranges=ranges) for f in found if f.kind is not Kind.RANGE]


def product_of_sizes(node: Node) -> tuple[Node, ...] | None:
    r"""The factors of ``10 \times 192``, or ``None`` where the node is no such product."""
    if isinstance(node, Binary) and node.operator in (r"\times", "x", "*"):
        left = product_of_sizes(node.left) or (node.left,)
        parts = (*left, node.right)
        return parts if all(isinstance(p, Numeral | Name) for p in parts) else None
    return None


def _size(item: Node, following: list[Node]) -> Formula | None:
    """``X (size m × n)`` from an item and those that follow it."""
    if len(following) < 2 or not isinstance(following[0], Words):
        return None
    if SIZE_WORDS.search(following[0].text) and product_of_sizes(following[1]) is not None:
        return Formula(Kind.SIZE, Span(item.span.start, following[1].span.end))
    return None


def _of_item(item: Node) -> Iterator[Formula]:
    if is_quantifier(item):
        yield Formula(Kind.RANGE, item.span)
    elif isinstance(item, Relation):
        yield from _of_relation(item)
    elif not (isinstance(item, Words) and not item.text.strip(" ().,;:")):
        yield Formula(Kind.NOTHING, item.span, reason=_why_nothing(item))


def _of_relation(relation: Relation) -> Iterator[Formula]:
    """The runs between implication arrows, each judged by its own operators."""
    start = 0
    operators = (*relation.operators, r"\Rightarrow")
    for at, operator in enumerate(operators):
        if operator in IMPLICATIONS:
            sides = relation.sides[start : at + 1]
            if not (len(sides) == 1 and isinstance(sides[0], Missing)):
                yield _run(sides, relation.operators[start:at])
            start = at + 1


def _run(sides: tuple[Node, ...], operators: tuple[str, ...]) -> Formula:
    present = [s for s in sides if not isinstance(s, Missing)]
    span = Span(present[0].span.start, present[-1].span.end)
    if not operators:
        return Formula(Kind.NOTHING, span, reason=_why_nothing(sides[0]))
    if all(op in EQUALITIES for op in operators):
        if len(present) < 2 and not isinstance(sides[0], Missing):
            return Formula(Kind.NOTHING, span, reason="one side of the equation is missing")
        return Formula(Kind.EQUATION, span, headless=isinstance(sides[0], Missing))
    if len(present) == 2 and operators[0] in UPDATES:
        return Formula(Kind.UPDATE, span)
    if len(present) == 2 and operators[0] in DISTRIBUTED:
        return Formula(Kind.DISTRIBUTION, span)
    return Formula(Kind.NOTHING, span, reason=f"{' '.join(operators)} states no equality")


def _why_nothing(node: Node) -> str:
    if isinstance(node, Words):
        return WORDS
    if isinstance(node, Scripted) and isinstance(node.body, Numeral):
        return "an angle" if r"\circ" in str(node.sup) else "a number, asserts nothing"
    if isinstance(node, Name | Call | Prefixed | Collection):
        return "names a symbol, asserts nothing"
    if isinstance(node, Group) and isinstance(node.body, Name):
        return "names an operation, asserts nothing"
    if product_of_sizes(node) is not None:
        return "a size of nothing that is named before it"
    if isinstance(node, Numeral):
        return "a number, asserts nothing"
    if isinstance(node, Matrix):
        return "an array, asserts nothing"
    return "an expression, asserts nothing"
