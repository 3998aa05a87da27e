"""Whether a displayed number is right: the exact value, rounded to the digits shown, gives it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

from mpmath import mag, mpf
from mpmath.libmp import to_rational

from derive.errors import LimitExceeded
from derive.reading.shown import EXACT, Shown

Real = Any
"""A fraction, or an `mpf` of `DIGITS` digits."""
DIGITS = 50
"""Decimal digits of values that are no rationals; comparisons use fewer by `GUARD`."""
GUARD = 12


SINGLE_DIGITS = 7
SINGLE_ERROR = Fraction(16, 2**24)
"""More digits than single precision holds, and what a short computation in it may be off by."""


NEARLY_WHOLE = Fraction(1, 20)
"""How far from a value one whole digit may be: 1 does not stand for 0.547."""


MOST_BITS = 2**13
"""Binary digits before or behind the point of a value that is taken for a rational."""


class Fit(StrEnum):
    """How a displayed number relates to the exact value."""

    EXACT = "exact"
    ROUNDED = "rounded"
    TRUNCATED = "truncated"
    LAST_DIGIT = "last digit"
    SINGLE = "single precision"
    WRONG = "wrong"


class NotFinite(ValueError):
    """Infinity, or what is no number, has no digits."""


def fraction(value: Real) -> Fraction:
    """The rational that stands for ``value``, what is next to nothing for all that is less.

    Raises `NotFinite`, and `LimitExceeded` for what has thousands of digits.
    """
    if isinstance(value, mpf):
        if not value - value == 0:
            raise NotFinite(f"{value} is not finite")
        if value and mag(value) < -MOST_BITS:
            return Fraction(1 if value > 0 else -1, 1 << MOST_BITS)
        if mag(value) > MOST_BITS:
            raise LimitExceeded("a number with too many digits")
        return Fraction(*to_rational(value._mpf_))
    return Fraction(value)


def fit(value: Real, shown: Shown) -> Fit:
    """How ``shown`` relates to ``value``. A tie of rounding may go either way."""
    exact = fraction(value)
    blur = Fraction(0)
    if isinstance(value, mpf):
        blur = max(abs(exact), Fraction(1, 10**DIGITS)) / 10 ** (DIGITS - GUARD)
    apart = abs(exact - shown.value)
    if apart <= blur and not (isinstance(value, mpf) and apart):
        return Fit.EXACT
    if shown.places >= EXACT:
        return Fit.EXACT if apart <= blur else Fit.WRONG
    if shown.places <= 0 and abs(shown.value) < 10 and apart > NEARLY_WHOLE:
        return Fit.WRONG
    if apart <= shown.unit / 2 + blur:
        return Fit.ROUNDED
    if apart < shown.unit + blur:
        if shown.places <= 0:
            return Fit.WRONG
        shorter = abs(shown.value) < abs(exact) and shown.value * exact >= 0
        return Fit.TRUNCATED if shorter else Fit.LAST_DIGIT
    if digits_shown(shown) > SINGLE_DIGITS and apart <= abs(exact) * SINGLE_ERROR:
        return Fit.SINGLE
    near = shown.places > 0 and apart <= shown.unit * 3 / 2
    return Fit.LAST_DIGIT if near else Fit.WRONG


def digits_shown(shown: Shown) -> int:
    """How many significant digits a number shows."""
    return len(str(abs(int(shown.value / shown.unit)))) if shown.places < EXACT else 0


def rounded(value: Real, places: int) -> Fraction:
    """``value`` to so many decimals, ties to even."""
    scale = Fraction(10) ** places
    return Fraction(round(fraction(value) * scale)) / scale


def truncated(value: Real, places: int) -> Fraction:
    """``value`` cut off after so many decimals."""
    exact = fraction(value) * Fraction(10) ** places
    whole = floor(abs(exact))
    return Fraction(whole if exact >= 0 else -whole) / Fraction(10) ** places


def decimal_text(value: Real, places: int, comma: bool = False) -> str:
    """``value`` rounded to so many decimals, as one writes it."""
    exact = rounded(value, places)
    if places <= 0:
        return str(int(exact))
    digits = str(abs(int(exact * 10**places))).rjust(places + 1, "0")
    mark = "," if comma else "."
    sign = "-" if exact < 0 else ""
    return f"{sign}{digits[:-places]}{mark}{digits[-places:]}"
