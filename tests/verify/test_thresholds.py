"""A formula that switches elsewhere than the model is refuted, however near the two places lie."""

from __future__ import annotations

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.compare import Outcome
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import ACCEPTED, Status


def decided(right: str, claim: str) -> Outcome:
    """The decision on a slope of ``r_i``, which is ``right``."""
    sheet = f"---\ninputs: [x]\nsizes: {{n: 3}}\n---\n$$ r_i = {right}, \\quad i = 1, \\dots, n $$"
    model = model_from_text(sheet, "thresholds")
    setting = Setting(Bench(model, gradients(model)), EMPTY)
    text = rf"\frac{{\partial r_i}}{{\partial x_i}} = {claim}"
    return judge_readings(text, setting, Clock(10)).outcome


RELU, CLIPPED = r"\operatorname{ReLU}(x_i)", r"\min(\max(x_i, -1), 1)"


@pytest.mark.long
@pytest.mark.parametrize(
    ("right", "claim"),
    [
        (RELU, r"[x_i > -0.01]"),
        (RELU, r"[x_i > 0.001]"),
        (CLIPPED, r"[|x_i| < 1.02]"),
        (r"|x_i - 2|", r"\operatorname{sign}(x_i - 2.01)"),
    ],
)
def test_a_threshold_a_little_off_is_refuted(right: str, claim: str) -> None:
    outcome = decided(right, claim)
    assert outcome.status is Status.REFUTED
    assert outcome.counterexample is not None
    assert outcome.counterexample["left"] != outcome.counterexample["right"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("right", "claim"),
    [
        (RELU, r"[\tanh(x_i) > 0]"),
        (RELU, r"[e^{x_i} > 1]"),
        (CLIPPED, r"[|x_i| < 1]"),
        (CLIPPED, r"[x_i^2 < 1]"),
        (r"|x_i - 2|", r"\frac{x_i - 2}{|x_i - 2|}"),
    ],
)
def test_a_threshold_in_other_words_is_accepted(right: str, claim: str) -> None:
    assert decided(right, claim).status in ACCEPTED
