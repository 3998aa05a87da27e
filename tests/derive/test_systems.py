"""The systems in `derive/models`: what each of them is known for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from derive.emit import emit
from derive.errors import IllFormed, Problem
from derive.pipeline import load_model
from derive.reading.sheet import model_from_text
from tests.derive.backward import backward
from tests.derive.emitted import module_of, whole
from verify.oracles import random_values

loaded = cache(load_model)


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


def test_a_filter_over_depth_starts_smaller_for_what_it_adds_up() -> None:
    """Each of its 3x3 weights multiplies a sum over the depth: 9 c connections into a unit."""
    params = module_of(loaded("conv-relu").resized(c=5, N_1=40)).init(np.random.default_rng(0))
    limit = np.sqrt(6 / (9 * 5 + 9 * 40))
    assert 0.9 * limit < np.abs(params["F1"]).max() <= limit
