r"""The decimal comma: ``0,25`` is one number where no list of indices or arguments is written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.errors import IllFormed
from derive.reading.surface import Node, Numeral, Span, Unary
from derive.reading.tokens import Word


def ends_decimal(before: list[Word], word: Word, after: list[Word]) -> bool:
    r"""Is ``word`` the decimals of the number that stands two words before it?

    Without a space on either side of the comma, and not within ``1,2,3`` or ``1,2,\dots``.
    """
    if len(before) < 2:
        return False
    whole, comma = before[-2:]
    return (
        whole.kind == "NUMBER"
        and (comma.kind, comma.text) == ("COMMA", ",")
        and whole.end == comma.start
        and comma.end == word.start
        and whole.text.isdigit()
        and word.text.isdigit()
        and not _goes_on(word, after)
        and not _began_before(before)
    )


def _goes_on(word: Word, after: list[Word]) -> bool:
    if len(after) < 2 or after[0].kind != "COMMA":
        return False
    return after[1].kind == "DOTS" or (after[1].kind == "NUMBER" and after[1].start == after[0].end)


def _began_before(before: list[Word]) -> bool:
    return len(before) > 2 and before[-3].kind == "COMMA" and before[-3].end == before[-2].start


def decimal_exponent(items: tuple[Node, ...]) -> tuple[Node, ...]:
    r"""The items above a symbol, ``-0,5`` as one number where nothing but a comma parts its two."""
    if len(items) != 2:
        return items
    whole, part = items
    sign = whole.body if isinstance(whole, Unary) else whole
    if not (isinstance(sign, Numeral) and isinstance(part, Numeral)):
        return items
    touch = part.span.start == sign.span.end + 1
    if not touch or not sign.text.isdigit() or not part.text.isdigit():
        return items
    span = Span(sign.span.start, part.span.end)
    text = f"{sign.text},{part.text}"
    number = Numeral(text, Fraction(f"{sign.text}.{part.text}"), span=span)
    if isinstance(whole, Unary):
        return (replace(whole, body=number, span=Span(whole.span.start, part.span.end)),)
    return (number,)


def one_exponent(items: tuple[Node, ...]) -> Node:
    """The exponent that ``items`` are. Raises `IllFormed` for a list."""
    exponent, *more = decimal_exponent(items)
    if more:
        raise IllFormed("an exponent that is a list", offset=more[0].span.start)
    return exponent
