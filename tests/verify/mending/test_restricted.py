r"""Repair where a formula is right for some targets only: the condition is told with the edit."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Status, Verdict

SHEET = r"""---
loss: L
inputs: [x, t]
sizes: {N: 4, D: 2, K: 3}
---
$$ z_{nk} = \sum_{d=1}^{D} w_{kd} x_{nd} + b_k, \quad n = 1, \dots, N, \quad k = 1, \dots, K $$
$$ p_{nk} = \frac{e^{z_{nk}}}{\sum_{l=1}^{K} e^{z_{nl}}} $$
$$ L = -\sum_{n=1}^{N} \sum_{k=1}^{K} t_{nk} \ln p_{nk}
+ \frac{\lambda}{2} \sum_{k=1}^{K} \sum_{d=1}^{D} w_{kd}^2 $$
"""
CONDITION = "right if Σ_k t_{n,k} = 1"


def judged(claim: str) -> Verdict:
    model = model_from_text(SHEET, "softmax")
    (verdict,) = judge_document(document_from_text(f"$$ {claim} $$"), model, EMPTY).claims
    return verdict


@pytest.mark.parametrize(
    ("claim", "better"),
    [
        (
            r"\frac{\partial L}{\partial w_{kd}} = \sum_{n=1}^{N} (p_{nk} - t_{nk}) x_{nd}",
            r"\frac{\partial L}{\partial w_{kd}} = \sum_{n=1}^{N} (p_{nk} - t_{nk}) x_{nd}"
            r" + \lambda w_{kd}",
        ),
        (
            r"\frac{\partial L}{\partial z_{nk}} = p_{nk} + t_{nk}",
            r"\frac{\partial L}{\partial z_{nk}} = p_{nk} - t_{nk}",
        ),
        (
            r"\frac{\partial L}{\partial b_k} = \sum_{n=1}^{N} (p_{nk} - t_{kn})",
            r"\frac{\partial L}{\partial b_k} = \sum_{n=1}^{N} (p_{nk} - t_{nk})",
        ),
    ],
)
def test_a_slip_under_an_undeclared_condition_is_mended(claim: str, better: str) -> None:
    verdict = judged(claim)
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)
    assert verdict.suggestion is not None
    assert "".join(verdict.suggestion.latex.split()) == "".join(better.split())
    assert verdict.suggestion.edit.endswith(CONDITION)


def test_what_is_right_for_all_targets_needs_no_condition() -> None:
    claim = r"\frac{\partial L}{\partial z_{nk}} = p_{nk} \sum_{l=1}^{K} t_{nl} + t_{nk}"
    suggestion = judged(claim).suggestion
    assert suggestion is not None
    assert "if" not in suggestion.edit
