r"""A formula that has no value somewhere: ``\ln(1 - e^z)`` where z > 0, ``1 / q_{i-1}`` at i = 1.

Right formulas have values wherever the model has. Where both sides have one and differ the formula
is refuted; that zero is meant outside a range is not supposed where that would be divided by.
"""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Status, Verdict

SHEET = r"""---
loss: J
inputs: [z, p]
sizes: {n: 4}
---
$$ q_i = e^{z_i}, \quad i = 1, \dots, n $$
$$ J = \sum_{i=1}^{n} (\ln(1 + q_i) - p_i \ln q_i) $$
"""


def judged(claim: str) -> Verdict:
    model = model_from_text(SHEET, "sheet")
    (verdict,) = judge_document(document_from_text(f"$$ {claim} $$"), model, EMPTY).claims
    return verdict


@pytest.mark.parametrize(
    ("claim", "better"),
    [
        (
            r"\frac{\partial J}{\partial q_i} = \frac{1}{1 + q_i} - \frac{p_i}{q_{i - 1}}",
            r"\frac{\partial J}{\partial q_i} = \frac{1}{1 + q_i} - \frac{p_i}{q_{i}}",
        ),
        (
            r"J = \sum_{i=1}^{n} (\ln(1 - e^{z_i}) - p_i z_i)",
            r"J = \sum_{i=1}^{n} (\ln(1 + e^{z_i}) - p_i z_i)",
        ),
    ],
)
def test_what_has_no_value_everywhere_is_wrong_and_mended(claim: str, better: str) -> None:
    verdict = judged(claim)
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == better


def test_what_has_no_value_anywhere_is_open() -> None:
    assert judged(r"J = \sum_{i=1}^{n} \ln(-1 - e^{z_i})").status is Status.UNDECIDED
