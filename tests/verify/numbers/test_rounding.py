"""Digits shown against exact values: rounded, cut off, off by one, wrong."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from hypothesis import given
from hypothesis import strategies as st

from derive.reading.shown import Shown
from verify.numbers.conditions import simplest
from verify.numbers.precision import PRECISE
from verify.numbers.rounding import DIGITS, Fit, decimal_text, fit, rounded, truncated

VALUES = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)
PLACES = st.integers(min_value=1, max_value=8)


def shown(value: Fraction, places: int) -> Shown:
    return Shown(value, places, "")


@given(VALUES, PLACES)
def test_a_rounded_value_is_right(value: Fraction, places: int) -> None:
    found = fit(value, shown(rounded(value, places), places))
    assert found in (Fit.EXACT, Fit.ROUNDED)


@given(st.integers(-(10**6), 10**6), PLACES)
def test_a_tie_may_go_either_way(whole: int, places: int) -> None:
    unit = Fraction(1, 10**places)
    value = whole * unit + unit / 2
    assert fit(value, shown(whole * unit, places)) is Fit.ROUNDED
    assert fit(value, shown((whole + 1) * unit, places)) is Fit.ROUNDED


@given(VALUES, PLACES)
def test_a_value_that_is_cut_off_is_told_apart(value: Fraction, places: int) -> None:
    found = fit(value, shown(truncated(value, places), places))
    near = abs(truncated(value, places) - value) * 2 <= Fraction(1, 10**places)
    assert (found in (Fit.EXACT, Fit.ROUNDED)) is near
    assert near or found is Fit.TRUNCATED


@given(VALUES, PLACES, st.integers(2, 50))
def test_two_units_away_is_wrong(value: Fraction, places: int, units: int) -> None:
    off = rounded(value, places) + Fraction(units, 10**places)
    found = fit(value, shown(off, places))
    assert found in (Fit.WRONG, Fit.SINGLE, *((Fit.LAST_DIGIT,) if units < 3 else ()))


@given(VALUES, PLACES)
def test_the_text_of_a_value_reads_as_its_rounding(value: Fraction, places: int) -> None:
    assert Fraction(decimal_text(value, places)) == rounded(value, places)
    assert "," in decimal_text(Fraction(1, 4), 2, comma=True)


@given(VALUES, st.fractions(min_value=Fraction(1, 10**6), max_value=1))
def test_the_simplest_decimal_lies_between_the_bounds(low: Fraction, width: Fraction) -> None:
    found = simplest(low, low + width)
    assert found is None or low <= found <= low + width


def test_fifty_digits_where_rationals_do_not_suffice() -> None:
    value = PRECISE.apply("log", (PRECISE.asarray(Fraction(2)),), None).item()
    with mpmath.workdps(DIGITS):
        assert value == mpmath.log(2)
    assert PRECISE.apply("relu", (PRECISE.asarray(Fraction(-1, 3)),), None).item() == 0


def test_zero_times_infinity_is_the_limit_of_y_log_y() -> None:
    infinite = PRECISE.apply("log", (PRECISE.asarray(Fraction(0)),), None)
    assert PRECISE.multiply(PRECISE.asarray(Fraction(0)), infinite).item() == 0
