"""What is put into an expression before it meets residues keeps its value, in doubles too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.alpha import alpha_key
from derive.equations import Equation
from derive.evaluate import evaluate
from derive.exponents import LOGISTIC_OF_LOG, TANH_OF_LOG, with_exponents
from derive.expr import (
    ONE,
    Access,
    Apply,
    Expr,
    Guard,
    Number,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    rewrite,
    walk,
)
from derive.index import Index, axis
from derive.laws import exponent_of, with_masks, with_roots
from tests.models import at

N = 3
i = axis("i", 1, N)
u, v = at("u", i), at("v", i)
positive = Apply("exp", (v,))


def f(name: str, *arguments: Expr) -> Expr:
    return Apply(name, arguments)


def plain(expr: Expr) -> Expr:
    """The expression in functions that doubles know."""

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Apply):
            return node
        (e,) = node.arguments[:1]
        if node.function == LOGISTIC_OF_LOG:
            return quotient(e, add(ONE, e))
        if node.function == TANH_OF_LOG:
            return quotient(add(power(e, 2), number(-1)), add(power(e, 2), ONE))
        exponent = exponent_of(node.function)
        return node if exponent is None else f("pow", e, Number(exponent))

    return rewrite(expr, rule)


def doubles(expr: Expr, definitions: Mapping[str, Equation] | None = None) -> np.ndarray:
    """Values over i, with u and v away from kinks and poles."""
    env = {"u": np.array([0.3, -1.2, 2.0]), "v": np.array([1.1, 0.4, -0.7])}
    ranges = {"u": ((1, N),), "v": ((1, N),)}
    for name, equation in (definitions or {}).items():
        env[name] = np.asarray(evaluate(equation.rhs, equation.axes, env, ranges))
        ranges[name] = ((1, N),)
    return np.asarray(evaluate(expr, (i,), env, ranges))


def expressions() -> st.SearchStrategy[Expr]:
    """Sums, products, quotients of exponentials, logarithms of what is positive, powers."""
    leaves = st.sampled_from([u, v, number(2), number("-1/3"), ONE])

    def extend(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        names = st.sampled_from(["exp", "logistic", "tanh", "softplus", "sin"])
        squares = inner.map(lambda e: add(ONE, power(e, 2)))
        exponents = st.sampled_from([number("1/2"), number("-3/2"), number(-2), u])
        return st.one_of(
            st.builds(add, inner, inner),
            st.builds(product, inner, inner),
            st.builds(negative, inner),
            st.builds(lambda n, e: f(n, product(number("1/4"), e)), names, inner),
            squares.map(lambda e: f("log", e)),
            squares.map(lambda e: f("log10", e)),
            squares.map(lambda e: f("sqrt", e)),
            st.builds(lambda e, n: f("pow", e, n), squares, exponents),
            st.builds(quotient, inner, squares),
            inner.map(lambda e: f("relu", e)),
        )

    return st.recursive(leaves, extend, max_leaves=6)


def same(before: Expr, after: Expr) -> None:
    old, new = doubles(before), doubles(plain(after))
    if np.isfinite(old).all() and np.abs(old).max() < 1e6:
        np.testing.assert_allclose(new, old, rtol=1e-7, atol=1e-7)


@given(expressions())
def test_the_laws_keep_the_value(expr: Expr) -> None:
    named = with_roots(expr)
    same(expr, named)
    same(expr, with_masks(named, {}))
    same(expr, with_exponents(named, {}))


SPLIT = {
    "exp of a sum": (f("exp", add(u, v)), product(f("exp", u), f("exp", v))),
    "exp of a multiple": (f("exp", product(number(-2), u)), power(f("exp", u), -2)),
    "exp of 3/2": (
        f("exp", product(number("3/2"), u)), power(f("exp", product(number("1/2"), u)), 3)
    ),
    "exp of log": (f("exp", f("log", u)), u),
    "log of exp": (f("log", f("exp", u)), u),
    "log of a product": (f("log", product(u, positive)), add(f("log", u), v)),
    "log of a quotient": (f("log", quotient(u, positive)), add(f("log", u), negative(v))),
    "log of inputs": (f("log", quotient(u, v)), add(f("log", u), negative(f("log", v)))),
    "log of a square": (f("log", power(u, 2)), product(number(2), f("log", u))),
    "log of a power": (f("log", power(positive, 3)), product(number(3), v)),
    "log of a root": (f("log", f("sqrt", positive)), product(number("1/2"), v)),
    "softplus": (f("log", add(ONE, f("exp", u))), f("softplus", u)),
    "log of logistic": (f("log", f("logistic", u)), add(u, negative(f("softplus", u)))),
    "log of 1 - logistic": (
        f("log", add(ONE, negative(f("logistic", u)))),
        negative(f("softplus", u)),
    ),
    "log of a number": (f("log", number("8/9")), None),
    "sum in an exponent": (f("pow", u, add(v, number(2))), product(power(u, 2), f("pow", u, v))),
    "power of a root": (power(f("sqrt", u), 4), power(u, 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", SPLIT)
def test_it_is_split_as_it_should_be(name: str) -> None:
    before, after = SPLIT[name]
    got = with_exponents(with_roots(before), {})
    if after is None:
        after = add(
            product(number(3), f("log", number(2))), product(number(-2), f("log", number(3)))
        )
    keys = {alpha_key(t) for t in (got.terms if hasattr(got, "terms") else (got,))}
    wanted = {alpha_key(t) for t in (after.terms if hasattr(after, "terms") else (after,))}
    assert keys == wanted or _factors(got) == _factors(after)


def _factors(expr: Expr) -> set[str]:
    return {alpha_key(p) for p in (expr.factors if hasattr(expr, "factors") else (expr,))}


def test_what_has_no_logarithm_is_not_split() -> None:
    whole = f("log", product(number(-2), u, v))
    assert with_exponents(whole, {}) == whole
    guarded = f("log", product(Guard(Index.of(i)), u))
    assert with_exponents(guarded, {}) == guarded


def test_definitions_are_seen_through() -> None:
    """``t = u + v`` in an exponent, ``p = exp(u) / sum exp(u)`` in a logarithm."""
    j, k = axis("i", 1, N), axis("k", 1, N)
    sums = Equation("t", (j,), add(at("u", j), at("v", j)))
    shares = quotient(f("exp", at("u", j)), Summation((k,), f("exp", at("u", k))))
    definitions = {"t": sums, "p": Equation("p", (j,), shares)}
    t, p = at("t", i), at("p", i)
    assert _factors(with_exponents(f("exp", t), definitions)) == {
        alpha_key(f("exp", u)),
        alpha_key(f("exp", v)),
    }
    split = with_exponents(f("log", p), definitions)
    assert u in getattr(split, "terms", ())
    read = {n.tensor for n in walk(split) if isinstance(n, Access)}
    assert read == {"u"}
    np.testing.assert_allclose(doubles(split, definitions), doubles(f("log", p), definitions))


def test_the_mask_of_a_rectified_value_is_its_arguments() -> None:
    j = axis("i", 1, N)
    definitions = {"r": Equation("r", (j,), f("relu", at("u", j)))}
    assert with_masks(f("step", at("r", i)), definitions) == f("step", u)
    assert with_masks(f("step", f("relu", v)), {}) == f("step", v)
    assert with_masks(f("step", v), definitions) == f("step", v)
