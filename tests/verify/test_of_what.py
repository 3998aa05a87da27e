r"""``S(a)``, ``S_i(a)``, ``S(a)_i``: what a symbol is computed from may stand behind it."""

from __future__ import annotations

import pytest

from tests.verify.claims import sheet, verdict
from verify.verdict import Status

SOFTMAX = sheet(r"""---
loss: L
sizes: {K: 4, D: 3}
types: {a: column K, y: column K, x: column D, W: matrix K D}
inputs: [x, y]
---
$$ a = W x $$
$$ S_i = \frac{e^{a_i}}{\sum_{k=1}^K e^{a_k}}, \quad i = 1, \dots, K $$
$$ L = -\sum_{i=1}^K y_i \log S_i $$
""")


@pytest.mark.parametrize(
    "right",
    [
        r"S_i(a) = \frac{e^{a_i}}{\sum_k e^{a_k}}",
        r"S(a) = \operatorname{softmax}(a)",
        r"a(x) = W x",
        r"\frac{\partial S(a)_i}{\partial a_j} = S(a)_i (\delta_{ij} - S(a)_j)",
        r"\frac{\partial \operatorname{softmax}(a)_i}{\partial a_j} = S_i (\delta_{ij} - S_j)",
    ],
)
def test_what_it_is_computed_from_says_nothing_more(right: str) -> None:
    assert verdict(SOFTMAX, right).status is Status.PROVED


def test_wrong_stays_wrong() -> None:
    wrong = r"\frac{\partial S(a)_i}{\partial a_j} = S(a)_i (1 - S(a)_j)"
    assert verdict(SOFTMAX, wrong).status is Status.REFUTED


def test_a_product_with_a_transpose_in_brackets_stays_one() -> None:
    product = r"\frac{\partial L}{\partial W} = S (x)^T \sum_i y_i - y x^T"
    assert verdict(SOFTMAX, product).status is Status.PROVED


def test_a_step_in_brackets_behind_a_step_is_a_factor() -> None:
    steps = sheet(r"""---
time: {t: T}
sizes: {T: 3, n: 2, d: 3}
types: {y_t: column n, x_t: column d, W: matrix n d, R: matrix n n}
inputs: [x, y_0]
---
$$ z_t = W x_t + R y_{t-1} $$
$$ y_t = \tanh(z_t) $$
""")
    summed = r"\sum_{t=0}^{T-1} \frac{\partial L}{\partial z_{t+1}} (y_t)^T"
    right = rf"\frac{{\partial L}}{{\partial R}} = {summed}"
    assert verdict(steps, right).status is Status.PROVED
    assert verdict(steps, right.replace("(y_t)", "(y_{t+1})")).status is Status.REFUTED
