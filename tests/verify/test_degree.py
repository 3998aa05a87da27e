"""Degrees are bounds: never below the true degree, and exact where nothing cancels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Poly, Rational, fraction, symbols, together

from derive.equations import Equation
from derive.expr import Apply, Expr, Number, Summation, add, number, power, product, quotient
from derive.index import axis
from derive.residues import MERSENNE
from tests.models import at
from tests.verify.exactly import trials_of
from tests.verify.layers import rectified
from verify.coverage import Coverage
from verify.degree import Chance, Degree, Degrees
from verify.subject import Law

x, y = at("x"), at("y")
X, Y = symbols("x y")


def rational_functions() -> st.SearchStrategy[tuple[Expr, Any]]:
    """A core expression in x and y and the same in SymPy."""
    leaves = st.sampled_from([(x, X), (y, Y), (number("2/3"), Rational(2, 3))])

    def extend(inner: st.SearchStrategy[tuple[Expr, Any]]) -> st.SearchStrategy:
        two = st.tuples(inner, inner)
        return st.one_of(
            two.map(lambda p: (add(p[0][0], p[1][0]), p[0][1] + p[1][1])),
            two.map(lambda p: (product(p[0][0], p[1][0]), p[0][1] * p[1][1])),
            inner.map(lambda p: (power(p[0], 2), p[1] ** 2)),
            inner.map(
                lambda p: (quotient(number(1), add(power(p[0], 2), number(1))), 1 / (p[1] ** 2 + 1))
            ),
        )

    return st.recursive(leaves, extend, max_leaves=5)


@given(rational_functions())
def test_the_degree_of_a_rational_function_is_no_more_than_said(
    pair: tuple[Expr, Any],
) -> None:
    expr, true = pair
    said = Degrees((), (expr,)).of(expr, ())
    top, bottom = fraction(together(true))
    for part, bound in ((top, said.top), (bottom, said.bottom)):
        degree = Poly(part, X, Y).total_degree()
        assert degree <= bound or degree == -np.inf


def test_sums_of_fractions_have_the_product_of_their_denominators() -> None:
    i, j = axis("i", 1, 5), axis("j", 1, 3)
    apart = Summation((i,), power(at("x", i), -1))
    assert Degrees((), (apart,)).of(apart, ()) == Degree(4, 5)
    common = Summation((j,), product(at("x", j), power(at("y"), -1)))
    assert Degrees((), (common,)).of(common, ()) == Degree(1, 1)


def test_a_function_that_stands_alone_is_a_variable_itself() -> None:
    alone = Apply("logistic", (x,))
    beside = add(alone, Apply("exp", (x,)))
    assert Degrees((), (alone,)).of(alone, ()) == Degree(1)
    assert Degrees((), (beside,)).of(alone, ()) == Degree(1, 1)


def test_definitions_are_followed_and_every_pair_of_atoms_counts() -> None:
    i = axis("i", 1, 10)
    z = Equation("z", (i,), product(at("W", i), at("x", i), number(3)))
    s = Equation("s", (i,), Apply("logistic", (at("z", i),)))
    degrees = Degrees((z, s), ())
    assert degrees.known["z"] == Degree(2)
    assert degrees.known["s"] == Degree(1)
    chance = degrees.chance(at("s", i), product(at("z", i), at("s", i)), (i,))
    assert chance == Chance(3, 45 * 2, 0)
    assert chance.error(101) == 1.0
    assert chance.error(MERSENNE.prime) == pytest.approx(2 * 94 / MERSENNE.prime)


def test_degrees_beyond_all_bounds_say_that_nothing_is_proved() -> None:
    deep: Expr = add(x, Number(Fraction(1)))
    for _ in range(200):
        deep = Apply("pow", (deep, number(2)))
    degree = Degrees((), ()).of(deep, ())
    assert degree.top == 2**200
    assert Chance(degree.top, 0, 3).error(MERSENNE.prime) == 1.0


def test_coverage_counts_every_value_of_every_mask() -> None:
    trials = trials_of(rectified().model)
    coverage = Coverage()
    assert (coverage.masks, coverage.least) == (0, 0)
    drawn = trials.trials(frozenset({Law.ORDER}))
    for _ in range(12):
        coverage.see(next(drawn).choices)
    assert coverage.masks == 5
    assert coverage.least >= 1
    assert str(coverage) == "5 of 5 masks took every value"
