r"""A new value on both sides of a step: the old one is put in where that makes a rule of it."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.claim import sentence_of
from verify.judge import judge_text
from verify.old_values import with_old_values
from verify.verdict import Status

MODEL = model_from_text(
    "---\nloss: E\ninputs: [x, 'y']\n---\n$$ o = u x $$\n$$ E = (o - y)^2 $$\n", "line"
)
VELOCITY = r"$$ v^{new} = \mu v^{old} + \alpha \frac{\partial E}{\partial u} $$"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("u_{new} = u_{new} - v", "u_{new} = u_{old} - v"),
        (r"u^{\text{next}} = u^{\text{next}} - v", r"u^{\text{next}} = u^{\text{prev}} - v"),
        ("u^{novo} = 2 u^{novo} - u^{novo} - v", "u^{novo} = 2 u^{antigo} - u^{antigo} - v"),
    ],
)
def test_every_new_value_on_the_right_becomes_the_old_one(wrong: str, right: str) -> None:
    found = with_old_values(sentence_of(wrong), wrong)
    assert found is not None
    assert found.latex == right


@pytest.mark.parametrize("text", ["u = u - v", "u_{new} = u_{old} - v", "u_{t+1} = u_{t+1} - v"])
def test_without_such_a_word_nothing_is_put_in(text: str) -> None:
    assert with_old_values(sentence_of(text), text) is None


@pytest.mark.parametrize(("sign", "mended"), [("-", "u_{new} = u_{old} - v^{new}"), ("+", None)])
def test_the_judge_suggests_it_where_it_makes_a_step_of_descent(
    sign: str, mended: str | None
) -> None:
    page = f"{VELOCITY}\n\n$$ u_{{new}} = u_{{new}} {sign} v^{{new}} $$"
    told = judge_text(page, MODEL).claims[-1]
    assert told.status is Status.REFUTED
    assert "old value" in told.message
    assert (told.suggestion and told.suggestion.latex) == mended
