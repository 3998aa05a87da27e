"""Code of networks that a mask, gates or time run through: its gradients are those of its loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive import emit_code
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_document

STEP = 1e-5
ATTENTION = r"""---
loss: L
inputs: [X, Y, M]
sizes: {n: 3, D: 4, d: 2}
types: {X: matrix n D, Y: matrix n d, M: matrix n n, W_Q: matrix D d, W_K: matrix D d, W_V: matrix D d}
functions: {softmax: softmax rows}
---
$$ Q = X W_Q \qquad K = X W_K \qquad V = X W_V $$
$$ S = \frac{Q K^T}{\sqrt{d}} + M \qquad P = \mathrm{softmax}(S) \qquad O = P V $$
$$ L = \frac12 \| O - Y \|^2 $$
"""  # noqa: E501
GRU = r"""---
loss: L
sizes: {T: 3, n: 2, d: 2}
time: {t: T}
functions: {'\sigma': logistic}
types: {h_t: column n, x_t: column d, y_t: column n, W_z: matrix n d, W_r: matrix n d,
  W_h: matrix n d, U_z: matrix n n, U_r: matrix n n, U_h: matrix n n}
inputs: [x, 'y', h_0]
---
$$ z_t = \sigma(W_z x_t + U_z h_{t-1}) \qquad r_t = \sigma(W_r x_t + U_r h_{t-1}) $$
$$ \tilde h_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1})) $$
$$ h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t $$
$$ L = \frac12 \sum_{t=1}^T \| h_t - y_t \|^2 $$
"""


def emitted(sheet: str) -> dict[str, Any]:
    """The names of the module that is emitted for a sheet."""
    names: dict[str, Any] = {}
    model = model_from_document(document_from_text(sheet, "sheet.md"), "sheet")
    exec(compile(emit_code(model), "emitted", "exec"), names)
    return names


@pytest.mark.parametrize("sheet", [ATTENTION, GRU], ids=["attention", "gru"])
def test_gradients_are_the_slopes_of_the_loss(sheet: str) -> None:
    module, rng = emitted(sheet), np.random.default_rng(1)
    model = model_from_document(document_from_text(sheet, "sheet.md"), "sheet").at_sizes()
    inputs = {
        name: rng.normal(size=tuple((hi - lo + 1).value or 0 for lo, hi in tensor.ranges))
        for name, tensor in model.tensors.items()
        if name in model.inputs
    }
    params = module["init"](rng, np.float64, np)
    way = {name: rng.normal(size=value.shape) for name, value in params.items()}

    def loss(step: float) -> float:
        moved = {name: value + step * way[name] for name, value in params.items()}
        return float(np.squeeze(module["loss_and_gradients"](moved, inputs)[0]))

    grads = module["loss_and_gradients"](params, inputs)[1]
    slope = sum(float(np.sum(grads[name] * way[name])) for name in params)
    # The error of a central difference is of second order in the step.
    np.testing.assert_allclose((loss(STEP) - loss(-STEP)) / (2 * STEP), slope, rtol=1e-6)


def test_a_mask_is_needed_to_predict_and_targets_are_not() -> None:
    module = emitted(ATTENTION)
    assert module["TARGETS"] == ("Y",)
