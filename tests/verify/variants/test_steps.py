r"""Steps that descend a part of the loss, and sums that name no index."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, not_refuted, not_right, sheet
from tests.verify.test_own import last
from verify.verdict import Status

LINE = r"""---
loss: L
sizes: {n: 4}
inputs: [x, 'y']
---
$$ h_i = w x_i + b, \quad i = 1, \dots, n $$
$$ L = \frac{1}{n} \sum_{i=1}^{n} (y_i - h_i)^2 $$
"""
RIDGE = r"""
$$ h_i = w x_i + b $$ $$ L = \frac{1}{n} \sum_{i=1}^{n} (y_i - h_i)^2 $$ $$ J = L + \lambda w^2 $$
$$ \frac{\partial J}{\partial w} = \frac{\partial L}{\partial w} + 2 \lambda w $$
"""


def test_a_sum_without_an_index_runs_over_what_nothing_else_binds() -> None:
    right = [
        r"\frac{\partial L}{\partial w} = -\frac{2}{n} \sum x_i (y_i - h_i)",
        r"w := w - \alpha \cdot \frac{-2}{n} \sum x_i (y_i - h_i)",
        r"b \leftarrow b + \frac{2 \alpha}{n} \sum (y_i - h_i)",
    ]
    wrong = [
        r"\frac{\partial L}{\partial w} = -\frac{2}{n} \sum (y_i - h_i)",
        r"b := b - \alpha \cdot \frac{2}{n} \sum (y_i - h_i)",
    ]
    found = judged(sheet(LINE), right)
    assert not_right(found) == []
    assert "a sum without an index runs over i" in found[0].assumptions
    assert not_refuted(judged(sheet(LINE), wrong)) == []


@pytest.mark.parametrize(
    ("step", "condition"),
    [
        (r"w := w - \alpha \frac{\partial L}{\partial w}", "L is what is minimised"),
        (r"w := w + \alpha \frac{\partial J}{\partial w}", "J is to be maximised"),
    ],
)
def test_what_a_page_descends_is_open_where_it_has_a_loss_and_a_regulariser(
    step: str, condition: str
) -> None:
    found = last(f"{RIDGE}\n\n$$ {step} $$")
    assert found.status is Status.UNDECIDED
    assert f"right if {condition}" in found.conditions


def test_where_the_loss_is_declared_a_part_of_it_is_a_hint() -> None:
    declared = "---\nloss: J\n---\n" + RIDGE
    found = last(f"{declared}\n\n$$ w := w - \\alpha \\frac{{\\partial L}}{{\\partial w}} $$")
    assert found.status is Status.REFUTED
    assert "right if L is what is minimised" in found.conditions
