"""Functions are judged like formulas: what others accept is rejected, and kinks have a name.

The cases that other checkers get wrong are cited; those against the checkers themselves stand in
`test_functions_peers`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import verify
from verify.functions import gradient_check, vjp_check
from verify.verdict import Status, Verdict

Array = NDArray[Any]


def gaussian(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


X, W = gaussian(3, 4), gaussian(4, 2, seed=1)


def loss(x: Array, w: Array) -> float:
    return float(np.sum(np.tanh(x @ w) ** 2))


def gradient(x: Array, w: Array) -> tuple[Array, Array]:
    t = np.tanh(x @ w)
    d = 2 * t * (1 - t * t)
    return d @ w.T, x.T @ d


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def pool(x: Array) -> Array:
    return x.reshape(-1, 2).max(1)


def winners(x: Array) -> Array:
    rows = x.reshape(-1, 2)
    return rows == rows.max(1, keepdims=True)


def spread(mask: Array, u: Array) -> Array:
    return (mask * u[:, None]).reshape(-1)


def entry_of(verdict: Verdict) -> Any:
    assert verdict.counterexample is not None
    return verdict.counterexample


# What is right is confirmed, and says how well.


def test_a_right_gradient_is_confirmed_with_its_resolution() -> None:
    verdict = gradient_check(loss, gradient, X, W)
    assert verdict.status is Status.CONFIRMED
    assert float(verdict.message.split()[4]) < 1e-8
    assert "gradient(x, w) = ∂loss(x, w)/∂(x, w)" in verdict.read_as
    assert {e.outcome for e in verdict.evidence} == {"agrees"}


def test_a_right_backward_pass_is_confirmed() -> None:
    def layer(x: Array, w: Array) -> Array:
        return np.tanh(x @ w)

    def backward(x: Array, w: Array, u: Array) -> tuple[Array, Array]:
        d = u * (1 - np.tanh(x @ w) ** 2)
        return d @ w.T, x.T @ d

    assert vjp_check(layer, backward, X, W).status is Status.CONFIRMED


def test_both_are_shown_by_the_package() -> None:
    assert verify.gradient_check is gradient_check
    assert verify.vjp_check is vjp_check


# What others accept.


def test_a_zero_gradient_of_a_small_function_is_refuted() -> None:
    """autograd accepts it: 1e-6 absolute *or* relative (autograd/test_util.py, scalar_close)."""
    verdict = gradient_check(lambda x: 1e-8 * float(x @ x), lambda x: 0 * x, gaussian(20))
    assert verdict.status is Status.REFUTED
    assert "all of it is zero" in verdict.message


def test_an_all_zero_derivative_of_600_sines_in_single_precision_is_refuted() -> None:
    """jax.test_util.check_grads multiplies its tolerance by the size (jax-ml/jax#3130)."""
    x = gaussian(600).astype(np.float32)
    assert vjp_check(np.sin, lambda x, u: 0 * x, x).status is Status.REFUTED
    assert vjp_check(np.sin, lambda x, u: u * np.cos(x), x).status is Status.CONFIRMED


def permuted(x: Array, u: Array) -> Array:
    back = np.empty_like(u)
    back[np.argsort(x, kind="stable")] = u
    return back


def swapped(x: Array, u: Array) -> Array:
    back = permuted(x, u)
    back[:2] = back[1::-1]
    return back


def test_two_swapped_entries_in_a_large_sort_are_refuted() -> None:
    """torch's fast mode draws positive directions and accepts it (pytorch/pytorch#57166)."""
    x = gaussian(2000)
    verdict = vjp_check(np.sort, swapped, x)
    assert verdict.status is Status.REFUTED
    assert entry_of(verdict)["index"] in ([0], [1])
    assert vjp_check(np.sort, permuted, x).status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("backward", "hint"),
    [(lambda x, u: u, "it is the upstream gradient, unchanged"), (lambda x, u: None, "None")],
)
def test_gradients_that_do_nothing_are_refuted(backward: Any, hint: str) -> None:
    """Chainer passed bad gradients for a while without looking (chainer/chainer#3541)."""
    verdict = vjp_check(lambda x: x * x, backward, gaussian(5))
    assert verdict.status is Status.REFUTED
    assert hint in verdict.message


# What others reject.


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_relu_at_zero_may_have_any_slope_between(share: float) -> None:
    """pytorch/pytorch#114234; wished for in BVLC/caffe#1334."""
    x = gaussian(4, 4)
    x[1] = 0
    verdict = vjp_check(relu, lambda x, u: u * ((x > 0) + share * (x == 0)), x)
    assert verdict.status is Status.CONFIRMED
    assert any("x[1, 0] is at a kink" in said for said in verdict.assumptions)


@pytest.mark.parametrize("share", [-0.5, 1.5])
def test_relu_at_zero_has_no_slope_outside(share: float) -> None:
    x = np.zeros(3)
    verdict = vjp_check(relu, lambda x, u: u * ((x > 0) + share * (x == 0)), x)
    assert verdict.status is Status.REFUTED
    assert entry_of(verdict)["sides"]


def test_relu_beside_zero_is_no_mistake() -> None:
    """torch.empty holds 1e-310: the kink is nearer than any step (pytorch/pytorch#114234)."""
    x = np.full(6, 1e-310)
    assert vjp_check(relu, lambda x, u: u * (x > 0), x).status is Status.CONFIRMED


TIED = np.array([1.0, 1.0, 1.0, 8.0, 3.0, 3.0, 2.0, 1.0])


@pytest.mark.parametrize("shares", [(1.0, 0.0), (0.5, 0.5), (0.2, 0.8)])
def test_tied_maxima_may_share_as_they_like(shares: tuple[float, float]) -> None:
    """pytorch/pytorch#114219 and #114333."""

    def backward(x: Array, u: Array) -> Array:
        mask = winners(x)
        both = mask.all(1, keepdims=True)
        return spread(np.where(both, np.array(shares), mask), u)

    verdict = vjp_check(pool, backward, TIED)
    assert verdict.status is Status.CONFIRMED
    assert any("x[0], x[1] are tied" in said for said in verdict.assumptions)


def test_tied_maxima_may_not_take_all_twice() -> None:
    verdict = vjp_check(pool, lambda x, u: spread(winners(x), u), TIED)
    assert verdict.status is Status.REFUTED
    assert "x[0], x[1] are tied" in verdict.message


def test_where_kinks_meet_each_has_its_own_choice() -> None:
    """relu(a + b) - relu(a - b) has slope 1 by b to both sides, and 0 by relu'(0) = 0."""

    def f(x: Array) -> float:
        return float(relu(x[0] + x[1]) - relu(x[0] - x[1]))

    def grad(x: Array) -> Array:
        one, other = float(x[0] + x[1] > 0), float(x[0] - x[1] > 0)
        return np.array([one - other, one + other])

    assert gradient_check(f, grad, np.zeros(2)).status is Status.CONFIRMED


def test_dropout_needs_a_fixed_mask() -> None:
    x = gaussian(30)
    mask = 2.0 * (gaussian(30, seed=5) > 0)
    fixed = vjp_check(lambda x: x * mask, lambda x, u: u * mask, x)
    assert fixed.status is Status.CONFIRMED
    assert any("masks, seeds" in said for said in fixed.assumptions)
    rng = np.random.default_rng(0)
    drawn = vjp_check(lambda x: x * (rng.random(30) > 0.5), lambda x, u: u, x)
    assert drawn.status is Status.UNDECIDED
    assert "fix the mask" in drawn.message


# Counterexamples.


def test_the_counterexample_names_the_entry_and_reproduces_it() -> None:
    def wrong(x: Array, w: Array) -> tuple[Array, Array]:
        dx, dw = gradient(x, w)
        dw[2, 1] *= 1.0005
        return dx, dw

    verdict = gradient_check(loss, wrong, X, W)
    found = entry_of(verdict)
    assert (found["argument"], found["index"]) == ("w", [2, 1])
    assert found["left"] == pytest.approx(1.0005 * found["right"], rel=1e-8)
    names: dict[str, Any] = {"loss": loss, "wrong": wrong, "x": X, "w": W}
    line = found["python"].replace("print(", "said = (", 1)
    exec(line, names)
    assert names["said"]["claimed"] == pytest.approx(found["left"])
    assert names["said"]["derivative"] == pytest.approx(found["right"])


@pytest.mark.parametrize("factor", [-1.0, 2.0, 1.0005])
def test_one_factor_everywhere_is_named(factor: float) -> None:
    verdict = gradient_check(loss, lambda x, w: [factor * g for g in gradient(x, w)], X, W)
    assert f"every entry is {factor:g} times the derivative" in verdict.message


def test_verdicts_are_json() -> None:
    for grad in (gradient, lambda x, w: (np.full_like(x, np.nan), gradient(x, w)[1])):
        assert json.dumps(asdict(gradient_check(loss, grad, X, W)), allow_nan=False)


def test_right_at_a_special_point_only_is_undecided() -> None:
    verdict = gradient_check(lambda x: float(x @ x), lambda x: 2 * x**3, np.ones(4))
    assert verdict.status is Status.UNDECIDED
    assert "not near them" in verdict.message
    assert verdict.conditions
    assert entry_of(verdict)["point"] > 0


# Bad manners: a verdict each, never a traceback.


def raising(*_: Any) -> Any:
    raise ValueError("no such thing")


def clobbering(x: Array, w: Array) -> tuple[Array, Array]:
    x *= 2
    return gradient(x, w)


def clobbering_loss(x: Array, w: Array) -> float:
    x += 1
    return loss(x, w)


@pytest.mark.parametrize(
    ("f", "grad", "message"),
    [
        (raising, gradient, "f raises ValueError: no such thing"),
        (loss, raising, "raising raises ValueError: no such thing"),
        (clobbering_loss, gradient, "f writes to its argument x"),
        (loss, clobbering, "clobbering writes to its argument x"),
        (loss, lambda x, w: gradient(x, w)[0], "one gradient is given, there are 2"),
        (loss, lambda x, w: (*gradient(x, w), x), "3 gradients are given, there are 2"),
        (loss, lambda x, w: (w, x), "the gradient of x has shape (4, 2) instead of (3, 4)"),
        (loss, lambda x, w: (x > 0, w), "the gradient of x has the type bool"),
        (loss, lambda x, w: (x.astype("f4"), w), "has the type float32, x float64"),
        (loss, lambda x, w: ("x", w), "the gradient of x is a str, not an array"),
        (loss, lambda x, w: ([x], w), "the gradient of x is a list of 1 instead of one array"),
        (lambda x, w: x @ w, gradient, "use vjp_check"),
        (lambda x, w: None, gradient, "f gives no floating-point array but NoneType"),
        (lambda x, w: 3, gradient, "f gives no floating-point array but int"),
    ],
)
def test_what_is_no_gradient_is_ill_formed(f: Any, grad: Any, message: str) -> None:
    verdict = gradient_check(f, grad, X, W)
    assert verdict.status is Status.ILL_FORMED
    assert message in verdict.message


def test_writing_to_the_upstream_gradient_is_ill_formed() -> None:
    def backward(x: Array, u: Array) -> Array:
        u *= np.cos(x)
        return u

    verdict = vjp_check(np.sin, backward, gaussian(3))
    assert verdict.status is Status.ILL_FORMED
    assert "upstream" in verdict.message


def test_the_callers_arrays_are_never_touched() -> None:
    x, w = X.copy(), W.copy()
    gradient_check(clobbering_loss, clobbering, x, w)
    assert (x == X).all()
    assert (w == W).all()


def test_nothing_to_differentiate_by_is_ill_formed() -> None:
    assert gradient_check(lambda n: 1.0, lambda n: n, 3).status is Status.ILL_FORMED
    assert gradient_check(loss, gradient, X, W, wrt=[5]).status is Status.ILL_FORMED


def test_complex_arrays_are_not_judged() -> None:
    verdict = gradient_check(lambda z: float(abs(z).sum()), lambda z: z, np.ones(2, complex))
    assert verdict.status is Status.UNDECIDED


def test_a_function_without_a_value_is_undecided() -> None:
    verdict = gradient_check(lambda x: float(np.log(x).sum()), lambda x: 1 / x, -np.ones(2))
    assert verdict.status is Status.UNDECIDED
    assert "not finite" in verdict.message


def test_a_gradient_that_is_not_finite_is_refuted() -> None:
    def norm(x: Array) -> float:
        return float(np.sqrt(x @ x))

    verdict = gradient_check(norm, lambda x: x / norm(x), np.zeros(3))
    assert verdict.status is Status.REFUTED
    assert entry_of(verdict)["left"] == "nan"


def test_a_backward_pass_that_is_not_linear_is_refuted() -> None:
    verdict = vjp_check(lambda x: 3 * x, lambda x, u: 3 * np.abs(u), gaussian(4))
    assert verdict.status is Status.REFUTED
    assert "not linear" in verdict.message


def test_time_that_runs_out_is_a_verdict() -> None:
    def slow(x: Array) -> float:
        return float(sum(np.sin(x).sum() for _ in range(20000)))

    verdict = gradient_check(slow, lambda x: x, gaussian(3), seconds=0.3)
    assert verdict.status is Status.UNDECIDED
    assert "within 0.3 s" in verdict.message


# Arguments of all kinds.


def test_arguments_may_be_trees() -> None:
    def f(p: dict[str, Array], x: Array) -> float:
        return float(np.sum((x @ p["w"] + p["b"]) ** 2))

    def grad(p: dict[str, Array], x: Array) -> tuple[dict[str, Array], Array]:
        d = 2 * (x @ p["w"] + p["b"])
        return {"b": d.sum(0), "w": x.T @ d}, d @ p["w"].T

    p = {"w": W, "b": np.zeros(2)}
    assert gradient_check(f, grad, p, X).status is Status.CONFIRMED
    wrong = gradient_check(f, lambda p, x: ({**grad(p, x)[0], "w": 0 * W}, grad(p, x)[1]), p, X)
    assert entry_of(wrong)["argument"] == "p['w']"


def test_numbers_are_arguments() -> None:
    def f(a: float, b: float) -> float:
        return a * b**2

    assert gradient_check(f, lambda a, b: (b * b, 2 * a * b), 1.5, 2.5).status is Status.CONFIRMED
    assert gradient_check(f, lambda a, b: (b * b, a * b), 1.5, 2.5).status is Status.REFUTED


def test_labels_are_constants() -> None:
    labels = np.array([0, 1, 1])

    def f(x: Array, labels: Array) -> float:
        return float(np.sum(x[np.arange(3), labels] ** 2))

    def grad(x: Array, labels: Array) -> Array:
        back = np.zeros_like(x)
        back[np.arange(3), labels] = 2 * x[np.arange(3), labels]
        return back

    for result in (grad, lambda x, y: (grad(x, y), None)):
        assert gradient_check(f, result, X, labels).status is Status.CONFIRMED


def test_wrt_makes_constants_of_the_others() -> None:
    assert gradient_check(loss, lambda x, w: gradient(x, w)[1], X, W, wrt=1).status is (
        Status.CONFIRMED
    )
    verdict = gradient_check(loss, lambda x, w: 0 * w, X, W, wrt=1)
    names = {"loss": loss, "grad": lambda x, w: 0 * w, "x": X, "w": W}
    exec(entry_of(verdict)["python"].replace("print(", "said = (", 1), names)
    assert names["said"]["claimed"] == 0  # type: ignore[index]


def test_outputs_may_be_many_and_some_of_them_numbers_of_places() -> None:
    def f(x: Array) -> tuple[Array, Array, Array]:
        return np.sin(x), np.argsort(x), x * x

    def backward(x: Array, u: Any) -> Array:
        assert u[1] is None
        return u[0] * np.cos(x) + u[2] * 2 * x

    assert vjp_check(f, backward, gaussian(6)).status is Status.CONFIRMED


def test_a_layer_may_keep_what_it_computed() -> None:
    class Layer:
        def forward(self, x: Array) -> Array:
            self.y = np.tanh(x)
            return self.y

        def backward(self, _x: Array, u: Array) -> Array:
            return u * (1 - self.y**2)

    layer = Layer()
    assert vjp_check(layer.forward, layer.backward, gaussian(6)).status is Status.CONFIRMED


# Precision.


def test_single_precision_is_judged_in_double_where_the_functions_take_it() -> None:
    verdict = gradient_check(loss, gradient, X.astype("f4"), W.astype("f4"))
    assert verdict.status is Status.CONFIRMED
    assert verdict.evidence[0].detail == "float64, though given float32"


def test_single_precision_inside_is_allowed_for() -> None:
    def f(x: Array) -> float:
        return float(np.tanh(x.astype("f4")).sum())

    verdict = gradient_check(f, lambda x: 1 - np.tanh(x) ** 2, gaussian(10))
    assert verdict.status is Status.CONFIRMED
    assert gradient_check(f, lambda x: 1 - np.tanh(x), gaussian(10)).status is Status.REFUTED


def test_what_is_right_in_double_precision_only_is_undecided() -> None:
    def grad(x: Array) -> Array:
        return 2 * x if x.dtype == np.float64 else 3 * x

    verdict = gradient_check(lambda x: float(x @ x), grad, gaussian(5).astype("f4"))
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("the arrays are float64",)


def test_a_derivative_that_rounding_hides_is_undecided() -> None:
    def f(x: Array) -> float:
        return 1e14 + float(np.tanh(x).sum())

    for grad in (lambda x: 0 * x, lambda x: 1 - np.tanh(x) ** 2):
        verdict = gradient_check(f, grad, np.full(3, 0.5))
        assert verdict.status is Status.UNDECIDED
        assert "stands out from rounding" in verdict.message


def test_a_small_slope_on_a_large_value_is_seen_with_larger_steps() -> None:
    def f(x: Array) -> float:
        return 1 + 1e-11 * float(x @ x)

    assert gradient_check(f, lambda x: 0 * x, np.ones(3)).status is Status.REFUTED


def test_where_nothing_moves_zero_is_right() -> None:
    verdict = gradient_check(lambda x: float(relu(x - 9).sum()), lambda x: 0 * x, gaussian(5))
    assert verdict.status is Status.CONFIRMED
    assert "does not change" in verdict.message


def test_what_swings_faster_than_differences_can_follow_is_undecided() -> None:
    x = np.random.default_rng(0).normal(size=(4, 3))
    zero = gradient_check(lambda x: np.sin(1e9 * x).sum(), np.zeros_like, x)
    assert zero.status is Status.UNDECIDED


def test_a_bias_before_normalisation_has_no_gradient() -> None:
    """Mathematically zero, numerically roundings: neither may be held against it."""

    def f(b: Array) -> float:
        z = X + b
        return float((((z - z.mean(0)) / z.std(0)) ** 3).sum())

    assert gradient_check(f, lambda b: 0 * b, gaussian(4)).status is Status.CONFIRMED
    assert gradient_check(f, lambda b: 1e-16 + 0 * b, gaussian(4)).status is Status.CONFIRMED
    assert gradient_check(f, lambda b: 1e-3 + 0 * b, gaussian(4)).status is Status.REFUTED


@pytest.mark.gpu
def test_cupy_arrays_are_judged() -> None:
    import cupy

    x = cupy.asarray(gaussian(5, 4))
    assert vjp_check(cupy.sin, lambda x, u: u * cupy.cos(x), x).status is Status.CONFIRMED
    assert vjp_check(cupy.sin, lambda x, u: u * cupy.sin(x), x).status is Status.REFUTED
