"""Indices are a ring of polynomials affine in the axes, and what is said of their sign is true."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.index import Axis, Index, Size, Symbol, axis, greatest, least, surely_nonnegative
from derive.polyhedra import follows, minimal
from derive.radix import digits

J, K, U = axis("j", 1, 4), axis("k", 0, 3), axis("u", -2, 2)
P = Size("P")
SMALL = st.integers(-4, 4)


@st.composite
def indices(draw: st.DrawFn) -> Index:
    terms = (draw(SMALL) * Index.of(a) for a in (J, K, U))
    return sum(terms, Index.of(draw(SMALL)))


def values(index: Index) -> list[int]:
    """All values over the ranges of J, K and U."""
    ranges = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in (J, K, U)]
    points: Iterator[dict[Symbol, int]] = (
        dict(zip((J, K, U), p, strict=True)) for p in itertools.product(*ranges)
    )
    return [index.evaluate(point.__getitem__) for point in points]


@given(indices(), indices(), SMALL)
def test_arithmetic_is_that_of_the_values(a: Index, b: Index, n: int) -> None:
    assert values(a + b) == [x + y for x, y in zip(values(a), values(b), strict=True)]
    assert values(n * a - b) == [n * x - y for x, y in zip(values(a), values(b), strict=True)]
    assert a - a == Index.of(0)


@given(indices())
def test_least_and_greatest_are_attained(index: Index) -> None:
    low, high = least(index), greatest(index)
    assert low is not None
    assert high is not None
    assert (low.value, high.value) == (min(values(index)), max(values(index)))
    assert surely_nonnegative(index) == (min(values(index)) >= 0)


def test_two_axes_with_one_name_differ() -> None:
    assert axis("j", 1, 4) != axis("j", 1, 4)
    assert Index.of(J) - axis("j", 1, 4) != Index.of(0)


def test_a_product_of_axes_is_refused() -> None:
    with pytest.raises(ValueError, match="not affine"):
        Index.of(J) * K


def test_signs_hold_for_all_admissible_sizes() -> None:
    k = Size("K", least=0)
    assert surely_nonnegative(Index.of(P) - 1)
    assert not surely_nonnegative(Index.of(k) - 1)
    assert surely_nonnegative(Index.of(P) * P - P)
    assert not surely_nonnegative(P - Index.of(k))


@given(indices(), indices(), indices())
def test_what_follows_does_follow(goal: Index, one: Index, two: Index) -> None:
    ranges = [g for a in (J, K, U) for g in (Index.of(a) - a.lo, a.hi - Index.of(a))]
    if follows(goal, [one, two, *ranges]):
        rows = zip(values(goal), values(one), values(two), strict=True)
        assert all(g >= 0 for g, a, b in rows if a >= 0 and b >= 0)


@given(st.lists(indices(), max_size=4))
def test_minimal_constraints_say_the_same(constraints: list[Index]) -> None:
    kept = minimal(constraints, [])
    assert len(kept) <= len(set(constraints))
    alive = [all(r >= 0 for r in row) for row in zip(*map(values, constraints), strict=True)]
    still = [all(r >= 0 for r in row) for row in zip(*map(values, kept), strict=True)]
    assert not kept or alive == still


@given(st.integers(2, 5), st.integers(2, 5), st.integers(1, 4), st.integers(-1, 1))
def test_equal_mixed_radix_numbers_have_equal_digits(h: int, w: int, n: int, lo: int) -> None:
    def number(q: Axis, i: Axis, j: Axis) -> Index:
        return h * w * Index.of(q) + h * Index.of(j) + i

    def axes() -> tuple[Axis, Axis, Axis]:
        return axis("q", lo, lo + n), axis("i", lo, lo + h - 1), axis("j", lo, lo + w - 1)

    one, two = axes(), axes()
    split = digits(number(*one) - number(*two))
    assert {frozenset(d.axes) for d in split} == {frozenset(p) for p in zip(one, two, strict=True)}


def test_digits_of_symbolic_sides_split_too() -> None:
    n, m = Size("N"), Size("M")
    one = (axis("i", 1, n), axis("j", 1, m))
    two = (axis("i", 1, n), axis("j", 1, m))
    flat = [Index.of(n) * (Index.of(j) - 1) + i for i, j in (one, two)]
    assert len(digits(flat[0] - flat[1])) == 2


def test_a_number_whose_digits_overlap_does_not_split() -> None:
    a, b = axis("a", 0, 3), axis("b", 0, 3)
    assert digits(3 * Index.of(a) - b) == (3 * Index.of(a) - b,)
