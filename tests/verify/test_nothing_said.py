"""What says nothing is told so: brackets that do not close may leave no equation at all."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

MODEL = model_from_text("---\nloss: E\n---\n$$ o = u x $$\n$$ E = (o - y)^2 $$\n", "line")


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{aligned} \bar{o}(2 &= u x \\ &= (1 - o) u) \end{aligned}",
        r"\frac{\partial E}{\partial o}(2 &= 2 (o - y) \\ &= 2 o - 2 y)",
    ],
)
def test_brackets_that_leave_no_equation_prove_nothing(text: str) -> None:
    accepted = (Status.PROVED, Status.CONFIRMED)
    assert all(v.status not in accepted for v in judge_text(f"$$ {text} $$", MODEL).claims)


def test_a_letter_that_runs_too_far_ends_no_search() -> None:
    text = r"\frac{\partial E}{\partial o} = \sum_{k=1}^{10^{30}} 2 (o - y) k"
    (verdict,) = judge_text(text, MODEL).claims
    assert verdict.status not in (Status.PROVED, Status.CONFIRMED)
