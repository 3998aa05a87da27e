"""The derivative of one element: what SymPy says it is, and in one form however it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from derive.adjoint import fresh_axes
from derive.canonical import equal
from derive.element import element_derivative
from derive.equations import Equation, Model
from derive.expr import (
    ONE,
    ZERO,
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    Winner,
    add,
    negative,
    number,
    power,
    product,
    summation,
    walk,
)
from derive.index import Index, axis
from derive.reading.catalogue import model_names
from derive.reading.sheet import load_model
from tests.derive.in_sympy import slope_by_sympy, without_brackets
from tests.models import at
from tests.strategies import models

i, t = axis("i", 1, 5), axis("t", 1, 5)
X = at("x", i)


def slope(rhs: Expr) -> Expr:
    """d rhs / d x[t] in an equation over i."""
    return element_derivative(Equation("y", (i,), rhs), "x", (t,))


def here(*factors: Expr) -> Expr:
    """What stands beside the delta that compares i with t."""
    return product(Delta(Index.of(t) - i), *factors)


def same(left: Expr, right: Expr) -> bool:
    return equal(left, right, (i, t))


def agrees_with_sympy(model: Model) -> None:
    for equation in model.equations:
        if any(isinstance(node, Winner) for node in walk(equation.rhs)):
            continue
        plain = replace(equation, rhs=without_brackets(equation.rhs))
        for name in equation.reads:
            places = fresh_axes(model, name)
            by = Access(name, tuple(map(Index.of, places)))
            free = (*equation.axes, *places)
            ours = element_derivative(plain, name, places)
            assert equal(ours, slope_by_sympy(plain.rhs, by), free)


@given(models())
def test_every_slope_is_what_sympy_says(model: Model) -> None:
    agrees_with_sympy(model)


@pytest.mark.long
@pytest.mark.parametrize("name", model_names())
def test_every_slope_of_a_built_in_model_is_what_sympy_says(name: str) -> None:
    agrees_with_sympy(load_model(name))


@pytest.mark.parametrize(
    ("rhs", "expected"),
    [
        (product(X, X), here(number(2), X)),
        (power(X, 3), here(number(3), power(X, 2))),
        (power(X, -1), here(number(-1), power(X, -2))),
        (Apply("tanh", (X,)), here(add(ONE, negative(power(Apply("tanh", (X,)), 2))))),
        (Apply("f", (X,)), here(Apply("f'", (X,)))),
        (Apply("pow", (at("c"), X)), here(Apply("pow", (at("c"), X)), Apply("log", (at("c"),)))),
        (Apply("maximum", (X, at("c"))), here(Apply("step", (add(X, negative(at("c"))),)))),
        (product(Guard(3 - Index.of(i)), X), here(Guard(3 - Index.of(i)))),
    ],
    ids=["square", "cube", "reciprocal", "tanh", "generic", "exponent", "maximum", "guarded"],
)
def test_rules_one_by_one(rhs: Expr, expected: Expr) -> None:
    assert same(slope(rhs), expected)


@pytest.mark.parametrize("rhs", [ONE, at("c"), at("z", i), Apply("step", (X,))], ids=str)
def test_what_does_not_depend_on_it_has_no_slope(rhs: Expr) -> None:
    assert same(slope(rhs), ZERO)


def test_a_sum_at_its_own_index_is_not_kept_silently() -> None:
    j = axis("j", 1, 5)
    assert same(slope(summation((j,), power(at("x", j), 2))), product(number(2), at("x", t)))


def test_a_mask_is_constant() -> None:
    u = axis("u", 1, 5)
    mask = Winner((u,), (Index.of(i),), at("x", u))
    assert [type(n) for n in walk(slope(product(mask, X))) if isinstance(n, Winner)] == [Winner]
    assert slope(mask) == ZERO


def test_equal_terms_and_factors_are_gathered_also_under_sums() -> None:
    j, k = axis("j", 1, 5), axis("j", 1, 5)
    squares = [summation((a,), power(at("x", a), 2)) for a in (j, k)]
    gathered = slope(add(*squares))
    assert sum(isinstance(node, Summation) for node in walk(gathered)) == 1
    assert same(gathered, product(number(4), at("x", t)))


def test_bound_axes_are_never_shared() -> None:
    j = axis("j", 1, 5)
    whole = summation((j,), Apply("exp", (at("x", j),)))
    bound = [a for n in walk(slope(power(whole, -1))) if isinstance(n, Summation) for a in n.axes]
    assert len(set(bound)) == len(bound) == 2
