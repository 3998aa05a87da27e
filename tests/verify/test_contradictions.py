r"""Two places of a deck that disagree are told together, whichever of them is wrong."""

from __future__ import annotations

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_document
from verify import judge_deck
from verify.verdict import Contradiction, Status

PYRAMID = model_from_document(
    document_from_text(r"""---
inputs: [A]
sizes: {w: 3, n: 4, K: 2}
functions: {g: tanh}
---
$$ D_k(i, j) = g\left(\sum_{u=1}^{w} \sum_{v=1}^{w} A(i + u - 1, j + v - 1)\, h_k(u, v)
   + c_k\right), \quad k = 1, \dots, K, \quad i, j = 1, \dots, n $$
$$ P_k(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} D_k(2 i - u, 2 j - v),
   \quad i, j = 1, \dots, 2 $$
"""),
    "pyramid",
)
BATCH = model_from_document(
    document_from_text(r"""---
loss: R
inputs: [x, t]
sizes: {m: 5, d: 3}
batch: {axis: n, over: [x, t], loss: sum}
---
$$ s_n = \sum_{j=1}^{d} v_j x_{nj}, \quad n = 1, \dots, m $$
$$ R = \frac{1}{2} \sum_{n=1}^{m} (s_n - t_n)^2 $$
"""),
    "batch",
)
WITH_BIAS = r"D_k(i, j) = g(\sum_{u=1}^{w} \sum_{v=1}^{w} A(i + u - 1, j + v - 1) h_k(u, v) + c_k)"
LAYER = r", \quad k = 1, \dots, K, \quad i, j = 1, \dots, 4"


def found(model: object, *lines: str) -> tuple[Contradiction, ...]:
    text = "\n".join(f"$$ {line} $$" for line in lines)
    return judge_deck(document_from_text(text), model).contradictions  # type: ignore[arg-type]


def test_the_bias_there_and_gone() -> None:
    (pair,) = found(PYRAMID, WITH_BIAS + LAYER, WITH_BIAS.replace("+ c_k", "") + LAYER)
    assert (pair.first.line, pair.second.line) == (1, 2)
    assert pair.message == "c_k stands in line 1, and not in line 2"


@pytest.mark.long
def test_the_bias_gone_and_there_where_both_are_wrong() -> None:
    wrong = WITH_BIAS.replace("u - 1", "u")
    (pair,) = found(PYRAMID, wrong.replace("+ c_k", "") + LAYER, wrong + LAYER)
    assert pair.message == "c_k stands in line 2, and not in line 1"


def test_a_range_that_is_given_twice() -> None:
    pooled = r"P_k(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} D_k(2 i - u, 2 j - v)"
    (pair,) = found(
        PYRAMID,
        pooled + r", \quad i, j = 1, \dots, 2",
        pooled + r", \quad i, j = 1, \dots, 5",
    )
    assert pair.message == "line 1 is for 1..2 × 1..2 × 1..2, line 2 for 1..2 × 1..5 × 1..5"


def test_the_stride_of_a_pooling_layer() -> None:
    def pooled(step: str, last: int) -> str:
        where = rf", \quad k = 1, \dots, K, \quad i, j = 1, \dots, {last}"
        window = rf"D_k({step} i - u, {step} j - v)".replace("1 i - u", "i + 1 - u")
        window = window.replace("1 j - v", "j + 1 - v")
        mean = r"P_k(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1}"
        return f"{mean} {window} {where}"

    (pair,) = found(PYRAMID, pooled("2", 2), pooled("1", 2))
    assert pair.message == "D_k is read in steps of 2 in line 1, of 1 in line 2"


def test_the_mean_there_and_the_sum_here() -> None:
    (pair,) = found(
        BATCH,
        r"R = \frac{1}{2} \sum_{n=1}^{m} (s_n - t_n)^2",
        r"\frac{\partial R}{\partial v_j} = \frac{1}{m} \sum_{n=1}^{m} (s_n - t_n) x_{nj}",
    )
    assert pair.message.startswith("line 1 is right as it stands, line 2 only if the loss is R / m")


def test_formulas_that_agree_and_single_slips_contradict_nothing() -> None:
    assert not found(
        BATCH,
        r"R = \frac{1}{2} \sum_{n=1}^{m} (s_n - t_n)^2",
        r"\frac{\partial R}{\partial s_n} = s_n - t_n",
        r"\frac{\partial R}{\partial s_n} = s_n + t_n",
    )


def test_one_element_is_no_other_range() -> None:
    first = r"P_k(1, 1) = \frac{1}{4} (D_k(1, 1) + D_k(1, 2) + D_k(2, 1) + D_k(2, 2))"
    wrong = r"P_k(i, j) = \frac{1}{4} D_k(2 i, 2 j), \quad i, j = 1, \dots, 2"
    assert not found(PYRAMID, first, wrong)


def test_a_symbol_of_the_deck_that_it_defines_twice() -> None:
    (pair,) = found(BATCH, r"q_n = s_n - t_n", r"q_n = s_n")
    assert pair.message == "t_n stands in line 1, and not in line 2"


def test_an_element_beside_a_range_is_no_contradiction() -> None:
    element = r"P_1(2, 2) = \frac{1}{4} (D_1(3, 3) + D_1(3, 4) + D_1(4, 3) + D_1(4, 4))"
    further = r"P_k(i, j) = D_k(2 i, 2 j), \quad i, j = 1, \dots, 3"
    assert found(PYRAMID, element, further) == ()


def test_a_step_with_a_rate_of_the_context_contradicts_nothing() -> None:
    declared = r"""---
scalars: ['\gamma']
---
$$ v^+_j = v_j - \gamma \frac{\partial R}{\partial v_j} $$
"""
    context = context_from_document(document_from_text(declared), "step")
    deck = document_from_text(r"$$ v^+_j = v_j - \gamma \sum_n (s_n - t_n) x_{nj} $$")
    judged = judge_deck(deck, BATCH, context)
    assert [c.status for c in judged.claims] == [Status.PROVED]
    assert not judged.contradictions
