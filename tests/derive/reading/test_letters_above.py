r"""``x_i^{(j)}`` beside ``y^{(i)}`` has its letters in the wrong places; beside ``y_i`` not."""

from __future__ import annotations

from tests.verify.claims import judged, not_right, sheet
from verify.verdict import Status

LINE = r"""---
loss: J
sizes: {m: 4, n: 3}
types: {X: matrix m n, '\theta': column n, 'y': column m}
inputs: [X, 'y']
---
$$ h = X \theta $$
$$ J = \frac{1}{2} \sum_{i=1}^{m} (h_i - y_i)^2 $$
"""
SLOPE = r"\frac{\partial J}{\partial \theta_j} = \sum_{i=1}^m "


def test_a_letter_that_numbers_samples_above_does_so_everywhere() -> None:
    right = [
        SLOPE + r"(h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}",
        SLOPE + r"(h^{(i)} - y^{(i)}) x_{ij}",
        SLOPE + r"(h_i - y_i) x_i^{(j)}",
    ]
    assert not_right(judged(sheet(LINE), right)) == []
    (swapped,) = judged(sheet(LINE), [SLOPE + r"(h_\theta(x^{(i)}) - y^{(i)}) x_i^{(j)}"])
    assert swapped.status is Status.ILL_FORMED
    assert "i stands below in x_i^{(j)}, and above in y^{(i)}" in swapped.message
