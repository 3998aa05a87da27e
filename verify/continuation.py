r"""Sums that go on in the next display: ``a = b + \dots`` here, ``c + d`` there.

A display that begins with a sign, or that follows one which ends in a sign or in dots, asserts
nothing alone; it is the rest of the sum before it. Further displays of terms without a sign between
them go on with a sum that has gone on before. ``A = \text{correlation}`` goes on with its
arguments; two arrays after the name of an operation that the sum has are one more term of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.errors import Problem
from derive.reading.parse import parse
from derive.reading.summands import goes_on
from derive.reading.surface import Binary, Node, Relation, Unary
from verify.formulas import Kind, formulas
from verify.surplus_ends import is_whole
from verify.torn_displays import operation

LONGEST_PROSE = 120
"""So many characters of prose may stand between the two, the words of a slide's title say."""
_ENDS_OPEN = re.compile(r"(\+|-|=|\\cdot|\\times|\*)\s*$")
_ENDS_IN_DOTS = re.compile(r"(\\dots|\\cdots|\\ldots|\.\.\.|…)\s*$")
_BEGINS_WITH_DOTS = re.compile(r"\s*(\\dots|\\cdots|\\ldots|\.\.\.|…)")
_ENDS_IN_WORD = re.compile(r"=\s*\\(text|mathrm|operatorname)\{[^{}]*\}\s*$")
_BEGINS_WITH_BRACKET = re.compile(r"\s*(\\left\s*)?\(")
_CLOSERS = re.compile(r"(\\end\{[a-z*]+\}|\\right\.|\s)+$")


@dataclass(frozen=True)
class Rest:
    """What goes on: ``glue`` stands between, ``start`` and ``end`` are its place in the display."""

    glue: str
    start: int
    end: int


def rest_of(before: str, display: str, between: str, going_on: bool) -> Rest | None:
    """How ``display`` goes on with the formula ``before``; ``None`` where it stands alone.

    ``between`` is the prose between them, ``going_on`` true where the formula has gone on already.
    """
    if len(between.strip()) > LONGEST_PROSE:
        return None
    whole, before = before, _CLOSERS.sub("", before)
    span = _expression(display)
    if span is None:
        return None
    start, end, first, terms = span
    if not is_whole(display[start:end]):  # it ends within an array
        start, end = 0, len(display)
    text = display[start:end]
    words = operation(between)
    if words is not None:
        glue = rf" + \text{{{words}}} "
        again = words in whole and _one_equation(whole + glue + display)
        return Rest(glue, 0, len(display)) if again else None
    signed = isinstance(first, Unary)
    goes_on_alone = (
        (_ENDS_IN_WORD.search(before) and _BEGINS_WITH_BRACKET.match(text))
        or _ENDS_OPEN.search(before)
        or (isinstance(first, Unary) and first.operator == "+")
    )
    if goes_on_alone:
        fits = _one_equation(f"{whole} {text}") or _one_equation(f"{before} {text}")
        return Rest(" ", start, end) if fits else None
    dots = _BEGINS_WITH_DOTS.match(text)
    beside = _ENDS_IN_DOTS.search(before) or (going_on and terms > 1 and not between.strip())
    glue = " " if signed else " + "
    if not (dots or beside) or not _one_equation(before + glue + text):
        return None
    return Rest(glue, start, end) if dots or _alike(before, text) else None


def _expression(display: str) -> tuple[int, int, Node, int] | None:
    """The place of the one expression that the display holds, its first term, and their number."""
    try:
        found = parse(display)
        alone = [f for f in formulas(found) if f.kind is not Kind.RANGE]
    except Problem:
        return None
    if len(alone) != 1 or alone[0].kind is not Kind.NOTHING or alone[0].ranges:
        return None
    node: Node = next(i for i in found.items if i.span == alone[0].span)
    count = 1
    while isinstance(node, Binary) and node.operator in {"+", "-"}:
        node, count = node.left, count + 1
    return alone[0].span.start, alone[0].span.end, node, count


def _alike(before: str, text: str) -> bool:
    """Whether the terms of the two have the same symbols."""
    last, rest = parse(before).items[0], parse(text).items[0]
    return isinstance(last, Relation) and goes_on(last.sides[-1], rest)


def _one_equation(text: str) -> bool:
    try:
        found = [f for f in formulas(parse(text)) if f.kind is not Kind.RANGE]
    except Problem:
        return False
    return len(found) == 1 and found[0].kind is Kind.EQUATION and not found[0].headless
