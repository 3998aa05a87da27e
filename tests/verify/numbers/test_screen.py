"""Roundings in doubles are those of exact numbers, ties and finite decimals included."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.numbers import rounding, screen

thousandths = st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 1000))


@given(thousandths, st.integers(0, 4))
def test_decimals_are_rounded_as_exact_numbers_are(value: Fraction, digits: int) -> None:
    near = screen.rounded(np.array([float(value)]), digits)
    assert near[0] == pytest.approx(float(rounding.rounded(value, digits)), abs=1e-9)


@given(thousandths, st.integers(0, 4))
def test_decimals_are_cut_off_as_exact_numbers_are(value: Fraction, digits: int) -> None:
    near = screen.truncated(np.array([float(value)]), digits)
    assert near[0] == pytest.approx(float(rounding.truncated(value, digits)), abs=1e-9)


def test_a_sum_of_decimals_is_taken_for_the_decimal_that_it_is() -> None:
    assert screen.truncated(np.array([0.1 + 0.2, 0.7 + 0.1]), 1).tolist() == [0.3, 0.8]
