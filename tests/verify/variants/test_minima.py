r"""``\nabla_w J = … = 0``, and ``\overset{!}{=} 0``: what is demanded is no claim."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

RIDGE = model_from_text(
    "---\nloss: J\ninputs: [X, 'y']\nsizes: {n: 3, p: 2}\n"
    "types: {X: matrix n p, w: column p, 'y': column n}\n---\n"
    "$$ J = \\|X w - y\\|_2^2 $$\n",
    "least squares",
)
GRADIENT = r"2 X^T (X w - y)"


@pytest.mark.parametrize("sign", [r"\overset{!}{=}", r"\stackrel{!}{=}"])
def test_a_demand_ends_the_formula_before_it(sign: str) -> None:
    right, wrong = judge_text(
        rf"$$ \nabla_w J = {GRADIENT} {sign} 0 $$ $$ \nabla_w J = X^T (X w - y) {sign} 0 $$", RIDGE
    ).claims
    assert (right.status, wrong.status) == (Status.PROVED, Status.REFUTED)


@pytest.mark.parametrize("text", [rf"\nabla_w J = {GRADIENT} = 0", r"X^T (X w - y) = 0"])
def test_a_gradient_that_is_set_to_zero_is_open(text: str) -> None:
    (verdict,) = judge_text(f"$$ {text} $$", RIDGE).claims
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if ∂J/∂w is to vanish",)


@pytest.mark.parametrize("text", [r"\nabla_w J = X^T (X w - y) = 0", r"X (X^T w - y) = 0"])
def test_what_is_no_gradient_does_not_vanish_with_it(text: str) -> None:
    (verdict,) = judge_text(f"$$ {text} $$", RIDGE).claims
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)
