"""NaN, infinities, memory layouts and memory in emitted code."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.emitting.peak import peak
from derive.learning import Batch
from derive.pipeline import load_model
from derive.plan import Plan, plan_inside
from derive.reading.sheet import model_from_text
from tests.derive.emitted import (
    Arrays,
    bounded,
    draw,
    interpreted,
    largest,
    module_of,
    whole,
)
from tests.models import zhang_like
from tests.strategies import Layer, Network, Slide, model_of, networks

POISON = [np.nan, np.inf, -np.inf]


def poisoned(arrays: Arrays, place: int, value: float) -> Arrays:
    """The arrays with this value at one place of one of them."""
    name = sorted(arrays)[place % len(arrays)]
    array = arrays[name].copy()
    array.flat[place // len(arrays) % array.size] = value
    return {**arrays, name: array}


def special(array: Any) -> np.ndarray:
    """NaN, infinities with their sign, and 0 for every other number."""
    return np.where(np.isfinite(array), 0.0, array)


def assert_special_where_interpreted(network: Network, module: ModuleType, values: Arrays) -> None:
    """NaN and infinities are where they are number by number, in tensors and gradients."""
    complete = whole(model_of(network), network.samples)
    params, inputs = ({n: values[n] for n in names} for names in (module.PARAMETERS, module.INPUTS))
    with np.errstate(all="ignore"):
        tensors, exact = interpreted(complete, values)
        found = module.forward(params, inputs)
        _, gradients = module.loss_and_gradients(params, inputs)
    expected = bounded(tensors, exact)
    for name, array in bounded(found, gradients).items():
        np.testing.assert_array_equal(special(array), special(expected[name]), name)


def drawn(network: Network) -> Arrays:
    params, inputs = draw(whole(model_of(network), network.samples))
    return params | inputs


@given(networks(), st.integers(0, 10**6), st.sampled_from(POISON))
@settings(max_examples=3)
def test_nan_and_infinity_reach_what_reads_them_and_nothing_else(
    network: Network, place: int, value: float
) -> None:
    values = poisoned(drawn(network), place, value)
    assert_special_where_interpreted(network, module_of(model_of(network)), values)


PADDED = Network(
    image=(4, 3),
    channels=2,
    layers=(
        Layer("correlation", (Slide(3, padding=1), Slide(3, padding=1)), 2, "logistic"),
        Layer("convolution", (Slide(3, 2, padding=2), Slide(2, padding=1)), 2, "tanh", bias=False),
    ),
    outputs=2,
    column_major=False,
    loss="squared",
    batch="sum",
    samples=2,
    origin=1,
)


@pytest.mark.parametrize("value", POISON)
@pytest.mark.parametrize("place", [0, 3, 13])
def test_a_zero_of_the_padding_times_nan_is_nothing(place: int, value: float) -> None:
    """A kernel's first element (k1), which is outside at the first pixel, an adjoint's (y)."""
    values = drawn(PADDED)
    for name in ("k1", "y", "X"):
        poison = poisoned({name: values[name]}, place, value)
        assert_special_where_interpreted(PADDED, made_padded(), values | poison)


@cache
def made_padded() -> ModuleType:
    return module_of(model_of(PADDED))


def laid_out(a: np.ndarray, order: str) -> np.ndarray:
    """The same numbers in another memory layout, not to be written to."""
    if order == "F":
        a = np.asfortranarray(a)
    elif order == "gaps":
        a = np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a.copy()
    else:
        a = np.flip(np.flip(a).copy())
    a.flags.writeable = False
    return a


@given(networks(), st.sampled_from(["F", "gaps", "backwards"]))
@settings(max_examples=5)
def test_any_network_takes_any_layout_and_writes_to_no_input(network: Network, order: str) -> None:
    model = model_of(network)
    module = module_of(model)
    params, inputs = draw(whole(model, network.samples))

    def computed(order: str | None) -> Arrays:
        given = [params, inputs]
        if order is not None:
            given = [{n: laid_out(a, order) for n, a in arrays.items()} for arrays in given]
        _, gradients = module.loss_and_gradients(*given)
        return bounded(module.forward(*given), gradients)

    plain = computed(None)
    for name, array in computed(order).items():
        assert largest(array - plain[name]) <= 1e-12 * largest(plain[name]) + 1e-300, name


def test_what_was_returned_stays_when_the_function_is_called_again() -> None:
    model = replace(zhang_like(P=2, Q=3, A=2, K=1, M=3), batch=Batch("n", ("I", "y"), "mean"))
    module = module_of(model)
    setattr(module, "CHUNK", {8: 2})  # noqa: B010 (a module knows no such attribute)
    params, inputs = draw(whole(model, 5))
    loss, gradients = module.loss_and_gradients(params, inputs)
    tensors = module.forward(params, inputs)
    before = {n: a.copy() for n, a in bounded(tensors, gradients).items()}
    other = {n: a + 1 for n, a in inputs.items()}
    module.loss_and_gradients(params, other)
    module.forward(params, other)
    for name, array in bounded(tensors, gradients).items():
        np.testing.assert_array_equal(array, before[name])
    assert module.loss_and_gradients(params, inputs)[0] == loss


def test_threads_may_call_a_module_at_once() -> None:
    model = replace(zhang_like(P=2, Q=3, A=2, K=1, M=3), batch=Batch("n", ("I", "y"), "mean"))
    module = module_of(model)
    setattr(module, "CHUNK", {8: 2})  # noqa: B010
    given = [draw(whole(model, samples), seed=samples) for samples in (1, 2, 3, 5)]
    alone = [module.loss_and_gradients(*numbers) for numbers in given]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda numbers: module.loss_and_gradients(*numbers), 5 * given))
    for (loss, gradients), (loss_alone, gradients_alone) in zip(found, 5 * alone, strict=True):
        assert loss == loss_alone
        for name, array in gradients.items():
            np.testing.assert_array_equal(array, gradients_alone[name])


@pytest.mark.parametrize("loss", ["sum", "mean"])
def test_chunks_add_up_and_keep_the_rules_for_errors(loss: str) -> None:
    model = replace(zhang_like(P=2, Q=3, A=2, K=1, M=3), batch=Batch("n", ("I", "y"), loss))
    module = module_of(model)
    params, inputs = draw(whole(model, 7))
    alone = module.loss_and_gradients(params, inputs)
    setattr(module, "CHUNK", {8: 2})  # noqa: B010
    loss_, gradients = module.loss_and_gradients(params, inputs)
    assert abs(loss_ - alone[0]) <= 1e-13 * abs(alone[0])
    for name, array in alone[1].items():
        assert largest(gradients[name] - array) <= 1e-13 * largest(array), name
    inputs["I"][6] = np.inf
    with np.errstate(invalid="raise"), pytest.raises(FloatingPointError):
        module.loss_and_gradients(params, inputs)


OBJECTS = 48 * 2**10
"""Bytes of headers, dictionaries and shapes beside the numbers of some hundred arrays."""

MASKS = 1.1
"""Comparisons give a byte a number, and NumPy's iterators buffer a few thousand."""


@cache
def made(name: str) -> tuple[Plan, ModuleType]:
    model = load_model(name)
    return plan_inside(model), module_of(model)


@pytest.mark.parametrize("name", ["zhang", "cnn-softmax"])
@pytest.mark.parametrize("batch", [1, 100])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_plan_predicts_the_peak_memory(name: str, batch: int, dtype: str) -> None:
    plan, module = made(name)
    params = module.init(np.random.default_rng(0), dtype)
    inputs = {
        n: np.ones([batch if extent == "batch" else extent for extent in shape], dtype)
        for n, shape in module.INPUTS.items()
    }
    module.loss_and_gradients(params, inputs)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        module.loss_and_gradients(params, inputs)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    predicted = peak(plan, batch, np.dtype(dtype).itemsize)
    assert most - before <= MASKS * predicted + OBJECTS
    assert predicted <= MASKS * (most - before)


BRACKETS = r"""---
loss: L
inputs: [x]
batch: {axis: m, over: [x], loss: sum}
sizes: {n: 3}
---
$$ s_i = \sum_{j=1}^{i} w_j x_j, \quad i = 1, \dots, n $$
$$ z_i = \sum_{j=1}^{n} [j \le i] A_{ij} s_j, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} z_i^2 $$
"""


@given(st.integers(0, 10**4), st.sampled_from(POISON))
@settings(max_examples=6)
def test_what_a_bracket_leaves_out_is_not_met(place: int, value: float) -> None:
    model = model_from_text(BRACKETS, "brackets")
    complete, module = whole(model, 2), module_of(model)
    params, inputs = draw(complete)
    values = poisoned(params | inputs, place, value)
    params, inputs = ({n: values[n] for n in part} for part in (params, inputs))
    with np.errstate(all="ignore"):
        tensors, exact = interpreted(complete, values)
        found = bounded(
            module.forward(params, inputs), module.loss_and_gradients(params, inputs)[1]
        )
    expected = bounded(tensors, exact)
    for name, array in found.items():
        np.testing.assert_array_equal(special(array), special(expected[name]), name)
