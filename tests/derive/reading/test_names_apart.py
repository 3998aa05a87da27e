r"""``w_0`` beside ``w_i``, i = 1, …, and ``u_o`` beside ``u_k`` are names of their own."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, not_refuted, not_right, sheet

FACTORS = r"""---
sizes: {n: 3, k: 2}
types: {x: column n, w: column n, V: matrix n k, w_0: scalar}
inputs: [x]
---
$$ y = w_0 + \sum_{i=1}^{n} w_i x_i
  + \sum_{i=1}^{n} \sum_{j=i+1}^{n} \sum_{f=1}^{k} v_{i,f} v_{j,f} x_i x_j $$
"""

PAIRS = r"""---
loss: J
sizes: {d: 3, K: 2}
types: {v_c: column d, u_o: column d, u_k: column d}
functions: {'\sigma': logistic}
---
$$ J = -\log \sigma(u_o^\top v_c) - \sum_{k=1}^{K} \log \sigma(-u_k^\top v_c) $$
"""


def ranges(text: str) -> dict[str, tuple[tuple[str, str], ...]]:
    tensors = sheet(text).tensors
    return {k: tuple((str(lo), str(hi)) for lo, hi in t.ranges) for k, t in tensors.items()}


def test_a_bias_numbered_zero_is_no_element_of_the_weights() -> None:
    found = ranges(FACTORS)
    assert found["w0"] == ()
    assert found["w"] == (("1", "n"),)
    model = sheet(FACTORS)
    right = [
        r"\frac{\partial y}{\partial w_0} = 1",
        r"\frac{\partial y}{\partial w_i} = x_i",
        r"\frac{\partial y}{\partial v_{i,f}} = x_i \sum_{j=1}^{n} v_{j,f} x_j - v_{i,f} x_i^2",
    ]
    assert not_right(judged(model, right)) == []
    wrong = [r"\frac{\partial y}{\partial v_{i,f}} = x_i \sum_{j=1}^{n} v_{j,f} x_j - v_{i,f} x_i"]
    assert not_refuted(judged(model, wrong)) == []


@pytest.mark.parametrize(
    "formula", [r"\sum_{i=0}^{n} w_i x_i", r"w_0 + \sum_{i=1}^{n} w_{i-1} x_i"]
)
def test_a_zero_that_is_read_is_an_element(formula: str) -> None:
    text = f"---\nsizes: {{n: 3}}\n---\n$$ y = {formula} + w_0 $$"
    assert "w0" not in ranges(text)
    assert ranges(text)["w"][0][0] == "0"


def test_a_vector_with_a_type_of_its_own_is_none_of_many() -> None:
    right = [
        r"\frac{\partial J}{\partial u_o} = (\sigma(u_o^\top v_c) - 1) v_c",
        r"\frac{\partial J}{\partial u_k} = \sigma(u_k^\top v_c) v_c",
        r"\frac{\partial J}{\partial v_c}"
        r" = (\sigma(u_o^\top v_c) - 1) u_o + \sum_{k=1}^{K} \sigma(u_k^\top v_c) u_k",
    ]
    assert not_right(judged(sheet(PAIRS), right)) == []
    wrong = [r"\frac{\partial J}{\partial u_k} = -\sigma(u_k^\top v_c) v_c"]
    assert not_refuted(judged(sheet(PAIRS), wrong)) == []
