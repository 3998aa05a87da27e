r"""Functions that are written through others: :math:`\cosh x = \frac12 (e^x + e^{-x})`.

They are read as what they stand for, so that nothing behind the reader has to know them: whatever
holds of exponentials and of sine and cosine holds of them too. Abramowitz and Stegun 1964, sections
4.3 and 4.5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from derive.expr import (
    Access,
    Apply,
    Expr,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    rewrite,
)
from derive.reading.differential import differential

_HALF = number("1/2")


def _of(name: str) -> Callable[[Expr], Expr]:
    return lambda x: Apply(name, (x,))


def _inverse(function: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    return lambda x: power(function(x), -1)


def _sinh(x: Expr) -> Expr:
    return product(_HALF, add(_EXP(x), negative(_EXP(negative(x)))))


def _cosh(x: Expr) -> Expr:
    return product(_HALF, add(_EXP(x), _EXP(negative(x))))


_EXP, _SIN, _COS = _of("exp"), _of("sin"), _of("cos")

COMPOSED: Mapping[str, Callable[[Expr], Expr]] = MappingProxyType(
    {
        "sinh": _sinh,
        "cosh": _cosh,
        "coth": _inverse(_of("tanh")),
        "sech": _inverse(_cosh),
        "csch": _inverse(_sinh),
        "tan": lambda x: quotient(_SIN(x), _COS(x)),
        "cot": lambda x: quotient(_COS(x), _SIN(x)),
        "sec": _inverse(_COS),
        "csc": _inverse(_SIN),
    }
)
"""What a function of the catalogue's name stands for, by its argument."""

_ARGUMENT = Access("argument of a composed function", ())


def composed(name: str, order: int, argument: Expr) -> Expr:
    """The function of this name, or its derivative of this order, at ``argument``."""
    found = COMPOSED[name](_ARGUMENT)
    for _ in range(order):
        found = differential(found, _ARGUMENT, None)
    return rewrite(found, lambda node: argument if node == _ARGUMENT else node)
