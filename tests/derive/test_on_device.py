"""On a GPU the emitted code computes what it computes with NumPy, and nothing leaves the device.

With `tests.derive.device` in place of CuPy wherever there is no GPU: its arrays refuse to be looked
into, so that every hidden copy fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Model
from derive.learning import Batch
from derive.optimisers import OPTIMISERS, with_update
from derive.pipeline import load_model, model_names
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_document
from tests.corpus.library import TOPICS, topic
from tests.derive.device import Device
from tests.derive.emitted import Arrays, bounded, draw, has_code, module_of, reference, whole
from tests.derive.recurrences import SHEETS, recurrence
from tests.derive.spaces import SPACES, StandIn
from tests.derive.test_attention_code import ATTENTION, GRU
from tests.derive.test_emit_values import POISON, poisoned, special
from tests.derive.test_optimisers import MODEL
from tests.models import zhang_like
from tests.strategies import Network, model_of, networks

SAMPLES = 2
SMALL = {"zhang": {"P": 2, "Q": 3, "K": 2}}
"""Sizes that are not as small as all others."""

SHORT = {"zhang", "mlp.layers", "memory", "batch_normalisation"}
"""What is run in the short tier; the long one runs everything."""

FEW = settings().max_examples // 10
"""Examples of tests that take their time: one in the short tier."""


def in_time(names: Iterable[str]) -> list[Any]:
    """The names as parameters of a test."""
    return [n if n in SHORT else pytest.param(n, marks=pytest.mark.long) for n in names]


def small(model: Model) -> Model:
    """A model of the library with few numbers in every dimension, each of at least two."""
    sizes = {s.name: max(2, s.least) for s in model.sizes}
    return model.resized(**(sizes | SMALL.get(model.name, {}))) if sizes else model


def computed(module: ModuleType, params: Arrays, inputs: Arrays, xp: Any = np) -> Arrays:
    """Tensors, loss, gradients and parameters after two steps."""
    tensors = module.forward(params, inputs, xp=xp)
    loss, gradients = module.loss_and_gradients(params, inputs, xp=xp)
    first, state = module.update(params, gradients, xp=xp)
    second, _ = module.update(first, gradients, state, xp=xp)
    return bounded(tensors, gradients) | {"loss": loss} | {f"new {n}": a for n, a in second.items()}


def assert_same(model: Model, kind: type[StandIn], dtype: str = "float64") -> None:
    """All that is computed there is what NumPy computes, but for roundings of both."""
    space, module, complete = kind(), module_of(model), whole(model, SAMPLES)
    params, inputs = draw(complete)
    expected = computed(module, params, inputs)
    there = space.sent(params, dtype), space.sent(inputs, dtype)
    with space.undisturbed():
        found = computed(module, *there, xp=space.xp)
    assert {str(a.dtype) for a in found.values()} == {dtype}
    _, _, allowed = reference(complete, params, inputs, 2 * float(np.finfo(dtype).eps))
    assert found.keys() == expected.keys()
    for name, array in space.fetched(found).items():
        if name in allowed:
            assert np.max(np.abs(array - expected[name]), initial=0) <= allowed[name], name


@SPACES
@pytest.mark.parametrize("name", in_time(model_names()))
def test_every_system_of_the_library(name: str, kind: type[StandIn]) -> None:
    assert_same(small(load_model(name)), kind)


@SPACES
@pytest.mark.parametrize("name", in_time(sorted(path.stem for path in TOPICS.glob("*.yaml"))))
def test_every_topic_of_the_corpus(name: str, kind: type[StandIn]) -> None:
    model = topic(name).model
    if not has_code(model):
        pytest.skip("a function of it may be any: there is no code for it")
    assert_same(model, kind)


@SPACES
@pytest.mark.parametrize(
    "sheet", [ATTENTION, pytest.param(GRU, marks=pytest.mark.long)], ids=["attention", "gru"]
)
def test_attention_and_gates(sheet: str, kind: type[StandIn]) -> None:
    assert_same(model_from_document(document_from_text(sheet, "sheet.md"), "sheet"), kind)


@SPACES
@pytest.mark.parametrize("name", in_time(SHEETS))
def test_recurrences(name: str, kind: type[StandIn]) -> None:
    assert_same(recurrence(name), kind)


@SPACES
@given(network=networks())
@settings(max_examples=FEW)
def test_any_network_of_the_family(network: Network, kind: type[StandIn]) -> None:
    assert_same(model_of(network), kind)


@SPACES
@pytest.mark.long
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_zhangs_network_at_full_size(dtype: str, kind: type[StandIn]) -> None:
    assert_same(replace(zhang_like(), batch=Batch("n", ("I", "y"), "mean")), kind, dtype)


@SPACES
@given(networks(), st.integers(0, 10**4), st.sampled_from(POISON))
@settings(max_examples=2 * FEW)
def test_nan_and_infinities_are_where_they_are_on_the_host(
    kind: type[StandIn], network: Network, place: int, value: float
) -> None:
    model, space = model_of(network), kind()
    module, complete = module_of(model), whole(model, network.samples)
    params, inputs = draw(complete)
    spoilt = poisoned({**params, **inputs}, place, value)
    params, inputs = ({n: spoilt[n] for n in arrays} for arrays in (params, inputs))
    with np.errstate(all="ignore"):
        expected = computed(module, params, inputs)
    found = computed(module, space.sent(params), space.sent(inputs), space.xp)
    for name, array in space.fetched(found).items():
        np.testing.assert_array_equal(special(array), special(expected[name]), name)


@SPACES
@pytest.mark.parametrize("rule", OPTIMISERS)
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.long)])
def test_every_update_rule(rule: str, dtype: str, kind: type[StandIn]) -> None:
    space, module = kind(), module_of(with_update(MODEL, rule))
    rng = np.random.default_rng(0)
    params = module.init(rng, np.dtype(dtype))
    grads = {n: rng.standard_normal(p.shape).astype(dtype) for n, p in params.items()}
    there, slopes = space.sent(params, dtype), space.sent(grads, dtype)
    state = other = None
    for _ in range(3):
        params, state = module.update(params, grads, state)
        with space.undisturbed():
            there, other = module.update(there, slopes, other, xp=space.xp)
    assert {str(a.dtype) for a in there.values()} == {dtype}
    # Some ten roundings a step, of numbers that are hardly greater than the result.
    eps = float(np.finfo(dtype).eps)
    for name, array in space.fetched(there).items():
        np.testing.assert_allclose(array, params[name], rtol=100 * eps, atol=100 * eps)


@SPACES
def test_gradients_are_the_slopes_of_the_loss_there(kind: type[StandIn]) -> None:
    model, space, step = small(load_model("zhang")), kind(), 1e-5
    module = module_of(model)
    params, inputs = draw(whole(model, SAMPLES))
    way = draw(whole(model, SAMPLES), seed=1)[0]

    def loss(distance: float) -> float:
        moved = {n: p + distance * way[n] for n, p in params.items()}
        found, _ = module.loss_and_gradients(space.sent(moved), space.sent(inputs), xp=space.xp)
        return float(found.get())

    _, grads = module.loss_and_gradients(space.sent(params), space.sent(inputs), xp=space.xp)
    slope = sum(float(np.sum(g * way[n])) for n, g in space.fetched(grads).items())
    # The error of a central difference is of second order in the step.
    np.testing.assert_allclose((loss(step) - loss(-step)) / (2 * step), slope, rtol=1e-6)


@SPACES
def test_parameters_are_made_saved_and_loaded_there(kind: type[StandIn], tmp_path: Path) -> None:
    space, module = kind(), module_of(small(load_model("zhang")))
    params = module.init(np.random.default_rng(0), np.float32, space.xp)
    module.save(tmp_path / "weights.npz", params)
    there = space.fetched(module.load(tmp_path / "weights.npz", space.xp))
    for name, array in space.fetched(params).items():
        np.testing.assert_array_equal(there[name], array)


HIDDEN: dict[str, Callable[[Any], Any]] = {
    "a number": float,
    "an integer": int,
    "a truth value": bool,
    "a mask as an index": lambda x: x[x > 0],
    "NumPy's function": np.exp,
    "NumPy's array beside it": lambda x: x + np.ones(3),
    "a number of NumPy": lambda x: x * np.float64(2),
    "an array of NumPy": np.asarray,
    "its elements": list,
}


@pytest.mark.parametrize("what", HIDDEN)
def test_the_stand_in_refuses_to_be_looked_into(what: str) -> None:
    with pytest.raises(TypeError):
        HIDDEN[what](Device().asarray([1.0, 2.0, 3.0]))
