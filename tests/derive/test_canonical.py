"""The normal form: idempotent, blind to order and rewriting, faithful to the value.

These are tensorgrad's four laws of confluence (``tests/test_confluence.py`` there), on our core.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from derive.adjoint import gradients
from derive.alpha import alpha_key
from derive.canonical import canonical, equal
from derive.equations import Equation, adjoint_name
from derive.evaluate import evaluate, integer_ranges
from derive.expr import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Expr,
    Guard,
    Product,
    Summation,
    Value,
    add,
    children,
    negative,
    number,
    power,
    product,
    quotient,
    refresh,
    rewrite,
    substitute,
    summation,
)
from derive.index import Axis, Index, Size, axis
from derive.scope import extent
from tests.derive.right_sides import right_sides
from tests.models import at, zhang_like

SEEDS = st.integers(0, 2**32 - 1)


def shuffled(expr: Expr, rng: np.random.Generator) -> Expr:
    """The same sum: terms, factors and axes in another order, other dummies, run the other way."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Add | Product):
            parts = children(node)
            order = rng.permutation(len(parts))
            return type(node)(tuple(parts[k] for k in order))
        if isinstance(node, Summation):
            return _reversed(node, rng)
        return node

    return rewrite(refresh(expr), rule)


def _reversed(node: Summation, rng: np.random.Generator) -> Expr:
    """Every axis renamed, moved by a constant and perhaps run backwards; axes in another order."""
    axes, mapping = [], {}
    for a in node.axes:
        sign, shift = int(rng.choice([-1, 1])), int(rng.integers(-3, 4))
        ends = (sign * a.lo + shift, sign * a.hi + shift)
        new = Axis("w" + a.name, *(ends if sign > 0 else ends[::-1]))
        mapping[a] = sign * (Index.of(new) - shift)
        axes.append(new)
    order = rng.permutation(len(axes))
    return Summation(tuple(axes[k] for k in order), substitute(node.body, mapping))


def key(expr: Expr, equation: Equation) -> str:
    """Equal for equal normal forms."""
    return alpha_key(canonical(expr, equation.axes), {a: a.name for a in equation.axes})


@given(right_sides(), SEEDS)
def test_the_order_and_names_of_a_sum_do_not_matter(equation: Equation, seed: int) -> None:
    other = shuffled(equation.rhs, np.random.default_rng(seed))
    assert key(other, equation) == key(equation.rhs, equation)


@given(right_sides())
def test_the_normal_form_of_a_normal_form_is_itself(equation: Equation) -> None:
    once = canonical(equation.rhs, equation.axes)
    assert key(once, equation) == alpha_key(once, {a: a.name for a in equation.axes})


@given(right_sides(), SEEDS)
def test_the_normal_form_keeps_the_value(equation: Equation, seed: int) -> None:
    assert equation.model is not None
    rng = np.random.default_rng(seed)
    ranges = integer_ranges(equation.model)
    ranges = {**ranges, **{adjoint_name(n): r for n, r in ranges.items()}}
    env = {n: rng.normal(size=[extent(span) for span in spans]) for n, spans in ranges.items()}
    plain = evaluate(equation.rhs, equation.axes, env, ranges)
    normal = evaluate(canonical(equation.rhs, equation.axes), equation.axes, env, ranges)
    scale = np.max(np.abs(plain), initial=1.0) * 2**12  # terms added, cancellation in (1 - C)
    np.testing.assert_allclose(normal, plain, rtol=0, atol=scale * np.finfo(float).eps)


def test_zhang_equals_itself_shuffled_at_every_size() -> None:
    rng = np.random.default_rng(3)
    model = zhang_like()
    derived = [d.equation for d in gradients(model).values()]
    for e in (*model.equations, *derived):
        assert equal(e.rhs, shuffled(e.rhs, rng), e.axes)


J, K = axis("j", 1, 5), axis("k", 1, 5)
U = axis("u", -2, 2)


def test_a_sum_does_not_depend_on_the_name_of_its_index() -> None:
    """ANCHORS 7."""
    one, other = (summation((a,), power(at("x", a), 2)) for a in (J, K))
    assert equal(one, other)


def test_a_correlation_can_be_counted_from_either_array() -> None:
    p = axis("p", -1, 7)
    one = summation((J,), product(at("D", J), at("S", Index.of(J) - U)))
    inside = [Guard(Index.of(p) + U - 1), Guard(5 - Index.of(p) - U)]
    other = summation((p,), product(*inside, at("D", Index.of(p) + U), at("S", p)))
    assert equal(one, other, (U,))


def test_a_delta_is_its_substitution_and_digits_come_back() -> None:
    q, r, s = axis("q", 1, 3), axis("q", 1, 3), axis("i", 1, 5)
    flat = Delta(5 * Index.of(q) + J - 5 * Index.of(r) - s)
    assert equal(summation((q, J), product(flat, at("S", q, J))), at("S", r, s), (r, s))


def test_an_index_that_nothing_reads_counts() -> None:
    assert equal(summation((J,), at("b")), product(number(5), at("b")))
    n = Size("n")
    many = axis("i", 1, n)
    assert equal(summation((many,), at("b")), product(Value(Index.of(n)), at("b")))


def test_algebra_of_powers_and_exponentials() -> None:
    x, y = at("x", J), at("y", J)
    assert equal(quotient(product(x, y), y), x, (J,))
    total = Apply("exp", (add(x, y),))
    assert equal(total, product(Apply("exp", (x,)), Apply("exp", (y,))), (J,))
    assert equal(power(add(x, negative(y)), 2), power(add(y, negative(x)), 2), (J,))
    assert equal(product(x, add(ONE, negative(x))), add(x, negative(power(x, 2))), (J,))


def test_what_differs_differs() -> None:
    one = summation((J,), product(at("D", J), at("S", Index.of(J) - U)))
    assert not equal(one, summation((J,), product(at("D", J), at("S", Index.of(J) + U))), (U,))
    assert not equal(one, summation((J,), product(at("D", J), at("S", Index.of(J) - U - 1))), (U,))
    assert not equal(at("x", J), at("x", K), (J, K))
    shorter = axis("i", 1, 4)
    assert not equal(summation((J,), at("x", J)), summation((shorter,), at("x", shorter)))
    assert canonical(add(at("x", J), negative(at("x", J))), (J,)) == ZERO


def test_a_chain_of_pools_is_not_a_wider_pool_by_accident() -> None:
    """Every other element, twice, is every fourth: the congruences must survive."""
    a, b = axis("a", 0, 3), axis("b", 0, 7)
    p = axis("p", 0, 15)
    twice = summation(
        (a, b), product(Delta(2 * Index.of(a) - b), Delta(2 * Index.of(b) - p), at("y", a))
    )
    once = summation((a,), product(Delta(4 * Index.of(a) - p), at("y", a)))
    half = summation((a,), product(Delta(2 * Index.of(a) - p), at("y", a)))
    assert equal(twice, once, (p,))
    assert not equal(twice, half, (p,))
