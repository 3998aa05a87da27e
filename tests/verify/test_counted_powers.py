r"""Powers of a matrix that an index counts: ``W^{t-k}`` says nothing of k beyond t."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

SHEET = r"""---
sizes: {T: 3, n: 2}
time: {t: T}
types: {h_t: column n, W: matrix n n, x_t: column n}
inputs: [x, h_0]
layout: numerator
---
$$ h_t = W h_{t-1} + x_t $$
"""


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        (r"\frac{\partial h_t}{\partial h_k} = W^{t-k}", Status.PROVED),
        (r"\frac{\partial h_t}{\partial h_k} = W^{t-k}, \quad k \le t", Status.PROVED),
        (r"\frac{\partial h_t}{\partial h_k} = (W^\top)^{t-k}", Status.REFUTED),
        (r"h_t = W^t h_0 + \sum_{k=1}^{t} W^{t-k} x_k", Status.PROVED),
        (r"h_t = W^t h_0 + \sum_{k=1}^{t} W^{t-k+1} x_k", Status.REFUTED),
    ],
)
def test_powers_are_products_of_so_many(latex: str, status: Status) -> None:
    (verdict,) = judge_text(latex, model_from_text(SHEET, "linear"), EMPTY).claims
    assert verdict.status is status


def test_a_power_that_may_be_one_of_the_inverse_is_not_judged() -> None:
    beyond = r"h_t = W^t h_0 + \sum_{k=1}^{T} W^{t-k} x_k"
    (verdict,) = judge_text(beyond, model_from_text(SHEET, "linear"), EMPTY).claims
    assert verdict.status is Status.UNDECIDED


def test_a_t_above_that_may_be_the_last_time_is_open() -> None:
    plain = SHEET.replace(" + x_t", "").replace(", x_t: column n", "").replace("x, ", "")
    model = model_from_text(plain, "powers")
    counted = r"$$ \frac{\partial h_T}{\partial h_0} = W^T $$"
    turned = r"$$ \frac{\partial h_t}{\partial h_{t-1}} = W^T $$"
    (found,) = judge_text(counted, model, EMPTY).claims
    assert found.conditions == ("right if the T above a matrix counts steps",)
    (found,) = judge_text(turned, model, EMPTY).claims
    assert found.status is Status.REFUTED
