"""Emitted code of recurrences: a loop over time, beside the interpreter, any places."""

from __future__ import annotations

import numpy as np
import pytest

from derive.emit import emit
from tests.derive.emitted import bounded, draw, largest, module_of, reference, whole
from tests.derive.recurrences import SHEETS, recurrence

EPS = float(np.finfo(np.float64).eps)


@pytest.mark.parametrize(
    "name", ["scalar", *(pytest.param(n, marks=pytest.mark.long) for n in SHEETS if n != "scalar")]
)
def test_the_emitted_loop_computes_what_the_interpreter_does(name: str) -> None:
    model = recurrence(name)
    complete = whole(model, 3)
    params, inputs = draw(complete)
    module = module_of(model)
    env, exact, bounds = reference(complete, params, inputs, EPS)
    loss, grads = module.loss_and_gradients(params, inputs)
    found = bounded(module.forward(params, inputs) | {model.loss: loss}, grads)
    for key, value in bounded(env, exact).items():
        if key in found:
            assert largest(found[key] - value) <= bounds[key], key
    assert set(grads) == set(model.parameters)


def test_the_loop_runs_over_time_alone() -> None:
    source = emit(recurrence("memory"))
    forward = source[source.index("def _forward") : source.index("def _loss")]
    assert forward.count("for ") == 1
    assert "for t in range(1, 4):" in forward
    assert "h_before = h[:, t - 1]" in forward
    assert "for t in range(3, -1, -1):" in source


def test_a_place_without_successor_is_a_condition() -> None:
    source = emit(recurrence("elman"))
    assert "if t <= 3:" in source
    assert "if t >= 1:" in source


def test_one_place_is_enough() -> None:
    model = recurrence("elman").resized(T=1)
    params, inputs = draw(whole(model, 1))
    loss, grads = module_of(model).loss_and_gradients(params, inputs)
    state = np.tanh(params["A"] @ inputs["s0"] + params["B"] @ inputs["x"][0] + params["v"])
    assert np.isclose(loss, 0.5 * np.sum((state - inputs["r"][0]) ** 2))
    assert np.allclose(grads["v"], (state - inputs["r"][0]) * (1 - state**2))
