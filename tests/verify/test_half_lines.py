"""Inputs are drawn positive only where the model has no value otherwise."""

from __future__ import annotations

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.half_lines import on_half_line
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import ACCEPTED, Status


def narrowed(right: str) -> set[str]:
    """The inputs drawn from the half line in a model with this right side."""
    sheet = "---\ninputs: [x, y]\nsizes: {n: 4}\n---\n"
    sheet += rf"$$ f_i = {right}, \quad i = 1, \dots, n $$"
    return {t for e in model_from_text(sheet, "lines").equations for t in on_half_line(e.rhs)}


@pytest.mark.parametrize(
    "right",
    [
        r"\ln(x_i) y_i",
        r"\sqrt{x_i} y_i",
        r"(x_i)^{1/2} y_i",
        r"\ln(2 x_i + 1) + y_i",
        r"\ln(x_i^3) y_i",
    ],
)
def test_what_stands_under_a_logarithm_or_root_is_positive(right: str) -> None:
    assert narrowed(right) == {"x"}


@pytest.mark.parametrize(
    "right",
    [
        r"\ln(1 + e^{x_i}) y_i",
        r"\sqrt{x_i^2 + 1} + y_i",
        r"\sqrt{\sum_{k=1}^{n} x_k x_k} y_i",
        r"\ln \sum_{k=1}^{n} e^{x_k} - y_i",
        r"\ln(|x_i| + 1) y_i",
        r"(x_i^2 + y_i^2)^{-1/2}",
        r"(x_i - y_i)^2",
    ],
)
def test_what_is_positive_anyway_narrows_nothing(right: str) -> None:
    assert narrowed(right) == set()


BESIDE_A_SOFTPLUS = r"""---
inputs: [x]
sizes: {n: 4, m: 3}
types: {x: matrix n m}
---
$$ r_{ij} = \operatorname{ReLU}(x_{ij}), \quad i = 1, \dots, n, \quad j = 1, \dots, m $$
$$ q_{ij} = \ln(1 + e^{x_{ij}}) $$
"""
SLOPE = r"\frac{\partial r_{ij}}{\partial x_{ij}} = "


def test_a_mask_that_is_always_1_is_no_slope_of_relu_beside_a_softplus() -> None:
    model = model_from_text(BESIDE_A_SOFTPLUS, "softplus")
    setting = Setting(Bench(model, gradients(model)), EMPTY)

    def status(claim: str) -> Status:
        return judge_readings(SLOPE + claim, setting, Clock(5.0)).outcome.status

    assert status("[x_{ij} > 0]") in ACCEPTED
    for wrong in ("[q_{ij} > 0]", "[x_{ij} > -1]", "1"):
        assert status(wrong) is Status.REFUTED
