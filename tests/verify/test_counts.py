"""Numbers of parameters and shapes that a deck gives to layers of a model."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.family import Member
from derive.reading.sheet import model_from_text
from verify.counts import with_counts
from verify.judge import judge_deck
from verify.verdict import Judgement, Status

SHEET = r"""---
inputs: [X]
functions: {f: logistic, V: vectorise rows}
---
$$ D_m^1(i, j) = f\left(\sum_{c=1}^{2} \sum_{u=1}^{3} \sum_{v=1}^{3}
   X_c(i + u - 1, j + v - 1) g_{m,c}(u, v) + a_m\right),
   \quad m = 1, \dots, 4, \quad i, j = 1, \dots, 6 $$
$$ R_m^1(i, j) = \frac{1}{9} \sum_{u=1}^{3} \sum_{v=1}^{3} D_m^1(3 i + u - 3, 3 j + v - 3),
   \quad i, j = 1, 2 $$
$$ r = V(\{R_m^1\}_{m=1,\dots,4}) $$
$$ y_k = \sum_{l=1}^{16} B_{kl} r_l + e_k, \quad k = 1, \dots, 5 $$
"""
MODEL = model_from_text(SHEET, "maps")


def _judged(text: str) -> Judgement:
    empty = Judgement("", None, None, ())
    return with_counts(empty, document_from_text(text), [Member(MODEL)])


def _said(text: str) -> list[Status]:
    return [v.status for v in _judged(text).claims]


@pytest.mark.parametrize(
    "sentence",
    [
        "D1: 4 maps of 3x3, 76 trainable parameters",
        "A camada D1 tem 76 parâmetros treináveis",
        "D1 has 72 weights and 2.736 conexões",
        "La capa R1: 0 parámetros",
        "the only convolutional layer has $76$ parameters",
        "Parámetros de la capa de salida: 16·5 + 5 = 85",
        "FC: 85 parameters",
        "Camada y: 85 parâmetros",
        "D1: 4@6x6",
        "Total: 161 parameters",
    ],
)
def test_right_counts_are_proved(sentence: str) -> None:
    assert set(_said(sentence)) == {Status.PROVED}


@pytest.mark.parametrize(
    "sentence",
    [
        "D1: 4 maps of 3x3, 40 trainable parameters",
        "R1 tem 8 parâmetros",
        "D1: 2700 connections",
        "FC: 80 parameters",
        "R1: 4@3x3",
    ],
)
def test_wrong_counts_are_refuted(sentence: str) -> None:
    (verdict,) = _judged(sentence).claims
    assert verdict.status is Status.REFUTED
    assert verdict.counterexample is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "D1: each filter has 19 parameters",
        "D1: 19 parameters per filter, y",
        "LeNet-5 has 60 thousand trainable parameters",
        "E7: 1,516 parameters",
        "Uma camada densa sobre a entrada teria 128 parâmetros",
        "A dense layer on top has 9 weights",
        "If FC had 7 outputs it would need 119 parameters",
        "D1 is followed by another layer with 12 parameters",
        "See page 76 on D1",
    ],
)
def test_what_is_said_of_something_else_is_no_claim(sentence: str) -> None:
    assert _said(sentence) == []


def test_a_total_that_differs_may_be_of_another_network() -> None:
    assert _said("The network has 60 million parameters") == [Status.UNDECIDED]


def test_columns_of_a_table_say_what_they_count() -> None:
    table = """
| Layer | Output shape | Parameters |
|---|---|---|
| D1 | 6x6x4 | 76 |
| R1 | 4@2x3 | - |
| FC | 5 | 80 |
| Total | | 161 |
"""
    wrong = [v.latex for v in _judged(table).claims if v.status is Status.REFUTED]
    assert wrong == ["4@2x3", "80"]
    assert len(_judged(table).claims) == 5


def test_counts_stand_in_the_order_of_the_deck() -> None:
    text = (
        "D1: 76 parameters\n\n$$ y_k = \\sum_{l=1}^{16} B_{kl} r_l + e_k $$\n\nR1: 1 parameters\n"
    )
    claims = judge_deck(document_from_text(text), MODEL).claims
    assert [c.id for c in claims] == ["c1", "c2", "c3"]
    assert [c.status for c in claims] == [Status.PROVED, Status.PROVED, Status.REFUTED]


def test_a_number_is_not_said_of_what_the_sentence_names_behind_a_comma() -> None:
    assert _said("The layer has 5 parameters, and D1 76.") == []
    assert _said("These are 76 parameters in D1") == [Status.PROVED]
