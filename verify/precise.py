"""Fifty digits as a number type of the interpreter, where functions have no exact values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np

from derive.arithmetic import Array, Irrational, Numbers
from derive.rules import rule

DIGITS = 50
_MP = mpmath.MPContext()
_MP.dps = DIGITS + 10

MOST_BITS = 2**12
"""Functions of larger numbers would be computed with as many digits before the point."""

NOT_PRECISELY = (Irrational, ZeroDivisionError, ValueError, TypeError, OverflowError)
"""What evaluation raises where a value is irrational, infinite or not real."""


def _each(function: Callable[[Any], Any]) -> Any:
    return np.frompyfunc(function, 1, 1)


_XP = SimpleNamespace(
    where=np.where,
    real=lambda x: x,
    **{n: _each(getattr(_MP, n)) for n in ("exp", "log", "log10", "sqrt", "tanh", "sin", "cos")},
    log1p=_each(lambda x: _MP.log(1 + x)),
)


def _digits(value: Any) -> Any:
    if isinstance(value, Fraction | int | np.integer):
        exact = Fraction(int(value)) if isinstance(value, np.integer) else Fraction(value)
        return _MP.mpf(exact.numerator) / exact.denominator
    return _MP.mpf(value)


_many_digits = np.frompyfunc(_digits, 1, 1)


def _as_digits(values: Any) -> Array:
    out = np.empty(np.shape(values), dtype=object)
    out[...] = _many_digits(np.asarray(values, dtype=object))
    return out


def _apply_digits(function: str, arguments: tuple[Array, ...], live: Array | None) -> Array:
    *arrays, where = np.broadcast_arrays(*arguments, True if live is None else live)
    out = np.full(where.shape, _MP.mpf(1), dtype=object)
    given = [a[where] for a in arrays]
    if any(_MP.mag(value) > MOST_BITS for array in given for value in array):
        raise OverflowError(f"{function} of a number with more than {MOST_BITS} binary digits")
    out[where] = rule(function).numeric(_XP, *given)
    return out


FIFTY = Numbers(
    name=f"{DIGITS} digits",
    xp=np,
    asarray=_as_digits,
    constant=_digits,
    apply=_apply_digits,
    total=lambda array, axes: np.sum(array, axis=axes),
    limit=2**16,
)


def text_of(value: Any) -> str:
    """``3/4`` for a rational, else fifty significant digits."""
    if isinstance(value, Fraction | int):
        return str(value)
    return str(_MP.nstr(value, DIGITS))
