"""The tangent of an expression against differences and against autograd's gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from derive.equations import Model
from derive.evaluate import evaluate, integer_ranges
from derive.run import run
from tests.models import correlation_relu, padded_softplus, zhang_like
from tests.verify.layers import attention, layer_norm, max_pooling, softmax
from verify.oracles import autograd_gradients, random_values
from verify.tangent import direction_name, tangent, tensor_of

MODELS: dict[str, Callable[[], Model]] = {
    "Zhang's": lambda: zhang_like(P=2, Q=3, A=2, K=1, M=3),
    "correlation": lambda: correlation_relu(stride=3, dilation=2, out=4),
    "padding": lambda: padded_softplus(5, 2),
    "softmax": lambda: softmax().model,
    "attention": lambda: attention().model,
    "layer norm": lambda: layer_norm().model,
    "maximum": lambda: max_pooling().model,
}


@pytest.mark.parametrize("name", MODELS)
def test_the_tangent_is_the_gradient_along_the_directions(name: str) -> None:
    """``sum over T of <dL/dT, direction of T>``, every tensor moved by itself as well."""
    model = MODELS[name]().at_sizes()
    rng = np.random.default_rng(0)
    values = random_values(model, rng)
    env, gradients = run(model, values), autograd_gradients(model, values)
    along = {n: rng.normal(size=np.shape(env[n])) for n in gradients}
    ranges = integer_ranges(model)
    ranges |= {direction_name(n): ranges[n] for n in along}
    everything = {**env, **{direction_name(n): a for n, a in along.items()}}
    for e in model.equations:
        follows = evaluate(tangent(e.rhs), e.axes, everything, ranges)
        everything[direction_name(e.tensor)] = follows + along[e.tensor]
    tops = {n: gradients[n] for n in model.outputs}
    forwards = sum(float(np.sum(everything[direction_name(n)] * u)) for n, u in tops.items())
    backwards = sum(float(np.sum(gradients[n] * a)) for n, a in along.items())
    assert forwards == pytest.approx(backwards, rel=1e-10)


def test_a_direction_is_told_from_a_tensor() -> None:
    assert tensor_of(direction_name("k1")) == "k1"
    assert tensor_of("k1") is None
