"""The systems in `derive/models`: gradients and code are right, at sizes nobody chose too."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.emit import emit
from derive.equations import Model
from derive.errors import IllFormed, Problem
from derive.pipeline import load_model
from derive.reading.sheet import model_from_text
from derive.stand_in import concrete
from tests.derive.backward import backward
from tests.derive.emitted import bounded, draw, largest, module_of, reference, whole
from verify.oracles import check_gradients, random_values

EPS = float(np.finfo(np.float64).eps)
SYSTEMS = (
    "cnn-softmax", "cnn-softmax.batch", "cnn-softmax.stride-2", "cnn-softmax.convolution",
    "conv-relu", "conv-relu.window",
)  # fmt: skip
ACTIVATIONS = ("logistic", "tanh", "softplus", "relu", "leaky_relu", "sin")

loaded = cache(load_model)


@st.composite
def systems(draw: st.DrawFn, most: int = 3) -> Model:
    """A system at small sizes, its generic activation anything smooth or kinked."""
    model = loaded(draw(st.sampled_from(SYSTEMS)))
    sizes = {s.name: draw(st.integers(s.least, max(most, s.least))) for s in model.sizes}
    activation = draw(st.sampled_from(ACTIVATIONS))
    return replace(
        concrete(replace(model, stand_ins=dict.fromkeys(model.stand_ins, activation))),
        sizes={s: sizes[s.name] for s in model.sizes},
    )


@pytest.mark.long
@given(systems(), st.integers(0, 99))
@settings(max_examples=6)
def test_derived_gradients_agree_with_autograd_and_differences(model: Model, seed: int) -> None:
    small = whole(model, 1)
    values = random_values(small, np.random.default_rng(seed))
    checks = check_gradients(small, values, backward(small, values))
    assert all(c.agrees for c in checks.values()), checks


@given(systems(), st.integers(1, 3))
@settings(max_examples=3)
def test_emitted_code_computes_the_same(model: Model, samples: int) -> None:
    complete = whole(model, samples)
    params, inputs = draw(complete)
    tensors, gradients, allowed = reference(complete, params, inputs, EPS)
    expected = bounded(tensors, gradients)
    module = module_of(model)
    found = module.forward(params, inputs)
    found |= {f"d{n}": g for n, g in module.loss_and_gradients(params, inputs)[1].items()}
    for name, array in found.items():
        assert np.shape(array) == np.shape(expected[name]), name
        assert largest(array - expected[name]) <= allowed[name], name


def test_at_its_own_sizes_every_system_is_as_its_slides_say() -> None:
    shapes = {n: t.extents for n, t in loaded("cnn-softmax").at_sizes().tensors.items()}
    sides = [shapes[n][-1].value for n in ("I", "C1", "S1", "C2", "S2", "Z", "Y")]
    assert sides == [11, 10, 5, 4, 2, 32, 10]
    two = {n: t.extents for n, t in loaded("cnn-softmax.stride-2").at_sizes().tensors.items()}
    assert [two[n][-1].value for n in ("I", "C1")] == [11, 5]


def test_the_gradient_of_the_maxima_goes_to_winners_and_is_conserved() -> None:
    small = whole(loaded("conv-relu").resized(A=2, N_2=2, M=2, c=1, N_1=1), 1)
    values = random_values(small, np.random.default_rng(3))
    adjoints = backward(small, values)
    assert np.isclose(np.sum(adjoints["T2"]), np.sum(adjoints["U2"]))
    assert np.count_nonzero(adjoints["T2"]) <= adjoints["U2"].size


GENERIC = r"""---
inputs: [x]
sizes: {n: 3}
functions: {g: generic, '\sigma': logistic}
EMITTED---
$$ y_i = g(x_i) \sigma(x_i), \quad i = 1, \dots, n $$
"""


def test_code_needs_a_stand_in_for_a_generic_function() -> None:
    with pytest.raises(IllFormed, match="known only by its derivative"):
        emit(model_from_text(GENERIC.replace("EMITTED", ""), "g"))
    source = emit(model_from_text(GENERIC.replace("EMITTED", "emitted: {g: tanh}\n"), "g"))
    assert "tanh" in source


@pytest.mark.parametrize("wrong", [r"{'\sigma': tanh}", "{h: tanh}", "{g: magic}"])
def test_a_stand_in_is_for_a_generic_function_and_from_the_catalogue(wrong: str) -> None:
    with pytest.raises(Problem, match="emitted"):
        model_from_text(GENERIC.replace("EMITTED", f"emitted: {wrong}\n"), "g")
