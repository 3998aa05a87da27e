"""Numbers of fifty digits for the interpreter, where no rational value exists.

Rationals stay rationals: a value becomes an `mpf` only where a function needs it. Zero times
infinity is zero, as the limit of ``y log y`` is; the values say where that was used.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from derive.arithmetic import Array, Numbers
from derive.errors import IllFormed, LimitExceeded
from derive.rules import RULES, rule
from verify.numbers.rounding import DIGITS

LIMIT = 2**18
"""Most terms of one expression that are evaluated with so many digits."""
LARGEST = 10**5
"""Exponents, and bits of exact powers, beyond this have no digits to compare."""


class _Real:
    """The functions that `derive.rules` asks of an array namespace, of one number at a time."""

    @staticmethod
    def real(x: Any) -> Any:
        return x

    @staticmethod
    def where(condition: Any, x: Any, y: Any) -> Any:
        return x if condition else y

    @staticmethod
    def exp(x: Any) -> Any:
        value = real(x)
        if abs(value) > LARGEST:
            raise LimitExceeded(f"the exponential of {mpmath.nstr(value, 6)}")
        return mpmath.exp(value)

    @staticmethod
    def log(x: Any) -> Any:
        return _logarithm(x, mpmath.log)

    @staticmethod
    def log10(x: Any) -> Any:
        return _logarithm(x, mpmath.log10)

    @staticmethod
    def log1p(x: Any) -> Any:
        return mpmath.log1p(real(x))

    @staticmethod
    def tanh(x: Any) -> Any:
        return mpmath.tanh(real(x))

    @staticmethod
    def sqrt(x: Any) -> Any:
        value = real(x)
        return mpmath.sqrt(value) if value >= 0 else mpmath.nan

    @staticmethod
    def sin(x: Any) -> Any:
        return mpmath.sin(real(x))

    @staticmethod
    def cos(x: Any) -> Any:
        return mpmath.cos(real(x))


def _logarithm(x: Any, function: Callable[[Any], Any]) -> Any:
    value = real(x)
    if value == 0:
        return -mpmath.inf
    return function(value) if value > 0 else mpmath.nan


def real(value: Any) -> mpmath.mpf:
    """Any number as one of `DIGITS` digits."""
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return mpmath.mpf(value)


def _exact(value: Any) -> Any:
    if isinstance(value, Fraction | mpmath.mpf):
        return value
    return Fraction(int(value)) if float(value).is_integer() else Fraction(float(value))


def _product(a: Any, b: Any) -> Any:
    if a == 0 or b == 0:
        return Fraction(0)
    both = isinstance(a, Fraction) and isinstance(b, Fraction)
    return a * b if both else real(a) * real(b)


def _sum(a: Any, b: Any) -> Any:
    both = isinstance(a, Fraction) and isinstance(b, Fraction)
    return a + b if both else real(a) + real(b)


def _objects(values: Any) -> Array:
    given = np.asarray(values, dtype=object)
    out = np.empty(given.shape, dtype=object)
    out[...] = np.frompyfunc(_exact, 1, 1)(given)
    return out


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, Fraction) and getattr(exponent, "denominator", 0) == 1:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if bits * abs(int(exponent)) > LARGEST:
            raise LimitExceeded("a power with too many digits")
        if base == 0 and exponent < 0:
            return mpmath.nan
        return base ** int(exponent)
    value = real(base)
    if value == 0 and exponent > 0:
        return Fraction(0)
    if value <= 0 and exponent != int(exponent):
        return mpmath.nan
    return value ** real(exponent) if value else mpmath.nan


class Generic(IllFormed):
    """A function of which only the derivatives are known was to be evaluated."""


def _apply(function: str, arguments: tuple[Array, ...], live: Array | None) -> Array:
    known = rule(function)
    if function not in RULES:
        raise Generic(function.rstrip("_'"))

    def one(*values: Any) -> Any:
        if not values[-1]:
            return Fraction(0)
        if function == "pow":
            return _power(*values[:-1])
        if any(v - v != 0 for v in values[:-1]):
            return mpmath.nan
        return known.numeric(_Real, *values[:-1])

    with mpmath.workdps(DIGITS):
        items = np.broadcast_arrays(*arguments, True if live is None else live)
        out = np.frompyfunc(one, len(items), 1)(*items)
    return out if isinstance(out, np.ndarray) else _scalar(out)


def _scalar(value: Any) -> Array:
    out = np.empty((), dtype=object)
    out[()] = value
    return out


def _broadcast(operation: Callable[[Any, Any], Any]) -> Callable[[Array, Array], Array]:
    ufunc = np.frompyfunc(operation, 2, 1)

    def of(a: Array, b: Array) -> Array:
        with mpmath.workdps(DIGITS):
            out = ufunc(a, b)
        return out if isinstance(out, np.ndarray) else _scalar(out)

    return of


_ADD = _broadcast(_sum)


def _total(array: Array, axes: tuple[int, ...]) -> Array:
    for axis in sorted(axes, reverse=True):
        items = np.moveaxis(np.asarray(array, dtype=object), axis, 0)
        total = _objects(np.zeros(items.shape[1:], dtype=int))
        for item in items:
            total = _ADD(total, item)
        array = total
    return array


PRECISE = Numbers(
    name=f"{DIGITS} digits",
    xp=np,
    asarray=_objects,
    constant=lambda q: q,
    apply=_apply,
    total=_total,
    add=_ADD,
    multiply=_broadcast(_product),
    dense=LIMIT,
    limit=LIMIT,
)
