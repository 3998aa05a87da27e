"""Side by side with the checks of others: what they accept or reject, and what we say of it.

Runs where PyTorch and JAX are installed (extra `peers`); autograd is always there.
"""

from __future__ import annotations

from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.extend import defvjp, primitive
from autograd.test_util import check_grads as autograd_check

from verify.functions import gradient_check, vjp_check
from verify.verdict import Status


def gaussian(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape)


def accepts(check: Any, *arguments: Any, **options: Any) -> bool:
    """What another checker says; both kinds of refusal are an exception."""
    try:
        check(*arguments, **options)
    except (AssertionError, RuntimeError):
        return False
    return True


# autograd


def test_autograd_accepts_a_zero_gradient_of_a_small_function() -> None:
    """An absolute *or* a relative tolerance: below 1e-6 everything is equal."""

    @primitive
    def small(x: Any) -> Any:
        return 1e-8 * anp.sum(x * x)

    defvjp(small, lambda ans, x: lambda g: 0 * x * g)
    x = gaussian(20)
    assert accepts(autograd_check(small, modes=["rev"], order=1), x)
    verdict = gradient_check(small, autograd.grad(small), x)
    assert verdict.status is Status.REFUTED


# JAX


@pytest.fixture
def jax() -> Any:
    return pytest.importorskip("jax", reason="JAX is not installed (extra `peers`)")


@pytest.fixture
def flat_sine(jax: Any) -> Any:
    """A sine whose derivative is declared to be zero."""

    @jax.custom_jvp
    def sine(x: Any) -> Any:
        return jax.numpy.sin(x)

    sine.defjvp(lambda xs, ts: (jax.numpy.sin(xs[0]), 0 * ts[0]))
    return sine


def test_jax_accepts_an_all_zero_derivative_of_600_sines(jax: Any, flat_sine: Any) -> None:
    """Its tolerance is multiplied by the size of the array (jax-ml/jax#3130)."""
    from jax.test_util import check_grads

    x = jax.numpy.asarray(gaussian(600), dtype="float32")
    assert accepts(check_grads, flat_sine, (x,), order=1, modes=["fwd"])
    assert not accepts(check_grads, flat_sine, (x[:6],), order=1, modes=["fwd"])
    verdict = vjp_check(flat_sine, lambda x, u: jax.vjp(flat_sine, x)[1](u)[0], x)
    assert verdict.status is Status.REFUTED
    assert verdict.evidence[0].detail == "float64, though given float32"


def test_jax_arrays_are_judged_in_double_precision(jax: Any) -> None:
    x = jax.numpy.asarray(gaussian(40), dtype="float32")
    verdict = vjp_check(jax.jit(jax.numpy.sin), lambda x, u: u * jax.numpy.cos(x), x)
    assert verdict.status is Status.CONFIRMED
    assert jax.numpy.ones(1).dtype == "float32"


def test_jax_trees_and_labels_are_arguments(jax: Any) -> None:
    jnp = jax.numpy
    labels = jnp.asarray([0, 2, 1])
    weights = {"w": jnp.asarray(gaussian(4, 3)), "b": jnp.zeros(3)}
    x = jnp.asarray(gaussian(3, 4))

    def entropy(p: Any, x: Any, labels: Any) -> Any:
        z = x @ p["w"] + p["b"]
        return jnp.mean(jax.nn.logsumexp(z, 1) - z[jnp.arange(3), labels])

    loss, right = jax.jit(entropy), jax.jit(jax.grad(entropy))
    assert gradient_check(loss, right, weights, x, labels, wrt=0).status is Status.CONFIRMED

    def without_mean(p: Any, x: Any, labels: Any) -> Any:
        return jax.tree.map(lambda g: 3 * g, right(p, x, labels))

    verdict = gradient_check(loss, without_mean, weights, x, labels, wrt=0)
    assert "every entry is 3 times the derivative" in verdict.message


# PyTorch


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch", reason="PyTorch is not installed (extra `peers`)")


def pulled(torch: Any, f: Any) -> Any:
    """What PyTorch's backward pass gives, as a function of the upstream gradient."""
    return lambda x, u: torch.autograd.grad(f(x), x, u)[0]


def leaf(torch: Any, values: Any) -> Any:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def test_torch_fast_mode_accepts_two_swapped_entries_of_a_large_sort(torch: Any) -> None:
    """Positive directions and a tolerance that is scaled by them (pytorch/pytorch#57166)."""

    class Sort(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y, order = torch.sort(x)
            ctx.save_for_backward(order)
            return y

        @staticmethod
        def backward(ctx: Any, u: Any) -> Any:
            (order,) = ctx.saved_tensors
            back = torch.empty_like(u)
            back[order] = u
            return torch.cat([back[:2].flip(0), back[2:]])

    x = leaf(torch, gaussian(500))
    check = torch.autograd.gradcheck
    assert accepts(check, Sort.apply, (x,), fast_mode=True)
    assert not accepts(check, Sort.apply, (x,), fast_mode=False)
    verdict = vjp_check(Sort.apply, pulled(torch, Sort.apply), x)
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample is not None
    assert verdict.counterexample["index"] in ([0], [1])

    def right(x: Any) -> Any:
        return torch.sort(x)[0]

    assert vjp_check(right, pulled(torch, right), x).status is Status.CONFIRMED


@pytest.mark.parametrize("value", [0.0, 1e-310])
def test_torch_rejects_relu_at_zero(torch: Any, value: float) -> None:
    """pytorch/pytorch#114234: uninitialised memory held such values."""
    relu = torch.nn.functional.relu
    x = leaf(torch, np.full((4, 4), value))
    assert not accepts(torch.autograd.gradcheck, relu, (x,))
    verdict = vjp_check(relu, pulled(torch, relu), x)
    assert verdict.status is Status.CONFIRMED
    assert any("is at a kink" in said for said in verdict.assumptions)


def test_torch_rejects_tied_maxima(torch: Any) -> None:
    """pytorch/pytorch#114219, with its numbers."""

    def pool(x: Any) -> Any:
        f = torch.nn.functional.max_pool1d
        return f(x.unsqueeze(0), 2, stride=2, padding=1, ceil_mode=True)

    x = leaf(torch, [1.0, 1.0, 1.0, 8.0])
    assert not accepts(torch.autograd.gradcheck, pool, (x,))
    verdict = vjp_check(pool, pulled(torch, pool), x)
    assert verdict.status is Status.CONFIRMED
    assert any("x[1], x[2] are tied" in said for said in verdict.assumptions)


def test_torch_outputs_may_hold_the_places_of_maxima(torch: Any) -> None:
    def backward(x: Any, u: Any) -> Any:
        return torch.autograd.grad(torch.max(x, 0)[0], x, u[0])[0]

    x = leaf(torch, [[1.0, 2.0], [1.0, 3.0], [1.0, 0.0]])
    assert vjp_check(lambda x: torch.max(x, 0), backward, x).status is Status.CONFIRMED


def test_torch_dropout_needs_a_fixed_mask(torch: Any) -> None:
    x = leaf(torch, gaussian(40))
    dropout = torch.nn.Dropout(0.5)
    drawn = vjp_check(dropout, pulled(torch, dropout), x)
    assert drawn.status is Status.UNDECIDED
    assert "fix the mask" in drawn.message

    def seeded(x: Any) -> Any:
        torch.manual_seed(3)
        return dropout(x)

    assert vjp_check(seeded, pulled(torch, seeded), x).status is Status.CONFIRMED


def test_torch_modules_in_single_precision_are_judged_as_they_are(torch: Any) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(4, 3)
    x = torch.randn(5, 4)
    right = vjp_check(layer, lambda x, u: u @ layer.weight, x)
    assert right.status is Status.CONFIRMED
    assert "do not take float64" in right.evidence[0].detail
    wrong = vjp_check(layer, lambda x, u: 1.01 * u @ layer.weight, x)
    assert wrong.status is Status.REFUTED
