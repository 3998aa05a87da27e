"""Every witness is fed wrong gradients and must reject them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Equation, Model, Notation, adjoint_name
from derive.expr import Apply, Guard, Summation, number, power, product
from derive.index import Index, axis
from derive.run import run
from tests.models import at, correlation_relu, named, padded_softplus, tensor, zhang_like
from verify.branches import DEAD
from verify.differences import branches, complex_step, finite_difference
from verify.oracles import autograd_gradients, check_gradient, random_values

Array = np.ndarray
EPS = float(np.finfo(np.float64).eps)


def prepared(model: Model, seed: int = 0) -> tuple[Model, dict[str, Array]]:
    model = model.at_sizes()
    return model, random_values(model, np.random.default_rng(seed))


def sum_of(function: str, n: int) -> Model:
    """``L = sum_i function(x[i])``."""
    i = axis("i", 1, n)
    tensors = named(tensor("x", Notation("x", args=(0,)), (1, n)), tensor("L", Notation("L")))
    rhs = Summation((i,), Apply(function, (at("x", i),)))
    return Model(function, tensors, (Equation("L", (), rhs),), ("x",), (), "L")


@pytest.mark.long
def test_the_gradients_of_a_dense_layer_are_those_of_the_textbook() -> None:
    model, v = prepared(zhang_like(P=2, Q=3, A=2, K=1, M=4))
    out, g = run(model, v), autograd_gradients(model, v)
    dz = (out["yhat"] - v["y"]) * out["yhat"] * (1 - out["yhat"])
    assert set(g) == set(model.tensors)
    assert g["L"] == 1
    for name, wanted in {
        "z": dz,
        "b": dz,
        "W": np.outer(dz, out["f"]),
        "f": v["W"].T @ dz,
        "y": v["y"] - out["yhat"],
    }.items():
        np.testing.assert_allclose(g[name], wanted, rtol=64 * EPS, atol=64 * EPS)
    for q, j, i in np.ndindex(3, 2, 2):
        assert g["S2"][q, i, j] == g["f"][4 * q + 2 * j + i]
    upsampled = np.kron(g["S2"], np.full((1, 2, 2), 0.25))
    np.testing.assert_allclose(g["C2"], upsampled, rtol=8 * EPS)


def test_without_a_loss_the_outputs_carry_the_given_upstream_gradient() -> None:
    model, v = prepared(correlation_relu())
    g, z = autograd_gradients(model, v), run(model, v)["z"]
    upstream = v[adjoint_name("R")]
    np.testing.assert_array_equal(g["R"], upstream)
    np.testing.assert_array_equal(g["z"], upstream * (z > 0))
    with pytest.raises(ValueError, match="give ∂R"):
        autograd_gradients(model, {n: a for n, a in v.items() if n != "∂R"})


MODELS: list[Callable[[], Model]] = [
    lambda: zhang_like(P=2, Q=3, A=2, K=1, M=3),
    lambda: correlation_relu(stride=3, dilation=2, out=5),
    lambda: padded_softplus(n=7, pad=2),
]


@pytest.mark.long
@pytest.mark.parametrize("make", MODELS)
def test_the_witnesses_accept_each_other_on_every_tensor(make: Callable[[], Model]) -> None:
    model, v = prepared(make())
    for name, gradient in autograd_gradients(model, v).items():
        check = check_gradient(model, v, name, gradient)
        assert check.agrees, (name, check)


def double_one(g: Array) -> Array:
    wrong = g.copy()
    wrong.flat[np.argmax(np.abs(g))] *= 2
    return wrong


WRONG: dict[str, Callable[[Array], Array]] = {
    "one entry doubled": double_one,
    "a twentieth of a percent too large": lambda g: 1.0005 * g,
    "zero": np.zeros_like,
    "sign": np.negative,
    "reversed": lambda g: g[::-1],
    "one entry not a number": lambda g: np.where(
        np.arange(g.size).reshape(g.shape) == 1, np.nan, g
    ),
    "another shape": lambda g: g[..., None],
}


@pytest.mark.long
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("make", MODELS)
def test_a_wrong_gradient_is_rejected(make: Callable[[], Model], wrong: str) -> None:
    model, v = prepared(make())
    right = autograd_gradients(model, v)
    for name in (*model.inputs, *model.parameters):
        if right[name].size > 1:
            check = check_gradient(model, v, name, WRONG[wrong](right[name]))
            assert not check.agrees, (name, check)


@pytest.mark.parametrize(
    "wrong", ["one entry doubled", "a twentieth of a percent too large", "sign"]
)
def test_differences_alone_reject_it_in_a_gradient_of_two_thousand(wrong: str) -> None:
    model, v = prepared(zhang_like())
    right = autograd_gradients(model, v)["W"]
    assert right.size == 1920
    for seed, witness in [(n, w) for n in range(5) for w in (complex_step, finite_difference)]:
        d = np.random.default_rng(seed).normal(size=right.shape) / np.sqrt(right.size)
        seen = witness(model, v, "W", d)
        assert seen is not None
        assert abs(np.sum(right * d) - seen.value) <= seen.error + 16 * EPS
        assert abs(np.sum(WRONG[wrong](right) * d) - seen.value) > seen.error + 16 * EPS


@given(st.integers(0, 10**6), st.sampled_from(["tanh", "softplus", "exp", "sin", "logistic"]))
@settings(max_examples=40)
def test_the_stencil_knows_its_own_error(seed: int, function: str) -> None:
    model = sum_of(function, 5)
    rng = np.random.default_rng(seed)
    v = random_values(model, rng)
    d = rng.normal(size=5)
    exact, seen = complex_step(model, v, "x", d), finite_difference(model, v, "x", d)
    assert exact is not None
    assert seen is not None
    assert abs(exact.value - seen.value) <= exact.error + seen.error
    assert seen.error <= 1e-6 * np.abs(v["x"]).max() + 1e-6


def test_a_tiny_loss_is_no_excuse_for_a_zero_gradient() -> None:
    # autograd's own check accepts this one: absolute OR relative tolerance.
    i = axis("i", 1, 1000)
    tensors = named(tensor("x", Notation("x", args=(0,)), (1, 1000)), tensor("L", Notation("L")))
    rhs = product(number("1/100000000"), Summation((i,), power(at("x", i), 2)))
    model = Model("tiny", tensors, (Equation("L", (), rhs),), ("x",), (), "L")
    v = random_values(model, np.random.default_rng(0))
    assert check_gradient(model, v, "x", 2e-8 * v["x"]).agrees
    check = check_gradient(model, v, "x", np.zeros(1000))
    assert {e.outcome for e in check.evidence} == {"differs"}


def test_an_all_zero_derivative_of_the_sine_is_rejected_in_single_precision_too() -> None:
    # JAX's check multiplies its tolerance by the size and accepts this at 600 entries.
    model = sum_of("sin", 600)
    v = random_values(model, np.random.default_rng(0))
    assert check_gradient(model, v, "x", np.cos(v["x"]).astype(np.float32)).agrees
    zero = check_gradient(model, v, "x", np.zeros(600, dtype=np.float32))
    assert {e.outcome for e in zero.evidence} == {"differs"}


def test_the_worst_entry_is_named_by_the_models_own_indices() -> None:
    model, v = prepared(zhang_like(P=2, Q=3, A=2, K=1, M=3))
    claimed = autograd_gradients(model, v)["k2"]
    claimed[1, 2, 0, 2] += 1e-9
    at_worst = check_gradient(model, v, "k2", claimed).at
    assert at_worst is not None
    assert at_worst[0] == (2, 3, -1, 1)
    assert at_worst[1] - at_worst[2] == pytest.approx(1e-9, rel=1e-3)


def test_a_stencil_never_straddles_a_kink() -> None:
    model = sum_of("relu", 3)
    d = np.array([1.0, 1.0, 1.0])
    near = finite_difference(model, {"x": np.array([0.005, -0.5, 2.0])}, "x", d)
    assert near is not None
    assert (near.step, near.skipped) == (1e-3, 2)
    assert near.value == pytest.approx(2, abs=near.error)
    exactly = {"x": np.array([0.0, 1.0, -1.0])}
    assert finite_difference(model, exactly, "x", d) is None
    assert complex_step(model, exactly, "x", d) is None
    check = check_gradient(model, exactly, "x", np.array([0.0, 1.0, 0.0]))
    assert check.agrees
    assert [e.outcome for e in check.evidence] == ["agrees", "skipped", "skipped", "skipped"]


def test_branch_patterns_are_read_where_guards_allow_it() -> None:
    i, u = axis("i", 1, 4), axis("u", -1, 1)
    place = Index.of(i) + u
    rhs = Summation(
        (i, u), product(Guard(place - 1), Guard(4 - place), Apply("relu", (at("x", place),)))
    )
    tensors = named(tensor("x", Notation("x", args=(0,)), (1, 4)), tensor("L", Notation("L")))
    guarded = Model("guarded", tensors, (Equation("L", (), rhs),), ("x",), (), "L")
    (signs,) = branches(guarded, run(guarded, {"x": np.array([1.0, -1.0, 1.0, -2.0])}))
    assert signs.tolist() == [[DEAD, 1, -1], [1, -1, 1], [-1, 1, -1], [1, -1, DEAD]]


def test_generic_values_do_not_saturate() -> None:
    model, v = prepared(zhang_like())
    out = run(model, v)
    for name in ("C1", "C2", "yhat"):
        assert np.abs(out[name] * (1 - out[name])).mean() > 0.01


def test_the_argument_of_a_logarithm_is_drawn_positive() -> None:
    model = sum_of("log", 50)
    assert (random_values(model, np.random.default_rng(0))["x"] > 0).all()


@pytest.mark.parametrize("module", ["oracles", "differences"])
def test_the_witnesses_share_no_rule_with_the_engine(module: str) -> None:
    source = (Path(__file__).parents[2] / "verify" / f"{module}.py").read_text("utf-8")
    imported = {n.module for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom)}
    assert not imported & {"derive.element", "derive.collapse", "derive.adjoint"}
