"""On a GPU the emitted module computes with CuPy what it computes with NumPy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from derive.equations import Model
from derive.learning import Batch
from tests.derive.emitted import Arrays, bounded, draw, module_of, reference, whole
from tests.models import zhang_like
from tests.strategies import Network, model_of, networks

pytestmark = pytest.mark.gpu


def on_device(arrays: Arrays, dtype: str) -> Arrays:
    """The arrays in CuPy."""
    import cupy

    return {n: cupy.asarray(a, dtype=dtype) for n, a in arrays.items()}


def both(model: Model, samples: int, dtype: str) -> tuple[Arrays, Arrays, dict[str, float]]:
    """Everything computed by NumPy in float64 and by CuPy, and how far apart they may be."""
    import cupy

    module, complete = module_of(model), whole(model, samples)
    params, inputs = draw(complete)
    _, gradients = module.loss_and_gradients(params, inputs)
    host = bounded(module.forward(params, inputs), gradients)
    there, others = on_device(params, dtype), on_device(inputs, dtype)
    _, gradients = module.loss_and_gradients(there, others, xp=cupy)
    device = bounded(module.forward(there, others, xp=cupy), gradients)
    assert {str(a.dtype) for a in device.values()} == {dtype}
    # Twice: both computations round.
    _, _, allowed = reference(complete, params, inputs, 2 * float(np.finfo(dtype).eps))
    return host, {n: a.get() for n, a in device.items()}, dict(allowed)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_zhangs_network_at_full_size(dtype: str) -> None:
    model = replace(zhang_like(), batch=Batch("n", ("I", "y"), "mean"))
    host, device, allowed = both(model, 3, dtype)
    for name, array in device.items():
        assert np.max(np.abs(array - host[name])) <= allowed[name], name


@given(networks())
@settings(max_examples=10)
def test_any_network_of_the_family(network: Network) -> None:
    host, device, allowed = both(model_of(network), network.samples, "float64")
    for name, array in device.items():
        assert np.max(np.abs(array - host[name])) <= allowed[name], name


def test_parameters_are_made_saved_and_loaded_on_the_device(tmp_path: Path) -> None:
    import cupy

    module = module_of(replace(zhang_like(), batch=Batch("n", ("I", "y"), "sum")))
    params = module.init(np.random.default_rng(0), np.float32, cupy)
    assert all(isinstance(a, cupy.ndarray) for a in params.values())
    module.save(tmp_path / "weights.npz", params)
    for name, array in module.load(tmp_path / "weights.npz", cupy).items():
        np.testing.assert_array_equal(array.get(), params[name].get())
