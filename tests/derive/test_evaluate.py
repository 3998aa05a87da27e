"""The interpreter against the mathematics said one number at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product as pairs
from typing import Any

import autograd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.arithmetic import Irrational
from derive.equations import Model
from derive.errors import IllFormed, LimitExceeded
from derive.evaluate import AUTOGRAD, EXACT, FLOAT, OutOfRange, evaluate, integer_ranges
from derive.expr import (
    ONE,
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    Summation,
    Value,
    power,
    product,
)
from derive.index import Axis, Index, axis
from derive.run import run
from tests.models import at, correlation_relu, padded_softplus, zhang_like

EPS = float(np.finfo(np.float64).eps)


def scalar(expr: Expr, axes: Mapping[Axis, int], read: Mapping[tuple[Any, ...], Any]) -> Any:
    """The meaning of the language for one value of every axis, by recursion."""

    def at_axes(index: Index) -> int:
        return int(index.evaluate(lambda s: axes[s]))  # type: ignore[index]

    match expr:
        case Number(value):
            return value
        case Value(index):
            return Fraction(at_axes(index))
        case Access(tensor, indices):
            return read[(tensor, *map(at_axes, indices))]
        case Add(terms):
            return sum(scalar(t, axes, read) for t in terms)
        case Delta(index):
            return Fraction(at_axes(index) == 0)
        case Guard(index):
            return Fraction(at_axes(index) >= 0)
        case Product(factors):
            gates = [f for f in factors if isinstance(f, Delta | Guard)]
            if any(scalar(g, axes, read) == 0 for g in gates):
                return Fraction(0)
            total = Fraction(1)
            for f in factors:
                total *= scalar(f, axes, read)
            return total
        case Apply("pow", (base, Number(n))):
            return scalar(base, axes, read) ** n
        case Summation(bound, body):
            spans = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in bound]
            return sum(
                (
                    scalar(body, {**axes, **dict(zip(bound, v, strict=True))}, read)
                    for v in pairs(*spans)
                ),
                Fraction(0),
            )
    raise AssertionError(expr)


RANGE = (-2, 3)
GIVEN = [Fraction(n * n - 4, 3 + n % 3) for n in range(6)]
READ = {("x", n - 2): value for n, value in enumerate(GIVEN)}


@st.composite
def expressions(draw: st.DrawFn, scope: tuple[Axis, ...], depth: int) -> Expr:
    """Expressions over ``x`` on -2..3; reads are always behind guards, bounds often empty."""
    place = Index.of(draw(st.integers(-3, 3)))
    for a in scope:
        place = place + draw(st.sampled_from([0, 0, 1, -1, 2])) * Index.of(a)
    kind = draw(st.sampled_from(["read", "number", "value", "gate", *["deep"] * 4 * (depth > 0)]))
    if kind == "read":
        return product(Guard(place + 2), Guard(3 - place), at("x", place))
    if kind == "number":
        return Number(Fraction(draw(st.integers(-4, 4)), draw(st.integers(1, 3))))
    if kind == "value":
        return Value(place)
    if kind == "gate":
        return draw(st.sampled_from([Delta, Guard]))(place)
    deeper = expressions(scope, depth - 1)
    match draw(st.sampled_from(["sum", "add", "product", "square"])):
        case "sum":
            lo = draw(st.integers(-3, 2))
            bound = axis("k", lo, lo + draw(st.integers(-1, 3)))
            return Summation((bound,), draw(expressions((*scope, bound), depth - 1)))
        case "add":
            return Add((draw(deeper), draw(deeper)))
        case "product":
            return Product((draw(deeper), draw(deeper)))
        case _:
            return power(draw(deeper), 2)


FREE = (axis("i", -1, 2), axis("j", 1, 2))


@given(expressions(FREE, 4))
def test_arrays_mean_what_the_scalars_mean(expr: Expr) -> None:
    wanted = [
        [scalar(expr, {FREE[0]: i, FREE[1]: j}, READ) for j in range(1, 3)] for i in range(-1, 3)
    ]
    exact, ranges = EXACT.asarray(GIVEN), {"x": (RANGE,)}
    assert evaluate(expr, FREE, {"x": exact}, ranges, number=EXACT).tolist() == wanted
    tiny = replace(EXACT, dense=2)
    assert evaluate(expr, FREE, {"x": exact}, ranges, number=tiny).tolist() == wanted


def draw_values(model: Model, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    ranges = integer_ranges(model)
    names = (*model.inputs, *model.parameters)
    return {n: rng.normal(size=[hi - lo + 1 for lo, hi in ranges[n]]) for n in names}


def test_zhangs_network_is_what_a_hand_written_one_computes() -> None:
    model = zhang_like(P=2, Q=3, A=2, K=1, M=3).at_sizes()
    v = draw_values(model)
    out = run(model, v)

    def convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        n = image.shape[0] - 2
        flipped = kernel[::-1, ::-1]
        windows = [
            [(image[i : i + 3, j : j + 3] * flipped).sum() for j in range(n)] for i in range(n)
        ]
        return np.array(windows)

    def squash(x: np.ndarray) -> Any:
        return 1 / (1 + np.exp(-x))

    def pool(x: np.ndarray) -> Any:
        return x.reshape(x.shape[0], x.shape[1] // 2, 2, -1, 2).mean((2, 4))

    z1 = np.stack([convolve(v["I"], v["k1"][p]) + v["b1"][p] for p in range(2)])
    s1 = pool(squash(z1))
    z2 = np.stack(
        [sum(convolve(s1[p], v["k2"][p, q]) for p in range(2)) + v["b2"][q] for q in range(3)]
    )
    s2 = pool(squash(z2))
    f = np.concatenate([s2[q].T.ravel() for q in range(3)])
    yhat = squash(v["W"] @ f + v["b"])
    wanted = {"z1": z1, "S1": s1, "z2": z2, "S2": s2, "f": f, "yhat": yhat}
    for name, array in wanted.items():
        np.testing.assert_allclose(out[name], array, rtol=200 * EPS, atol=200 * EPS)
    assert out["L"] == pytest.approx(((yhat - v["y"]) ** 2).sum() / 2, rel=200 * EPS)


def test_a_read_outside_is_refused_with_place_and_values() -> None:
    i, u = axis("i", 1, 4), axis("u", 0, 1)
    expr = Summation((u,), at("S", 2, Index.of(i) - u))
    with pytest.raises(OutOfRange) as caught:
        evaluate(expr, (i,), {"S": np.ones((3, 4))}, {"S": ((1, 3), (1, 4))})
    refusal = caught.value
    assert (refusal.tensor, refusal.position, refusal.value) == ("S", 1, 0)
    assert refusal.axes == {i: 1, u: 1}
    assert str(refusal) == "S is read at 0 on axis 2 for i = 1, u = 1; expected 1..4"


def test_a_negative_position_never_wraps_around() -> None:
    with pytest.raises(OutOfRange, match="read at -1 on axis 1"):
        evaluate(at("x", -1), (), {"x": np.ones(3)}, {"x": ((0, 2),)})


def test_a_guard_one_too_wide_does_not_excuse_the_read() -> None:
    i = axis("i", 0, 3)
    guarded = product(Guard(3 - Index.of(i)), at("x", Index.of(i) + 1))
    with pytest.raises(OutOfRange) as caught:
        evaluate(guarded, (i,), {"x": np.ones(4)}, {"x": ((0, 3),)})
    assert caught.value.axes == {i: 3}


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_nothing_leaks_from_behind_a_guard_forwards_or_backwards(bad: float) -> None:
    i, k = axis("i", 0, 3), axis("k", 0, 3)
    reciprocal = product(Guard(Index.of(i) - 1), power(at("x", i), -1))
    x = np.array([0.0, 1.0, 2.0, 4.0])
    ranges = {"x": ((0, 3),)}
    assert evaluate(reciprocal, (i,), {"x": x}, ranges).tolist() == [0, 1, 0.5, 0.25]
    total = Summation((i,), reciprocal)
    gradient = autograd.grad(lambda v: evaluate(total, (), {"x": v}, ranges, number=AUTOGRAD))(x)
    assert gradient.tolist() == [0, -1, -0.25, -0.0625]
    x[0] = bad
    only = Summation((k,), product(Delta(Index.of(k) - 2), at("x", k)))
    assert evaluate(only, (), {"x": x}, ranges) == 2


def test_what_is_excluded_does_not_divide_by_zero_exactly_either() -> None:
    i = axis("i", 0, 1)
    reciprocal = product(Guard(Index.of(i) - 1), power(at("x", i), -1))
    x = EXACT.asarray([0, 3])
    values = evaluate(reciprocal, (i,), {"x": x}, {"x": ((0, 1),)}, number=EXACT)
    assert values.tolist() == [0, Fraction(1, 3)]


def test_a_sum_to_a_thousand_million_is_refused_at_once() -> None:
    i = axis("i", 1, 10**9)
    started = time.perf_counter()
    with pytest.raises(LimitExceeded, match="1000000000 terms"):
        evaluate(Summation((i,), power(Value(Index.of(i)), -2)), (), {}, {})
    with pytest.raises(LimitExceeded):
        evaluate(at("x", i), (i,), {"x": np.ones(1)}, {"x": ((1, 1),)})
    assert time.perf_counter() - started < 0.1
    assert evaluate(Summation((i,), ONE), (), {}, {}) == 10**9


def test_an_index_beyond_64_bits_is_refused() -> None:
    i = axis("i", 1, 2)
    with pytest.raises(LimitExceeded, match="grows too large"):
        evaluate(Value(10**30 * Index.of(i)), (i,), {}, {})


def test_a_large_sum_is_taken_in_pieces_of_the_same_value() -> None:
    model = zhang_like(P=2, Q=3, A=2, K=1, M=3).at_sizes()
    whole = run(model, draw_values(model))
    pieces = run(model, draw_values(model), number=replace(FLOAT, dense=100))
    for name in whole:
        np.testing.assert_allclose(pieces[name], whole[name], rtol=100 * EPS)


def test_exact_and_double_agree_where_all_is_rational() -> None:
    model = correlation_relu(stride=3, dilation=2)
    values = draw_values(model)
    exact = run(model, values, number=EXACT)["R"]
    np.testing.assert_allclose(exact.astype(float), run(model, values)["R"], rtol=16 * EPS)


def test_what_has_no_exact_value_is_said() -> None:
    with pytest.raises(Irrational, match="softplus"):
        evaluate(Apply("softplus", (ONE,)), (), {}, {}, number=EXACT)
    with pytest.raises(Irrational):
        evaluate(power(Number(Fraction(2)), Fraction(1, 2)), (), {}, {}, number=EXACT)


def test_what_was_worked_out_once_serves_other_values_and_no_other_ranges() -> None:
    i, u = axis("i", 1, 3), axis("u", 0, 1)
    total = Summation((u,), Access("A", (Index.of(i) + u,)))
    long, short = {"A": ((1, 4),)}, {"A": ((1, 3),)}
    ones, odds = np.ones(4), np.array([1.0, 3.0, 5.0, 7.0])
    assert np.array_equal(evaluate(total, (i,), {"A": ones}, long), [2, 2, 2])
    assert np.array_equal(evaluate(total, (i,), {"A": odds}, long), [4, 8, 12])
    moved = evaluate(total, (i,), {"A": np.arange(5.0)}, {"A": ((0, 4),)})
    assert np.array_equal(moved, [3, 5, 7])
    assert evaluate(total, (i,), {"A": odds}, long, number=EXACT)[0] == Fraction(4)
    with pytest.raises(OutOfRange):
        evaluate(total, (i,), {"A": ones[:3]}, short)


def test_limits_of_a_number_type_hold_for_what_was_worked_out_in_another() -> None:
    i = axis("i", 1, 100)
    total = Summation((i,), Value(Index.of(i)))
    assert evaluate(total, (), {}, {}) == 5050
    with pytest.raises(LimitExceeded):
        evaluate(total, (), {}, {}, number=replace(FLOAT, limit=99))


def test_zero_padding_by_guards_is_zero_padding() -> None:
    model = padded_softplus(n=6, pad=2).at_sizes()
    values = draw_values(model)
    out = run(model, values)
    wanted = np.correlate(np.pad(values["x"], 2), values["g"], "valid")
    np.testing.assert_allclose(out["d"], wanted, rtol=0, atol=16 * EPS * np.abs(wanted).max())
    assert out["L"] == pytest.approx(np.log1p(np.exp(wanted)).mean(), rel=16 * EPS)


def test_empty_ranges_are_empty() -> None:
    i, none = axis("i", 1, 3), axis("j", 1, 0)
    assert (
        evaluate(Summation((none,), at("x", i)), (i,), {"x": np.ones(3)}, {"x": ((1, 3),)}).sum()
        == 0
    )
    assert evaluate(at("x", none), (none,), {"x": np.ones(3)}, {"x": ((1, 3),)}).shape == (0,)


def test_missing_and_misshapen_arrays_are_named() -> None:
    model = correlation_relu()
    values = draw_values(model)
    with pytest.raises(IllFormed, match=r"w has shape \(4,\); expected \(3,\)"):
        run(model, {**values, "w": np.ones(4)})
    with pytest.raises(IllFormed, match="no tensor q"):
        run(model, {**values, "q": np.ones(4)})
    del values["w"]
    with pytest.raises(IllFormed, match="no value for w"):
        run(model, values)


def test_sizes_must_have_values() -> None:
    with pytest.raises(ValueError, match="at_sizes"):
        run(zhang_like(), {})


def test_a_complex_step_goes_through_the_whole_network() -> None:
    model = zhang_like(P=1, Q=1, A=1, K=1, M=2).at_sizes()
    values = draw_values(model)
    moved = {**values, "b2": values["b2"] + 1e-30j}
    gradient = autograd.grad(
        lambda b2: run(model, {**values, "b2": b2}, number=AUTOGRAD)["L"].reshape(())
    )(values["b2"])
    step = np.asarray(run(model, moved)["L"]).imag / 1e-30
    assert step == pytest.approx(float(gradient[0]), rel=1000 * EPS)
