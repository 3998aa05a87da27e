"""The derived backward inside PyTorch and JAX passes their own gradient checks."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.emit import emit
from derive.equations import Model
from tests.derive.emitted import draw, whole
from tests.derive.recurrences import recurrence
from tests.derive.test_emit import batched_zhang
from tests.models import correlation_relu

SMALL = {"P": 2, "Q": 3, "A": 1, "K": 1, "M": 3}
MODELS = {
    "a network with its loss": batched_zhang(**SMALL),
    "a layer": correlation_relu(),
    "a recurrence": recurrence("memory"),
}


def bridge(model: Model, target: str) -> ModuleType:
    pytest.importorskip(target)
    made = ModuleType("emitted")
    exec(compile(emit(model, target=target), "<emitted>", "exec"), made.__dict__)
    return made


def numbers(model: Model) -> tuple[dict[str, Any], dict[str, Any]]:
    params, inputs = draw(whole(model, 2 if model.batch else 1))
    return params, {n: a for n, a in inputs.items() if n in model.inputs}


@pytest.mark.parametrize("name", MODELS)
def test_gradcheck_of_pytorch(name: str) -> None:
    model = MODELS[name]
    module = bridge(model, "torch")
    import torch

    given = {n: a for group in numbers(model) for n, a in group.items()}
    arrays = [torch.tensor(given[n], requires_grad=True) for n in module.NAMES]

    def outputs(*values: Any) -> tuple[Any, ...]:
        named = dict(zip(module.NAMES, values, strict=True))
        params = {n: named.pop(n) for n in module.PARAMETERS}
        return tuple(module.apply(params, named).values())

    assert torch.autograd.gradcheck(outputs, arrays)


@pytest.mark.parametrize("name", MODELS)
def test_check_grads_of_jax(name: str) -> None:
    model = MODELS[name]
    module = bridge(model, "jax")
    import jax
    from jax.test_util import check_grads

    with jax.enable_x64(True):
        params, inputs = numbers(model)
        check_grads(module.apply, (params, inputs), order=1, modes=["rev"])
        plain = module.apply(params, inputs)
        jitted = jax.jit(module.apply)(params, inputs)
        for output, value in plain.items():
            np.testing.assert_array_equal(jitted[output], value)
            np.testing.assert_array_equal(module.forward(params, inputs)[output], value)
