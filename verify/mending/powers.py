r"""Exponents that are off: ``v^{-1/2}`` for ``v^{-3/2}``, a square that a marked symbol lacks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.reading.surface import (
    Binary,
    Fraction_,
    Group,
    Name,
    Node,
    Numeral,
    Scripted,
    Unary,
)
from verify.mending.edit import Edit, typed


def exponents(node: Node, text: str) -> Iterator[Edit]:
    """One more or one less than the exponent that stands there, as a derivative changes it."""
    scripts = node.sup if isinstance(node, Name | Scripted) else ()
    power = rational(scripts[0]) if len(scripts) == 1 else None
    if power is None or (power.denominator == 1 and power > 0):
        return  # a whole number is a constant like any other
    braced = text[scripts[0].span.start - 1] == "{"
    for other in (power - 1, power + 1, power / 2, power * 2):
        if other not in (0, 1):
            new = _written(other, r"\frac" in typed(scripts[0], text))
            what = f"the exponent ${typed(scripts[0], text)}$ should be ${new}$"
            yield Edit(scripts[0].span, new if braced else f"{{{new}}}", what, 4)


def rational(node: Node) -> Fraction | None:
    """The number that an exponent is, ``None`` where it is none."""
    match node:
        case Numeral(value=value):
            return value
        case Unary("-", body):
            inner = rational(body)
            return None if inner is None else -inner
        case Group(body=body, bracket="(" | "{" | ""):
            return rational(body)
        case Fraction_(top=top, bottom=bottom) | Binary(operator="/", left=top, right=bottom):
            above, below = rational(top), rational(bottom)
            return above / below if above is not None and below else None
    return None


def _written(value: Fraction, stacked: bool) -> str:
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size.denominator == 1:
        return f"{sign}{size}"
    if stacked:
        return rf"{sign}\frac{{{size.numerator}}}{{{size.denominator}}}"
    return f"{sign}{size.numerator}/{size.denominator}"
