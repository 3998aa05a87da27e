"""Sums and differences of two exponentials, as sigmoid functions are typed."""

from __future__ import annotations

from fractions import Fraction

from derive.expr import ZERO, Add, Apply, Expr, Number, product


def exponents(expr: Add, sign: int) -> tuple[Expr, Expr] | None:
    """``(a, b)`` of ``exp(a) + sign exp(b)``, where 1 is the exponential of 0."""
    if len(expr.terms) != 2:
        return None
    first, second = expr.terms
    if sign < 0 and _exponent(first) is None:
        first, second = second, first
    a, b = _exponent(first), _exponent(product(Number(Fraction(sign)), second))
    return (a, b) if a is not None and b is not None else None


def _exponent(expr: Expr) -> Expr | None:
    match expr:
        case Number(one) if one == 1:
            return ZERO
        case Apply("exp", (x,)):
            return x
    return None
