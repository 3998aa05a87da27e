r"""``D_j S_i`` of a softmax (Bendersky 2016), ``f'(x)`` of a number."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import RIGHT, sheet, verdict
from verify.judge import judge_deck
from verify.verdict import Status

SOFTMAX = r"S_i = \frac{e^{a_i}}{\sum_{k=1}^n e^{a_k}}, \quad i = 1, \dots, n"
SHEET = sheet(f"---\nsizes: {{n: 4}}\n---\n$$ {SOFTMAX} $$\n")


@pytest.mark.parametrize(
    "claim",
    [
        r"D_j S_i = S_i (\delta_{ij} - S_j)",
        r"D_i S_i = S_i (1 - S_i)",
        r"D_j S_i = -S_j S_i \quad \text{if } i \ne j",
    ],
)
def test_it_is_an_element_of_the_jacobian(claim):
    assert verdict(SHEET, claim).status in RIGHT


@pytest.mark.parametrize(
    "claim", [r"D_j S_i = S_i (\delta_{ij} + S_j)", r"D_j S_i = S_j (\delta_{ij} - S_j)"]
)
def test_slips_are_refuted(claim):
    assert verdict(SHEET, claim).status == Status.REFUTED


def test_it_is_read_on_a_page_and_said():
    page = document_from_text(rf"$$ {SOFTMAX} $$ $$ D_j S_i = S_i (\delta_{{ij}} - S_j) $$")
    found = judge_deck(page).claims[-1]
    assert found.status in RIGHT
    assert any("derivative by a" in note for note in found.assumptions)


def test_a_symbol_of_that_name_stays_what_it_is():
    model = sheet("---\nsizes: {n: 3}\n---\n$$ y_i = D_i x_i, \\quad i = 1, \\dots, n $$\n")
    assert verdict(model, r"y_i = D_i x_i").status in RIGHT
