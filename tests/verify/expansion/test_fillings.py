r"""Dots between unknown terms: wrong where nothing of their form completes the sum."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_document
from verify import judge_deck
from verify.mending.repair import Repair
from verify.verdict import Status

STRIPS = model_from_document(
    document_from_text(r"""---
loss: L
inputs: [x, t]
sizes: {K: 3}
functions: {g: tanh}
---
$$ a_k(i) = \sum_{u=1}^{2} w_k(u) x(i + u - 1), \quad k = 1, \dots, K, \quad i = 1, \dots, 5 $$
$$ h_k(i) = g(a_k(i)) $$
$$ c_k(i) = \sum_{u=1}^{2} v_k(u) h_k(i + u - 1), \quad i = 1, \dots, 4 $$
$$ L = \frac{1}{2} \sum_{k=1}^{K} \sum_{i=1}^{4} (c_k(i) - t_k(i))^2 $$
"""),
    "strips",
)
LEFT = r"\frac{\partial L}{\partial v_k(2)} = "


def status(term: str) -> Status:
    """The verdict on a sum of such terms: the first two, dots, and the fourth."""
    shown = [term.replace("I", str(i)).replace("J", str(i + 1)) for i in (1, 2, 4)]
    text = rf"$$ {LEFT} {shown[0]} + {shown[1]} + \dots + {shown[2]} $$"
    with (
        patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
        patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
    ):
        (verdict,) = judge_deck(document_from_text(text), STRIPS).claims
    return verdict.status


@pytest.mark.long
@pytest.mark.parametrize(
    "term",
    [
        r"\frac{\partial L}{\partial h_k(I)} h_k(J)",  # the gradient of another map
        r"\frac{\partial L}{\partial c_k(I)} a_k(J)",  # not activated
        r"t_k(I) h_k(J)",  # the target for the error
    ],
)
def test_terms_of_which_no_number_makes_the_sum_refute_it(term: str) -> None:
    assert status(term) is Status.REFUTED


@pytest.mark.parametrize(
    "term",
    [
        r"\frac{\partial L}{\partial c_k(I)} h_k(J)",
        r"(c_k(I) - t_k(I)) h_k(J)",
    ],
)
def test_right_terms_are_never_refuted(term: str) -> None:
    assert status(term) in {Status.PROVED, Status.CONFIRMED, Status.UNDECIDED}


def test_right_terms_grouped_in_another_way_are_never_refuted() -> None:
    pairs = r"((c_k(1) - t_k(1)) h_k(2) + (c_k(2) - t_k(2)) h_k(3)) + \dots"
    text = rf"$$ {LEFT} {pairs} $$"
    (verdict,) = judge_deck(document_from_text(text), STRIPS).claims
    assert verdict.status is not Status.REFUTED
