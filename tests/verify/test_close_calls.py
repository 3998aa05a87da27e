"""What rounding alone makes differ is not refuted, and what differs by little is."""

from __future__ import annotations

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import ACCEPTED, Status

R = r"\frac{\partial r_i}{\partial x_i} = "


def status(right: str, claim: str) -> Status:
    """The decision on ``claim`` where ``r_i`` is ``right``."""
    sheet = f"---\ninputs: [x]\nsizes: {{n: 3}}\n---\n$$ r_i = {right}, \\quad i = 1, \\dots, n $$"
    model = model_from_text(sheet, "close")
    return judge_readings(
        claim, Setting(Bench(model, gradients(model)), EMPTY), Clock(5)
    ).outcome.status


CANCELS = r"\frac{x_i}{\sqrt{x_i^2 + 10^{-8}}}"


@pytest.mark.parametrize(
    ("right", "claim"),
    [
        (r"\frac{x_i}{|x_i|}", R + "0"),
        (r"\frac{x_i}{\sqrt{x_i^2}}", R + "0"),
        (CANCELS, R + r"\frac{10^{-8}}{(x_i^2 + 10^{-8})^{3/2}}"),
    ],
)
def test_a_derivative_whose_terms_cancel_is_what_remains(right: str, claim: str) -> None:
    assert status(right, claim) in ACCEPTED


@pytest.mark.parametrize(
    ("right", "claim"),
    [
        (CANCELS, R + "0"),
        (CANCELS, r"r_i = \operatorname{sign}(x_i)"),
        ("x_i + 10^{-9} x_i^3", R + "1"),
        ("x_i + 10^{-9} x_i^3", R + "1 + 10^{-9} x_i^2"),
    ],
)
def test_a_small_term_that_is_forgotten_is_refuted(right: str, claim: str) -> None:
    assert status(right, claim) is Status.REFUTED


def test_an_infinity_agrees_with_nothing() -> None:
    sheet = "---\nloss: L\ninputs: [x, y]\nsizes: {n: 3}\ndeclare: {one-hot: [y]}\n---\n"
    equations = [r"L = \sum_{i=1}^{n} y_i e^{x_i}"]
    model = model_from_text(sheet + "".join(f"$$ {e} $$\n" for e in equations), "infinite")
    setting = Setting(Bench(model, gradients(model)), EMPTY)
    claim = r"L = \sum_{i=1}^{n} e^{x_i} \ln y_i"
    assert judge_readings(claim, setting, Clock(5)).outcome.status not in ACCEPTED
