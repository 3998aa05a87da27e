"""Saturated models have finite losses and gradients where the mathematics does, however typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pytest

from derive.emit import emit
from derive.equations import Model
from derive.plan import plan
from derive.reading.sheet import model_from_text
from tests.derive.emitted import bounded, draw, largest, module_of, reference, whole

SHEET = r"""---
title: Saturation
loss: L
inputs: [x, y]
batch: {axis: n, over: [x, y], loss: LOSS}
sizes: {m: 4, c: 3}
functions: {'\sigma': logistic}
---

$$ a_k = \sum_{i=1}^{m} W_{ki} x_i, \quad k = 1, \dots, c $$
"""

SOFTMAX = r"$$ p_k = \frac{\exp(a_k)}{\sum_{j=1}^{c} \exp(a_j)}, \quad k = 1, \dots, c $$"
ENTROPY = r"$$ L = -\sum_{k=1}^{c} y_k \log p_k $$"
BINARY = r"$$ L = -\sum_{k=1}^{c} (y_k \log p_k + (1 - y_k) \log(1 - p_k)) $$"

CLASSES: Mapping[str, str] = {
    "softmax, then its logarithm": SOFTMAX + ENTROPY,
    "a sum of its own": r"""
$$ s = \sum_{j=1}^{c} \exp(a_j) $$
$$ p_k = \frac{\exp(a_k)}{s}, \quad k = 1, \dots, c $$
"""
    + ENTROPY,
    "exponentials of their own": r"""
$$ e_k = \exp(a_k), \quad k = 1, \dots, c $$
$$ p_k = \frac{e_k}{\sum_{j=1}^{c} e_j}, \quad k = 1, \dots, c $$
"""
    + ENTROPY,
    "in one": r"""
$$ L = -\sum_{k=1}^{c} y_k \log \frac{\exp(a_k)}{\sum_{j=1}^{c} \exp(a_j)} $$""",
    "with the logarithm of the sum": r"""
$$ L = \log(\sum_{j=1}^{c} \exp(a_j)) \sum_{k=1}^{c} y_k - \sum_{k=1}^{c} y_k a_k $$""",
}
"""Cross-entropies of a softmax."""

UNITS: Mapping[str, str] = {
    "by name": r"$$ p_k = \sigma(a_k), \quad k = 1, \dots, c $$" + BINARY,
    "typed out": r"$$ p_k = \frac{1}{1 + \exp(-a_k)}, \quad k = 1, \dots, c $$" + BINARY,
    "the other quotient": r"""
$$ p_k = \frac{\exp(a_k)}{1 + \exp(a_k)}, \quad k = 1, \dots, c $$"""
    + BINARY,
    "softplus": r"$$ L = \sum_{k=1}^{c} (\log(1 + \exp(a_k)) - y_k a_k) $$",
}
"""Cross-entropies of logistic units."""

TANGENTS: Mapping[str, str] = {
    "two exponentials": r"\frac{\exp(a_k) - \exp(-a_k)}{\exp(a_k) + \exp(-a_k)}",
    "one exponential": r"\frac{1 - \exp(-2 a_k)}{1 + \exp(-2 a_k)}",
}
"""Hyperbolic tangents."""


def model(equations: str, loss: str = "sum") -> Model:
    return model_from_text(SHEET.replace("LOSS", loss) + "\n" + equations + "\n", "saturation")


@cache
def emitted(equations: str, loss: str = "sum") -> ModuleType:
    return module_of(model(equations, loss))


def numbers(scale: float, dtype: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Parameters, inputs and the a that they give, up to ``scale`` in size."""
    weights = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [-1, 0, 0, 1]], dtype=dtype)
    x = scale * np.array([[1, -1, 0, 0.5], [-1, 0.5, 0, -1], [0, 0, 1, 1]], dtype=dtype)
    y = np.array([[1, 0, 0], [0, 1, 0], [0, 0.25, 0.75]], dtype=dtype)
    return {"W": weights}, {"x": x, "y": y}, (x @ weights.T).astype(np.float64)


def softmax(a: Any, y: Any) -> tuple[Any, Any]:
    """Losses and their gradients in a."""
    total = np.logaddexp.reduce(a, axis=1, keepdims=True)
    return np.sum(y * (total - a)), np.exp(a - total) * y.sum(axis=1, keepdims=True) - y


def logistic(a: Any, y: Any) -> tuple[Any, Any]:
    """Losses and their gradients in a."""
    return np.sum(np.logaddexp(0, a) - y * a), np.exp(-np.logaddexp(0, -a)) - y


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [1.0, 1000.0])
@pytest.mark.parametrize("form", [*CLASSES, *UNITS])
def test_a_saturated_cross_entropy_is_finite_and_right(form: str, scale: float, dtype: str) -> None:
    params, inputs, a = numbers(scale, dtype)
    equations = {**CLASSES, **UNITS}[form]
    exact, slope = (softmax if form in CLASSES else logistic)(a, inputs["y"])
    module = emitted(equations)
    # A sheet's own sum of exponentials is what it is: infinite.
    own: Literal["ignore", "raise"] = "ignore" if "own" in form else "raise"
    with np.errstate(all="raise", under="ignore", over=own):
        loss, grads = module.loss_and_gradients(params, inputs)
    eps = float(np.finfo(dtype).eps)
    assert abs(loss - exact) <= 30 * eps * max(scale, exact)
    expected = slope.T @ inputs["x"]
    assert largest(grads["W"] - expected) <= 30 * eps * scale * scale


@pytest.mark.long
@pytest.mark.parametrize("form", [*CLASSES, *UNITS, *TANGENTS])
def test_every_form_is_what_the_interpreter_computes(form: str) -> None:
    loss = "mean" if form == "in one" else "sum"
    written = {**CLASSES, **UNITS}.get(form) or tangent(form)
    made = model(written, loss)
    complete = whole(made, 3)
    params, inputs = draw(complete)
    inputs["y"] = abs(inputs["y"])
    tensors, gradients, allowed = reference(complete, params, inputs, float(np.finfo(float).eps))
    module = emitted(written, loss)
    _, found = module.loss_and_gradients(params, inputs)
    everything = bounded(module.forward(params, inputs), found)
    for name, exact in bounded(tensors, gradients).items():
        if name in everything:
            assert largest(everything[name] - exact) <= allowed[name], name


def tangent(form: str) -> str:
    return rf"""
$$ p_k = {TANGENTS[form]}, \quad k = 1, \dots, c $$
$$ L = \sum_{{k=1}}^{{c}} (p_k - y_k)^2 $$"""


@pytest.mark.parametrize("form", TANGENTS)
def test_a_saturated_tangent_is_one(form: str) -> None:
    params, inputs, a = numbers(1000.0, "float64")
    module = emitted(tangent(form))
    with np.errstate(all="raise", under="ignore"):
        found = module.forward(params, inputs)["p"]
        _, grads = module.loss_and_gradients(params, inputs)
    np.testing.assert_array_equal(found, np.tanh(a))
    assert np.isfinite(grads["W"]).all()


def test_the_header_says_which_forms_were_recognised() -> None:
    text = " ".join(emit(model(CLASSES["softmax, then its logarithm"])).split())
    assert "p (softmax, with the greatest exponent taken off)" in text
    assert "L (log-softmax, as a difference)" in text
    plain = r"$$ L = \sum_{k=1}^{c} (\sigma(a_k) - y_k)^2 $$"
    assert not plan(model(plain)).notes


def test_a_sum_of_exponentials_below_something_else_stays_itself() -> None:
    made = model(
        r"$$ p_k = \frac{a_k}{\sum_{j=1}^{c} \exp(a_j)}, \quad k = 1, \dots, c $$"
        r"$$ L = \sum_{k=1}^{c} (p_k - y_k)^2 $$"
    )
    assert not plan(made).notes
    assert {s.tensor for s in plan(made).predict} == {"a", "z_p", "p"}
