r"""``P(y = k \mid x)`` in sheets, pages and claims, and means of all elements (Ng, CS229)."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import RIGHT, judged, not_refuted, not_right, sheet
from verify.judge import judge_deck
from verify.verdict import Status

SOFTMAX = sheet(r"""---
sizes: {n: 4}
inputs: ['y']
loss: L
---
$$ p_k = \frac{e^{z_k}}{\sum_{j=1}^n e^{z_j}}, \quad k = 1, \dots, n $$
$$ L = -\sum_{k=1}^n y_k \log p_k $$
""")
MEAN = sheet(r"""---
loss: L
sizes: {N: 4, d: 2}
types: {X: matrix N d, w: column d, 'y': column N}
inputs: [X, 'y']
---
$$ h = X w $$ $$ L = \frac{1}{2N} \sum_{i=1}^N (h_i - y_i)^2 $$
""")
PAGE = r"""$$ P(y = k \mid x) = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}} $$
$$ L = -\sum_{k=1}^K y_k \log P(y = k \mid x) $$
$$ \frac{\partial L}{\partial z_k} = P(y = k \mid x) \sum_j y_j - y_k $$
$$ \frac{\partial L}{\partial z_k} = P(y = k \mid x) \sum_j y_j + y_k $$
"""


def test_a_probability_of_a_class_is_an_element():
    first, *rest = judged(
        SOFTMAX,
        [
            r"P(y = k|x) = \frac{e^{z_k}}{\sum_j e^{z_j}}",
            r"\frac{\partial L}{\partial z_k} = P(y = k \mid x) \sum_j y_j - y_k",
        ],
    )
    assert first.status == Status.DEFINITION
    assert not not_right(rest)


@pytest.mark.long
def test_a_page_may_define_it():
    right, wrong = judge_deck(document_from_text(PAGE)).claims[2:]
    assert right.status in RIGHT
    assert wrong.status == Status.REFUTED


@pytest.mark.parametrize("word", [r"\mathrm{mean}", r"\text{mean}"])
def test_a_mean_is_of_all_elements(word):
    right = rf"L = \frac12 {word}((h - y)^2)"
    wrong = rf"L = {word}((h - y)^2)"
    first, second = judged(MEAN, [right, wrong])
    assert not not_right([first])
    assert not not_refuted([second])
