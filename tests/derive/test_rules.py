"""Every entry of the catalogue against numerical differentiation of its own forward formula."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as pairs
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from derive.evaluate import AUTOGRAD, EXACT, evaluate
from derive.expr import ZERO, Access, Apply, Expr, Number, number, product, walk
from derive.rules import RULES, derivative, rule

EPS = float(np.finfo(np.float64).eps)
POINTS = {
    "log": (0.3, 1.0, 7.5),
    "log10": (0.3, 1.0, 7.5),
    "sqrt": (0.3, 1.0, 7.5),
}
EVERYWHERE = (-2.5, -0.75, 0.0, 0.4, 3.0)
NAMES = [*sorted(RULES), "f", "f'", "g"]
X = (Access("x", ()), Access("y", ()))


def value(expr: Expr, *at: float | complex) -> Any:
    env = {"x": np.asarray(at[0]), "y": np.asarray(at[-1])}
    return evaluate(expr, (), env, {"x": (), "y": ()}).item()


def points(name: str) -> list[tuple[float, ...]]:
    if name == "pow":
        return [(0.4, -1.5), (2.0, 3.0), (1.5, 0.0)]
    return list(pairs(POINTS.get(name, EVERYWHERE), repeat=rule(name).arity))


@pytest.mark.parametrize("name", NAMES)
def test_derivative_is_that_of_automatic_differentiation_kinks_and_ties_included(name: str) -> None:
    arity = rule(name).arity
    expr = Apply(name, X[:arity])

    def forward(*at: float) -> Any:
        env = {"x": anp.array(at[0]), "y": anp.array(at[-1])}
        return evaluate(expr, (), env, {"x": (), "y": ()}, number=AUTOGRAD).reshape(())

    for at, position in pairs(points(name), range(arity)):
        ours = value(derivative(name, expr.arguments, position), *at)
        theirs = autograd.grad(forward, position)(*at)
        assert ours == pytest.approx(theirs, rel=32 * EPS, abs=32 * EPS), at


@pytest.mark.parametrize("name", [n for n in NAMES if rule(n).analytic])
def test_derivative_of_an_analytic_function_is_the_complex_step(name: str) -> None:
    arity = rule(name).arity
    expr = Apply(name, X[:arity])
    for at, position in pairs(points(name), range(arity)):
        stepped = [a + 1e-30j * (n == position) for n, a in enumerate(at)]
        step = complex(value(expr, *stepped)).imag / 1e-30
        ours = value(derivative(name, expr.arguments, position), *at)
        assert ours == pytest.approx(step, rel=32 * EPS, abs=32 * EPS), at


@pytest.mark.parametrize("name", [n for n in NAMES if not rule(n).analytic])
def test_a_kinked_function_says_where_its_kink_is_and_what_was_chosen(name: str) -> None:
    assert rule(name).switch is not None
    assert rule(name).convention


@pytest.mark.parametrize("name", [n for n in NAMES if rule(n).rational and n != "pow"])
def test_rational_arguments_give_rational_values(name: str) -> None:
    env = {"x": EXACT.asarray(Fraction(-1, 3)), "y": EXACT.asarray(Fraction(2, 7))}
    expr = Apply(name, X[: rule(name).arity])
    exact = evaluate(expr, (), env, {"x": (), "y": ()}, number=EXACT).item()
    assert isinstance(exact, Fraction)
    assert float(exact) == pytest.approx(value(expr, -1 / 3, 2 / 7), rel=32 * EPS)


def test_logistic_neither_overflows_nor_loses_its_tails() -> None:
    with np.errstate(over="raise"):
        assert value(Apply("logistic", X[:1]), 1000.0) == 1
        assert value(Apply("logistic", X[:1]), -40.0) == pytest.approx(np.exp(-40), rel=4 * EPS)
        assert value(Apply("softplus", X[:1]), -40.0) == pytest.approx(np.exp(-40), rel=4 * EPS)
        assert value(Apply("softplus", X[:1]), 1000.0) == 1000


@pytest.mark.parametrize(
    "name", ["relu", "leaky_relu", "abs", "sign", "step", "maximum", "minimum"]
)
def test_nan_goes_in_and_comes_out_and_infinity_is_a_number(name: str) -> None:
    expr = Apply(name, X[: rule(name).arity])
    assert np.isnan(value(expr, np.nan, 1.0))
    assert np.isnan(value(expr, 1.0, np.nan)) or rule(name).arity == 1
    assert not np.isnan(value(expr, -np.inf, 1.0))


def test_derivatives_of_generic_functions_are_primed() -> None:
    assert derivative("f", X[:1], 0) == Apply("f'", X[:1])
    assert derivative("f'", X[:1], 0) == Apply("f''", X[:1])
    assert value(Apply("f", X[:1]), 0.5) != value(Apply("g", X[:1]), 0.5)


def test_a_constant_power_has_a_rational_derivative() -> None:
    assert derivative("pow", (X[0], number(2)), 0) == product(number(2), X[0])
    no_log = derivative("pow", (X[0], Number(Fraction(-3))), 0)
    assert not any(isinstance(n, Apply) and n.function == "log" for n in walk(no_log))
    assert derivative("pow", (X[0], ZERO), 0) == ZERO


def test_the_wrong_number_of_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tanh takes 1 argument\(s\), not 2"):
        derivative("tanh", X, 0)
