"""Formulas for a layer l against a family of unequal widths: right for all layers, or for none."""

from __future__ import annotations

import pytest

from derive.reading.context import Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from tests.derive.families import FAMILY, dressed
from verify.judge import judge_text
from verify.verdict import Status, Verdict

BACK = r"\delta^{(l)} = (W^{(l+1)})^T \delta^{(l+1)} \odot \sigma'(z^{(l)})"
MEANING = "---\nmeanings:\n  '\\delta^{(l)}': '\\partial J / \\partial z^{(l)}'\n---\n"


def judged(latex: str, dress: str = "^{(l)}") -> Verdict:
    model = model_from_text(dressed(FAMILY, dress), "family")
    (verdict,) = judge_text(dressed(latex, dress), model, _context(dress)).claims
    return verdict


def _context(dress: str) -> Context:
    return context_from_document(document_from_text(dressed(MEANING, dress)), "test")


@pytest.mark.parametrize(
    "dress", ["^{(l)}", *(pytest.param(d, marks=pytest.mark.long) for d in ("^{[l]}", "^l", "_l"))]
)
def test_a_formula_for_all_layers_is_proved_for_each(dress: str) -> None:
    verdict = judged(BACK, dress)
    assert verdict.status is Status.PROVED
    assert "judged for l = 1, 2, in a family of 3 layers" in verdict.assumptions


DEEPER = FAMILY.replace("to: 3", "to: 4").replace("[4, 5, 3, 2]", "[2, 3, 5, 4, 1]")


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        (BACK, Status.PROVED),
        pytest.param(
            BACK.replace("(W^{(l+1)})^T", "W^{(l+1)}"), Status.ILL_FORMED, marks=pytest.mark.long
        ),
        pytest.param(
            BACK.replace(r"\sigma'(z^{(l)})", r"\sigma(z^{(l)})"),
            Status.REFUTED,
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_deeper_network_of_other_widths_says_the_same(latex: str, status: Status) -> None:
    model = model_from_text(DEEPER, "family")
    (verdict,) = judge_text(latex, model, _context("^{(l)}")).claims
    assert verdict.status is status
    if status is Status.PROVED:
        assert "judged for l = 1, 2, 3, in a family of 4 layers" in verdict.assumptions


@pytest.mark.long
@pytest.mark.parametrize(
    "latex",
    [
        BACK.replace(r"\sigma'(z^{(l)})", r"\sigma'(z^{(l+1)})"),
        BACK.replace("(W^{(l+1)})^T", "W^{(l+1)}"),
        r"\frac{\partial J}{\partial W^{(l)}} = \delta^{(l)} (a^{(l)})^T",
        r"\frac{\partial J}{\partial b^{(l)}} = \delta^{(l)} \odot \sigma'(z^{(l)})",
    ],
)
def test_slips_fail_for_some_layer(latex: str) -> None:
    verdict = judged(latex)
    assert verdict.status in {Status.REFUTED, Status.ILL_FORMED}
    assert verdict.message.startswith("l = ")


@pytest.mark.long
def test_the_last_layer_has_its_own_letter() -> None:
    assert judged(r"\delta^{(L)} = (a^{(L)} - y) \odot \sigma'(z^{(L)})").status is Status.PROVED
    assert judged(r"\delta^{(L)} = (y - a^{(L)}) \odot \sigma'(z^{(L)})").status is Status.REFUTED


@pytest.mark.long
def test_a_stated_range_that_leads_out_of_the_network_means_nothing() -> None:
    assert judged(BACK + r", \quad l = 1, \dots, L - 1").status is Status.PROVED
    beyond = judged(BACK + r", \quad l = 1, \dots, L")
    assert beyond.status is Status.ILL_FORMED
    assert beyond.message == "l = 3: the formula reads what no layer of the sheet has"
