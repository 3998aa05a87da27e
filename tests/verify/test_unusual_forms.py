r"""Right formulas in forms that textbooks do not have, and wrong ones that are right nearly always.

Written by a sceptic against the judge: none of the first may be refuted, none of the second
accepted. Each stands for one way to be unusual, or one way to be nearly right.
"""

from __future__ import annotations

from functools import cache

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

UNITS = r"""---
inputs: [x]
sizes: {n: 3}
functions: {'\sigma': logistic}
types: {x: vector n, a: scalar}
---
$$ y_i = \sigma(x_i), \quad i = 1, \dots, n $$ $$ t_i = \tanh(x_i) $$
$$ s_i = \ln(1 + e^{x_i}) $$ $$ g_i = x_i \sigma(a x_i) $$ $$ r_i = \max(0, x_i) $$
"""
SOFTMAX = r"""---
loss: L
inputs: [z, t]
sizes: {N: 2, K: 3}
---
$$ p_{nk} = \frac{e^{z_{nk}}}{\sum_{j=1}^{K} e^{z_{nj}}},
   \quad n = 1, \dots, N, \quad k = 1, \dots, K $$
$$ L = -\frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{K} t_{nk} \ln p_{nk} $$
"""
FORM = r"""---
loss: L
inputs: [x]
sizes: {n: 3}
types: {x: column n, A: matrix n n}
---
$$ L = x^T A x $$
"""
SHEETS = {"units": UNITS, "softmax": SOFTMAX, "form": FORM}
RIGHT = {
    "units": [
        r"\frac{\partial y_i}{\partial x_i} = \sigma(x_i) \sigma(-x_i)",
        r"\frac{\partial y_i}{\partial x_i} = \frac{1}{e^{x_i} + 2 + e^{-x_i}}",
        r"t_i = 2 \sigma(2 x_i) - 1",
        r"\frac{\partial t_i}{\partial x_i} = 4 \sigma(2 x_i) (1 - \sigma(2 x_i))",
        r"\frac{\partial s_i}{\partial x_i} = \frac{1}{2} (1 + \tanh(x_i / 2))",
        r"s_i = \max(0, x_i) + \ln(1 + e^{-|x_i|})",
        r"\frac{\partial g_i}{\partial a} = g_i (x_i - g_i)",
        r"r_i^2 + \min(0, x_i)^2 = x_i^2",
    ],
    "softmax": [
        r"p_{nk} = \frac{e^{z_{nk} - \max_j z_{nj}}}{\sum_{j=1}^{K} e^{z_{nj} - \max_l z_{nl}}}",
        r"\frac{\partial p_{nk}}{\partial z_{mj}} = [m = n] p_{nk} ([j = k] - p_{nj})",
        r"\frac{\partial L}{\partial z_{nk}} = \frac{1}{N} \sum_{j} t_{nj} (p_{nk} - [j = k])",
        r"\sum_{k=1}^{K} \frac{\partial L}{\partial z_{nk}} = 0",
    ],
    "form": [
        r"\frac{\partial L}{\partial x} = (A + A^T) x",
        r"L = \operatorname{tr}(A x x^T)",
        r"L = \sum_{i=1}^{n} A_{ii} x_i^2 + \sum_{i \ne j} A_{ij} x_i x_j",
        r"L = \sum_{i < j} (A_{ij} + A_{ji}) x_i x_j + \sum_i A_{ii} x_i^2",
    ],
}
NEARLY = {
    "units": [
        r"t_i = 2 \sigma(2 x_i) - 0.999999",
        r"s_i = \max(0, x_i) + \ln(1 + e^{-x_i})",
        r"\frac{\partial r_i}{\partial x_i} = [x_i > -10^{-6}]",
        r"\frac{\partial s_i}{\partial x_i} = \sigma(x_i) + 0.0000001",
    ],
    "softmax": [
        r"p_{nk} = \frac{e^{z_{nk}}}{\sum_{n=1}^{N} e^{z_{nk}}}",
        r"p_{nk} = \frac{e^{z_{nk}}}{\sum_{j=1}^{K} e^{z_{nj}} + 10^{-12}}",
        r"\frac{\partial p_{nk}}{\partial z_{mj}} = p_{nk} ([j = k] - p_{nj})",
    ],
    "form": [
        r"\frac{\partial L}{\partial x} = 2 A x",
        r"\frac{\partial L}{\partial A} = \frac{1}{2} (x x^T + \operatorname{diag}(x))",
        r"L = \sum_{i=1}^{n} A_{ii} x_i^2 + 2 \sum_{i < j} A_{ij} x_i x_j",
    ],
}
ACCEPTED = (Status.PROVED, Status.CONFIRMED)


@cache
def setting(name: str) -> Setting:
    model = model_from_text(SHEETS[name], name)
    return Setting(Bench(model, gradients(model)), EMPTY)


def status(name: str, text: str) -> Status:
    return judge_readings(text, setting(name), Clock(20.0)).outcome.status


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in RIGHT.items() for t in texts])
def test_an_unusual_form_is_right(name: str, text: str) -> None:
    assert status(name, text) in ACCEPTED


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in NEARLY.items() for t in texts])
def test_what_is_nearly_right_is_not_accepted(name: str, text: str) -> None:
    assert status(name, text) not in ACCEPTED
