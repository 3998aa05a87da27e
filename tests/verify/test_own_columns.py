r"""Pages that say no lengths: vectors are those of ``w^T x``; a length may run elsewhere."""

from __future__ import annotations

import pytest

from tests.verify.test_own import judged, last
from verify.verdict import Status

NEURON = r"""
$$ z = w^T x + b $$ $$ a = \tanh(z) $$ $$ L(a, y) = \frac12 (a - y)^2 $$
"""
LINEAR = r"""
$$ h_\theta(x) = \theta^T x $$
$$ J(\theta) = \frac{1}{2m} \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2 $$
"""
LAYERS = r"""
$x \in \mathbb{R}^d$, $W \in \mathbb{R}^{k \times d}$
$$ z = W x $$ $$ p = \mathrm{softmax}(z) $$ $$ L = -\sum_k y_k \log p_k $$
"""


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        (NEURON + r"$$ dz = \frac{dL}{dz} $$", r"dw = x \, dz", r"dw = a \, dz"),
        (NEURON, r"\frac{dL}{dw_1} = (a - y)(1 - a^2) x_1", r"\frac{dL}{dw_1} = (a - y) x_1"),
        (
            LINEAR,
            r"\frac{\partial J}{\partial \theta_j} = \frac1m \sum_i (h_\theta(x^{(i)}) - y^{(i)})"
            r" x_j^{(i)}",
            r"\frac{\partial J}{\partial \theta_j} = \sum_i (\theta^T x^{(i)} - y^{(i)}) x_j^{(i)}",
        ),
        (
            LAYERS,
            r"\frac{\partial L}{\partial x} = W^T (p \sum_k y_k - y)",
            r"\frac{\partial L}{\partial x} = W (p \sum_k y_k - y)",
        ),
    ],
)
def test_right_is_proved_and_wrong_is_not(page: str, right: str, wrong: str) -> None:
    assert last(f"{page}\n\n$$ {right} $$").status is Status.PROVED
    assert last(f"{page}\n\n$$ {wrong} $$").status in {Status.REFUTED, Status.ILL_FORMED}


def test_what_was_taken_for_a_column_is_said() -> None:
    assumed = judged(NEURON + r"$$ \frac{dL}{dz} = (a - y)(1 - a^2) $$").assumed
    assert any(line.startswith("w is a column n") for line in assumed)
