r"""One slip in numbers put in: a sign, or a number, with which they are the quantity's own.

``z = 0.7 \cdot 0.4491 + 0.6 \cdot 0.4807`` for a z with ``-0.6``: every sign is turned, and every
number solved for, and what then is made of the model's values is the nearest right formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from derive.errors import Problem
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Binary, Node, Numeral, changed, walk
from verify.numbers.links import EQUAL, literal_value
from verify.numbers.rounding import decimal_text, fraction
from verify.numbers.sides import Side, literals, reread
from verify.numbers.substitution import put_in
from verify.numbers.suggestions import Edit
from verify.verdict import ACCEPTED

MOST = 16
"""Slips that are tried."""
NEAR = Fraction(1, 50)
"""How far the value of the model may lie from what rounded numbers ask for, as a share of it."""
LEAST_PLACES = 2
TURNED = {"+": "-", "-": "+"}

Entries = Iterable[tuple[str, object]]


def one_slip(
    value: object, side: Side, sentence: Sentence, scope: Scope, entries: Entries
) -> Edit | None:
    """The edit with which the numbers put in are right, the first that there is."""
    known = list(entries)
    for edit, node in islice(_slips(value, side, sentence, scope, known), MOST):
        try:
            mended = reread(side, node, sentence, scope)
            found = put_in(value, mended, sentence, scope, known)
        except Problem:
            continue
        if found is not None and found.outcome.status in ACCEPTED:
            return edit
    return None


def _slips(
    value: object, side: Side, sentence: Sentence, scope: Scope, known: Sequence[tuple[str, object]]
) -> Iterator[tuple[Edit, Node]]:
    for node in walk(side.node):
        if isinstance(node, Binary) and node.operator in TURNED:
            edit = _turned(node, side)
            if edit is not None:
                yield edit, _with(side.node, node, replace(node, operator=edit.new))
    for number in literals(side.node):
        needed = _needed(value, number, side, sentence, scope)
        text = None if needed is None else _of_model(needed, number, known)
        if text is not None and text != number.text:
            other = replace(number, text=text, value=Fraction(text.replace(",", ".")))
            yield Edit(number.span, text), _with(side.node, number, other)


def _of_model(needed: Fraction, number: Numeral, known: Sequence[tuple[str, object]]) -> str | None:
    """The digits of the value of the model that is nearest to what is needed, if one is near.

    Whole numbers are of too many things.
    """
    sizes = [abs(fraction(v)) for _, v in known]
    near = min(sizes, key=lambda v: abs(v - needed), default=Fraction(0))
    if abs(near - needed) > NEAR * near or near.denominator == 1:
        return None
    places = max(_places(number), LEAST_PLACES)
    text = decimal_text(near, places, "," in number.text)
    return text.rstrip("0") if (near * 10**places).denominator == 1 else text


def _turned(node: Binary, side: Side) -> Edit | None:
    """The sign between two terms turned, where it is written as one character."""
    begin = side.node.span.start
    between = side.text[node.left.span.end - begin : node.right.span.start - begin]
    if between.count(node.operator) != 1:
        return None
    at = node.left.span.end + between.index(node.operator)
    return Edit(replace(node.span, start=at, end=at + 1), TURNED[node.operator])


def _places(number: Numeral) -> int:
    return len(number.text.replace(",", ".").partition(".")[2])


def _with(tree: Node, old: Node, new: Node) -> Node:
    if tree is old:
        return new
    return changed(tree, lambda n: _with(n, old, new)) if tree.below else tree


def _needed(
    value: object, number: Numeral, side: Side, sentence: Sentence, scope: Scope
) -> Fraction | None:
    """What a number that enters linearly would have to be, the others as they are shown."""
    at = [
        literal_value(side, sentence, scope, {number.span.start: number.value + k})
        for k in (0, 1, 2)
    ]
    if any(v is None for v in at):
        return None
    zero, one, two = (fraction(v) for v in at)
    slope = one - zero
    straight = abs(two - one - slope) <= EQUAL * max(abs(slope), abs(one))
    return number.value + (fraction(value) - zero) / slope if slope and straight else None
