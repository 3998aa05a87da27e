"""The derived adjoint of every tensor is the gradient: by autograd, and exactly by rationals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import collapse as collapsing
from derive.adjoint import gradients
from derive.arithmetic import EXACT
from derive.canonical import equal
from derive.check import check
from derive.equations import Equation, Model, Notation
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    rewrite,
    summation,
    walk,
)
from derive.index import Index, Size, axis, surely_nonnegative
from derive.run import run
from derive.scope import OutOfRange
from derive.steps import Derivation
from tests.derive.backward import backward
from tests.derive.right_sides import derivations
from tests.models import at, correlation_relu, named, tensor, zhang_like
from tests.strategies import models
from verify.oracles import check_gradient, check_gradients, random_values


@given(models(), st.integers(0, 2**32 - 1), st.data())
def test_every_adjoint_agrees_with_autograd_and_differences(
    model: Model, seed: int, data: st.DataObject
) -> None:
    numeric = model.at_sizes()
    values = random_values(numeric, np.random.default_rng(seed))
    found = backward(numeric, values)
    for seen in check_gradients(numeric, values, found).values():
        assert seen.agrees, seen
    name = data.draw(st.sampled_from(list(found)))
    assert check_gradient(numeric, values, name, found[name], directions=1).agrees


def test_one_wrong_element_among_all_adjoints_is_noticed() -> None:
    model = zhang_like(P=1, Q=1, A=1, K=1, M=2).at_sizes()
    values = random_values(model, np.random.default_rng(0))
    found = backward(model, values)
    found["k1"][0, 1, 1] *= 1 + 1e-6
    checks = check_gradients(model, values, found)
    assert [n for n, seen in checks.items() if not seen.agrees] == ["k1"]
    assert checks["k1"].at is not None
    assert checks["k1"].at[0] == (1, 0, 0)


@given(derivations())
def test_every_step_is_well_formed(derivation: Derivation) -> None:
    assert derivation.equation.model is not None
    ranks = derivation.equation.model.ranks
    ranks = {**ranks, **{"∂" + n: r for n, r in ranks.items()}}
    for step in derivation.steps[1:]:
        check(step.result, ranks, frozenset(derivation.equation.axes))


@given(
    st.integers(1, 4), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99)
)
def test_strides_and_dilations_exactly(
    stride: int, dilation: int, kernel: int, out: int, seed: int
) -> None:
    """With rationals and a square for the activation a central difference has no error at all."""
    model = _squared(correlation_relu(stride, dilation, kernel, out)).at_sizes()
    rng = np.random.default_rng(seed)
    values = {
        n: np.vectorize(lambda v: Fraction(int(v), 7), otypes=[object])(rng.integers(-9, 9, shape))
        for n, shape in _shapes(model).items()
    }
    adjoints = backward(model, values, number=EXACT)
    for name in ("X", "w"):
        for place in np.ndindex(values[name].shape):
            ahead, behind = dict(values), dict(values)
            ahead[name], behind[name] = values[name].copy(), values[name].copy()
            ahead[name][place] += Fraction(1, 3)
            behind[name][place] -= Fraction(1, 3)
            difference = (_loss(model, ahead) - _loss(model, behind)) / Fraction(2, 3)
            assert adjoints[name][place] == difference


def _squared(model: Model) -> Model:
    def rule(node: Expr) -> Expr:
        return power(node.arguments[0], 2) if isinstance(node, Apply) else node

    return replace(
        model, equations=tuple(replace(e, rhs=rewrite(e.rhs, rule)) for e in model.equations)
    )


def _shapes(model: Model) -> dict[str, tuple[int, ...]]:
    names = [*model.inputs, *model.parameters]
    shapes = {n: tuple(e.value or 0 for e in model.tensors[n].extents) for n in names}
    return shapes | {"∂R": tuple(e.value or 0 for e in model.tensors["R"].extents)}


def _loss(model: Model, values: dict[str, np.ndarray]) -> Fraction:
    env = run(model, {n: v for n, v in values.items() if n != "∂R"}, number=EXACT)
    total: Fraction = (env["R"] * values["∂R"]).sum()
    return total


def _sliding(stride: int, dilation: int) -> Model:
    """``T[i] = sum_u x[s*i + d*u]``, no loss: the upstream adjoint stays."""
    i, u = axis("i", 0, 3), axis("u", 0, 2)
    last = 3 * stride + 2 * dilation
    read = at("x", stride * Index.of(i) + dilation * Index.of(u))
    tensors = named(
        tensor("x", Notation("x", (0,)), (0, last)), tensor("T", Notation("T", (0,)), (0, 3))
    )
    return Model("sliding", tensors, (Equation("T", (i,), Summation((u,), read)),), ("x",), ())


def test_a_dilated_stride_keeps_its_congruence() -> None:
    """Neither index has a unit coefficient: dropping divisibility would add half-integer terms."""
    rhs = gradients(_sliding(2, 3))["x"].equation.rhs
    assert any(isinstance(node, Delta) for node in walk(rhs))
    values = {"x": np.zeros(13), "∂T": np.arange(1.0, 5.0)}
    expected = [1, 0, 2, 1, 3, 2, 1 + 4, 3, 2, 4, 3, 0, 4]
    assert backward(_sliding(2, 3), values)["x"].tolist() == expected


def test_sympy_would_forget_that_an_odd_element_is_not_read() -> None:
    """ANCHORS 1: the adjoint of y[2i] at odd p is 0, not y[p/2]."""
    i = axis("i", 0, 3)
    tensors = named(
        tensor("x", Notation("x", (0,)), (0, 7)), tensor("T", Notation("T", (0,)), (0, 3))
    )
    model = Model("stride", tensors, (Equation("T", (i,), at("x", 2 * Index.of(i))),), ("x",), ())
    values = {"x": np.zeros(8), "∂T": np.arange(1.0, 5.0)}
    assert backward(model, values)["x"].tolist() == [1, 0, 2, 0, 3, 0, 4, 0]


def test_average_pooling_gives_back_the_ceiling() -> None:
    """ANCHORS 2: (x[2i] + x[2i-1])/2 has the adjoint y[ceil(p/2)]/2."""
    i = axis("i", 1, 3)
    window = add(at("x", 2 * Index.of(i)), at("x", 2 * Index.of(i) - 1))
    tensors = named(
        tensor("x", Notation("x", (0,)), (1, 6)), tensor("T", Notation("T", (0,)), (1, 3))
    )
    rhs = product(number("1/2"), window)
    model = Model("pool", tensors, (Equation("T", (i,), rhs),), ("x",), ())
    values = {"x": np.zeros(6), "∂T": np.array([2.0, 4.0, 6.0])}
    assert backward(model, values)["x"].tolist() == [1, 1, 2, 2, 3, 3]


def test_softmax_does_not_capture_its_index() -> None:
    """ANCHORS 3: dY_i/dz_k = Y_i (delta_ik - Y_k); the denominator's bound index is another."""
    k, i = axis("k", 1, 4), axis("i", 1, 4)
    total = summation((i,), Apply("exp", (at("z", i),)))
    tensors = named(
        tensor("z", Notation("z", (0,)), (1, 4)), tensor("Y", Notation("Y", (0,)), (1, 4))
    )
    rhs = quotient(Apply("exp", (at("z", k),)), total)
    model = Model("softmax", tensors, (Equation("Y", (k,), rhs),), ("z",), ())
    z, upstream = np.array([0.5, -1.0, 2.0, 0.1]), np.array([1.0, -2.0, 0.5, 3.0])
    y = np.exp(z) / np.exp(z).sum()
    expected = y * (upstream - (upstream * y).sum())
    found = backward(model, {"z": z, "∂Y": upstream})["z"]
    np.testing.assert_allclose(found, expected, rtol=64 * np.finfo(float).eps)


def test_zhang_whole_at_generic_sizes_by_autograd() -> None:
    model = zhang_like(P=2, Q=3, A=2, K=1, M=4).at_sizes()
    values = random_values(model, np.random.default_rng(5))
    for seen in check_gradients(model, values, backward(model, values)).values():
        assert seen.agrees, seen


def test_a_symbolic_derivation_holds_at_every_size() -> None:
    """Derive once for all sizes, then put sizes in: the same values as deriving at those sizes."""
    symbolic = zhang_like(P=2, Q=3, A=2, K=1, M=4)
    values = random_values(symbolic.at_sizes(), np.random.default_rng(1))
    whole = replace(
        symbolic,
        tensors={
            **symbolic.tensors,
            **{"∂" + n: replace(t, name="∂" + n) for n, t in symbolic.tensors.items()},
        },
        equations=(*symbolic.equations, *(d.equation for d in gradients(symbolic).values())),
    )
    env = run(whole.at_sizes(), values)
    for name, value in backward(symbolic.at_sizes(), values).items():
        np.testing.assert_array_equal(env["∂" + name], value)


def test_without_the_range_guards_the_adjoint_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sabotaged rule is noticed: these tests can fail."""
    monkeypatch.setattr(collapsing, "_range_guards", lambda axis, solution: ())
    model = zhang_like(P=1, Q=1, A=1, K=1, M=2).at_sizes()
    values = random_values(model, np.random.default_rng(0))
    with pytest.raises(OutOfRange):
        backward(model, values)


def test_a_guard_that_always_holds_is_not_shown() -> None:
    for d in gradients(zhang_like().at_sizes()).values():
        guards = [n for n in walk(d.equation.rhs) if isinstance(n, Guard)]
        assert not any(surely_nonnegative(g.index) for g in guards)


def test_upstream_stays_generic_without_a_loss() -> None:
    model = correlation_relu()
    rhs = gradients(model)["z"].equation.rhs
    assert any(isinstance(n, Access) and n.tensor == "∂R" for n in walk(rhs))
    values = random_values(model, np.random.default_rng(0))
    assert check_gradient(model, values, "w", backward(model, values)["w"]).agrees


def test_a_softmax_is_differentiated_through_its_output() -> None:
    """``dz_k = dY_k Y_k - sum_i dY_i Y_i Y_k``, without an exponential left, at every size."""
    n = Size("n")
    k, i = axis("k", 1, n), axis("i", 1, n)
    tensors = named(
        tensor("z", Notation("z", (0,)), (1, n)), tensor("Y", Notation("Y", (0,)), (1, n))
    )
    rhs = quotient(Apply("exp", (at("z", k),)), summation((i,), Apply("exp", (at("z", i),))))
    model = Model("softmax", tensors, (Equation("Y", (k,), rhs),), ("z",), (), sizes={n: 3})
    d = gradients(model)["z"]
    (free,) = d.equation.axes
    j = axis("j", 1, n)
    shared = summation((j,), product(at("∂Y", j), at("Y", j), at("Y", free)))
    expected = add(product(at("∂Y", free), at("Y", free)), negative(shared))
    assert equal(d.equation.rhs, expected, d.equation.axes)
    assert d.steps[-1].rule == "written through the output"
    values = {"z": np.array([0.5, -1.0, 2.0]), "∂Y": np.array([1.0, -2.0, 0.5])}
    assert check_gradient(
        model.at_sizes(), values, "z", backward(model.at_sizes(), values)["z"]
    ).agrees
