r"""A formula with a condition behind it is asserted where that holds: ``a = b, \quad i \ne j``."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.parse import parse
from derive.reading.sentence import sentences
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import ACCEPTED, Judgement, Status

SHEET = r"""---
inputs: [z]
sizes: {n: 4}
types: {z: vector n}
---
$$ p_i = \frac{e^{z_i}}{\sum_{j=1}^{n} e^{z_j}}, \quad i = 1, \dots, n $$
$$ r_i = \operatorname{ReLU}(z_i) $$
"""
P = r"\frac{\partial p_i}{\partial z_j} = "
R = r"\frac{\partial r_i}{\partial z_i} = "

RIGHT = (
    P + r"-p_i p_j, \quad i \ne j",
    P + r"-p_i p_j \ (i \ne j)",
    P + r"-p_i p_j, \quad 1 \le i < j \le n",
    P + r"p_i (1 - p_j), \; i = j",
    P + r"p_i (1 - p_i) \text{ for } i = j",
    R + r"1 \text{ if } z_i > 0",
    R + r"1, \quad \lambda > 0, \quad z_i > 0",
    rf"\begin{{aligned}} {P} & p_i (1 - p_i), & i = j \\ {P} & -p_i p_j, & i \ne j \end{{aligned}}",
)
WRONG = (
    P + r"-p_i p_j",
    P + r"p_i p_j \quad (i \ne j)",
    P + r"0, \quad i = j",
    P + r"0 \text{ for } i \ne j",
    P + r"p_i (1 + p_i) \quad \text{if } i = j",
    R + r"1, \quad z_i > -1",
)


@cache
def judgement(claim: str) -> Judgement:
    return judge_document(document_from_text(f"$$ {claim} $$"), model(), EMPTY)


@cache
def model() -> Model:
    return model_from_text(SHEET, "softmax")


def test_an_indicator_in_round_brackets_is_a_factor() -> None:
    (kept,) = judgement(R + r"1 \left( [z_i > 0] \right)").claims
    (wrong,) = judgement(R + "2 ( [z_i > 0] )").claims
    assert kept.status is Status.PROVED
    assert wrong.status is Status.REFUTED


@pytest.mark.long
@pytest.mark.parametrize("claim", RIGHT)
def test_it_is_right_where_its_condition_holds(claim: str) -> None:
    assert judgement(claim).accepted


@pytest.mark.long
@pytest.mark.parametrize("claim", WRONG)
def test_it_is_wrong_where_its_condition_holds(claim: str) -> None:
    assert {v.status for v in judgement(claim).claims} == {Status.REFUTED}


def test_the_condition_shows_in_what_was_read() -> None:
    (verdict,) = judgement(RIGHT[0]).claims
    assert verdict.status in ACCEPTED
    assert "δ" in verdict.read_as or "≠" in verdict.read_as or "[" in verdict.read_as


def test_a_condition_that_cannot_be_read_is_named() -> None:
    (verdict,) = judgement(R + r"[z_i > 0], \quad \text{if } \mu_i > 0").claims
    assert any("condition is not read" in a for a in verdict.assumptions)


def test_an_equation_after_another_is_no_condition() -> None:
    found = sentences(parse(r"a_i = b_i, \quad c_i = d_i"))
    assert [s.conditions for s in found] == [(), ()]
