"""Residues are a field, by Python's own integers; ordered primes are ordered."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import isprime

from derive.residues import MERSENNE, ORDERED, ORDERED_TOO, Field, Pole

FIELDS = (MERSENNE, ORDERED, ORDERED_TOO)
fields = st.sampled_from(FIELDS)


@st.composite
def residues(draw: st.DrawFn, length: int = 5) -> tuple[Field, list[int], list[int]]:
    """A field and two lists of residues, the extreme ones among them often."""
    field = draw(fields)
    p = field.prime
    extreme = st.sampled_from([0, 1, 2, p - 1, p - 2, 2**31, 2**31 - 1, 2**30, 2**60])
    one = st.lists(st.integers(0, p - 1) | extreme, min_size=length, max_size=length)
    return field, draw(one), draw(one)


def array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.uint64)


def integers(values: np.ndarray) -> list[int]:
    return [int(v) for v in np.ravel(values)]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_the_modulus_is_prime_and_an_ordered_one_is_safe(field: Field) -> None:
    assert isprime(field.prime)
    assert 2**60 < field.prime < 2**61
    if field.ordered:
        assert isprime((field.prime - 1) // 2)


@given(residues())
def test_sums_and_products_are_those_of_integers(case: tuple[Field, list[int], list[int]]) -> None:
    field, a, b = case
    p, x, y = field.prime, array(a), array(b)
    pairs = list(zip(a, b, strict=True))
    assert integers(field.add(x, y)) == [(s + t) % p for s, t in pairs]
    assert integers(field.subtract(x, y)) == [(s - t) % p for s, t in pairs]
    assert integers(field.multiply(x, y)) == [s * t % p for s, t in pairs]
    assert integers(field.negative(x)) == [-s % p for s in a]
    assert int(field.total(x, (0,))) == sum(a) % p


@given(residues())
def test_the_laws_of_a_field(case: tuple[Field, list[int], list[int]]) -> None:
    field, a, b = case
    x, y, z = array(a), array(b), array(b[::-1])
    both = field.multiply(x, field.add(y, z))
    assert (both == field.add(field.multiply(x, y), field.multiply(x, z))).all()
    nonzero = np.where(x == 0, np.uint64(7), x)
    assert (field.multiply(nonzero, field.inverse(nonzero)) == 1).all()


@given(fields, st.integers(-50, 2**61), st.integers(1, 2**61 - 1))
def test_powers(field: Field, exponent: int, base: int) -> None:
    p = field.prime
    base = base % p or 1
    few, many = array([base]), array([base] * 40)
    wanted = pow(base, exponent, p)
    assert integers(field.power(few, exponent)) == [wanted]
    assert integers(field.power(many, exponent)) == [wanted] * 40


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_large_arrays_go_in_blocks_and_broadcast(field: Field) -> None:
    rng = np.random.default_rng(0)
    a, b = field.draw(rng, (300, 1)), field.draw(rng, (1, 200))
    whole = field.multiply(a, b)
    assert whole.shape == (300, 200)
    for i, j in ((0, 0), (299, 199), (123, 77)):
        assert int(whole[i, j]) == int(a[i, 0]) * int(b[0, j]) % field.prime
    sums = field.total(whole, (1,))
    assert int(sums[5]) == sum(integers(whole[5])) % field.prime
    inverses = field.inverse(whole)
    assert (field.multiply(whole, inverses) == 1).all()


@given(fields, st.fractions())
def test_rationals_have_residues(field: Field, value: Fraction) -> None:
    residue = int(field.constant(value))
    assert residue * value.denominator % field.prime == value.numerator % field.prime


def test_arrays_of_integers_fractions_and_doubles_are_taken_exactly() -> None:
    p = ORDERED.prime
    assert integers(ORDERED.asarray(np.array([-1, 0, 5]))) == [p - 1, 0, 5]
    quarter = int(ORDERED.constant(Fraction(1, 4)))
    objects = np.array([Fraction(1, 4)], dtype=object)
    assert integers(ORDERED.asarray(np.array([0.25]))) == [quarter]
    assert integers(ORDERED.asarray(objects)) == [quarter]
    kept = array([p - 1])
    assert ORDERED.asarray(kept) is kept


def test_a_zero_denominator_is_a_pole() -> None:
    for operation in (
        lambda: MERSENNE.inverse(array([3, 0])),
        lambda: MERSENNE.power(array([0]), -1),
        lambda: MERSENNE.constant(Fraction(1, MERSENNE.prime)),
        lambda: ORDERED.root(array([0]), Fraction(-1, 2)),
    ):
        with pytest.raises(Pole):
            operation()


ordered = st.sampled_from((ORDERED, ORDERED_TOO))


@given(ordered, st.integers(1, 40), st.integers(1, 40))
def test_small_positive_rationals_are_positive_and_their_opposites_are_not(
    field: Field, top: int, bottom: int
) -> None:
    value = Fraction(top, bottom)
    assert integers(field.sign(field.asarray([value]))) == [1]
    assert [int(s) for s in field.sign(field.asarray([-value]))] == [-1]


@given(residues())
def test_signs_multiply(case: tuple[Field, list[int], list[int]]) -> None:
    _, a, b = case
    x, y = (ORDERED.asarray(np.array(v, dtype=object)) for v in (a, b))
    assert (ORDERED.sign(ORDERED.multiply(x, y)) == ORDERED.sign(x) * ORDERED.sign(y)).all()
    assert (ORDERED.sign(ORDERED.negative(x)) == -ORDERED.sign(x)).all()
    assert ((ORDERED.sign(x) == 0) == (x == 0)).all()


exponents = st.fractions(min_value=-3, max_value=3, max_denominator=5).filter(bool)


@given(ordered, exponents, exponents, st.integers(2, 2**60), st.integers(2, 2**60))
def test_roots_of_squares_obey_the_laws_of_powers(
    field: Field, s: Fraction, t: Fraction, a: int, b: int
) -> None:
    x, y = (field.multiply(array([v]), array([v])) for v in (a, b))
    whole = field.root(x, s + t) if s + t else np.ones_like(x)
    assert (field.multiply(field.root(x, s), field.root(x, t)) == whole).all()
    product = field.multiply(field.root(x, s), field.root(y, s))
    assert (product == field.root(field.multiply(x, y), s)).all()
    assert (field.root(field.root(x, s), t) == field.root(x, s * t)).all()
    assert (field.power(field.root(x, s), s.denominator) == field.power(x, s.numerator)).all()


def test_what_is_no_square_has_no_root() -> None:
    one = next(array([n]) for n in count(41) if int(ORDERED.sign(array([n]))[0]) < 0)
    with pytest.raises(Pole):
        ORDERED.root(one, Fraction(1, 2))
