r"""A loss that words have maximised is told beside its formula."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text

MODEL = model_from_text(
    "---\nloss: E\ninputs: [x, 'y']\n---\n$$ o = u x $$\n$$ E = (o - y)^2 $$\n", "line"
)
LOSS = "$$ E = (u x - y)^2 $$"


def told(words: str, formula: str = LOSS) -> list[str]:
    return [c.message for c in judge_text(f"{words}\n\n{formula}\n", MODEL).contradictions]


@pytest.mark.parametrize(
    "words",
    [
        "- Objective function to be maximised",
        "Função de custo a ser maximizada",
        "The training has to maximize the loss",
        "La función objetivo debe ser maximizada:",
    ],
)
def test_a_loss_that_is_to_be_maximised_is_told(words: str) -> None:
    assert told(words) == ["line 1 has E maximised, line 3 is a loss, which is made small"]


@pytest.mark.parametrize(
    "words",
    [
        "The loss to be minimised",
        "We maximise the likelihood, which is to minimise the loss",
        "The error is not to be maximised",
        "The maximised margin",
    ],
)
def test_what_is_minimised_or_something_else_is_not(words: str) -> None:
    assert told(words) == []


def test_a_formula_of_something_else_stands_between() -> None:
    assert told("The objective to be maximised", "$$ o = u x $$\n\n" + LOSS) == []
