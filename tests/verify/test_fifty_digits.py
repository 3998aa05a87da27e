r"""What doubles cannot tell apart, and what no ordinary value passes, is accepted by neither."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.compare import Outcome
from verify.readings import judge_readings
from verify.runs_alone import alone
from verify.setting import Setting
from verify.verdict import Status

SHEET = r"""---
inputs: [x]
sizes: {n: 2}
functions: {'\sigma': logistic}
types: {x: vector n}
---
$$ y_i = \sigma(x_i), \quad i = 1, \dots, n $$
$$ t_i = \tanh(x_i) $$
$$ r_i = \max(0, x_i) $$
"""


@cache
def model() -> Model:
    return model_from_text(SHEET, "units")


@cache
def bench() -> Bench:
    return Bench(model(), gradients(model()))


def judged(text: str) -> Outcome:
    return judge_readings(text, Setting(bench(), EMPTY), Clock(20.0)).outcome


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial y_i}{\partial x_i} = \frac{1}{4} (1 - \tanh^2(x_i / 2))",
        r"\frac{\partial y_i}{\partial x_i} = \frac{1}{4 \cosh^2(x_i / 2)}",
    ],
)
def test_what_agrees_in_all_digits_stays_confirmed(text: str) -> None:
    assert judged(text).status is Status.CONFIRMED


def test_a_term_below_the_rounding_of_doubles_is_open() -> None:
    found = judged(r"y_i = \frac{1}{2} (1 + \tanh(x_i / 2)) + 10^{-17}")
    assert found.status is Status.UNDECIDED
    assert "50 digits differ by" in found.message


@pytest.mark.parametrize(
    "text",
    [
        r"t_i = \min(\tanh(x_i), 0.99999999)",
        r"\frac{\partial r_i}{\partial x_i} = [x_i < 100] [x_i > 0]",
        r"r_i = \max(0, x_i) [x_i < 1000]",
        r"r_i = \min(\max(0, x_i), 5000)",
    ],
)
def test_a_threshold_that_no_ordinary_value_passes_is_passed(text: str) -> None:
    assert judged(text).status is Status.REFUTED


def test_one_tensor_is_far_away_and_the_others_as_they_come() -> None:
    runs = list(alone(bench()))
    assert {float(abs(run.inputs["x"]).max()) for run in runs} == {300.0, 2.0**12, 2.0**22}
    assert {float(run.inputs["x"].min()) < 0 for run in runs} == {True, False}
