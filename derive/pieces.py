"""The parts of a printed product: what is drawn in front or below, and what stands between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.expr import ONE, Apply, Expr, Number, Product, Summation, power, product


@dataclass(frozen=True)
class Piece:
    """A printed factor and what kind it is, which decides what may stand beside it."""

    text: str
    kind: str  # number, gate, factor, group (in brackets), sum


def scaled(expr: Expr) -> tuple[Fraction, Expr]:
    """A rational and the rest; numbers are drawn out of sums, which display so."""
    if isinstance(expr, Number):
        return expr.value, ONE
    if isinstance(expr, Product) and isinstance(expr.factors[0], Number):
        return expr.factors[0].value, product(*expr.factors[1:])
    if isinstance(expr, Summation):
        scale, body = scaled(expr.body)
        return scale, Summation(expr.axes, body)
    return Fraction(1), expr


def reciprocal(factor: Expr) -> Expr | None:
    """What stands below the line: the base of a negative power."""
    match factor:
        case Apply("pow", (base, Number(n))) if n < 0:
            return power(base, -n)
    return None


def joined(pieces: Sequence[Piece]) -> str:
    """The texts with a dot, a space or nothing between two of them."""
    text = ""
    for before, piece in zip((None, *pieces), pieces, strict=False):
        text += _between(before, piece) + piece.text
    return text


def _between(before: Piece | None, piece: Piece) -> str:
    if before is None:
        return ""
    if before.kind == "gate":
        return r" \, "
    if before.kind == "number":
        return r" \cdot " if piece.text[0].isdigit() else " "
    if piece.kind == "sum" or (piece.kind == "group" and before.text.endswith(")")):
        return " "
    return r" \cdot "
