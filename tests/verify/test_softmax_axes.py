"""Softmax of a matrix: of each row or of each column, as samples say; else by both."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.reading.document import document_from_text
from verify.judge import judge_deck
from verify.verdict import ACCEPTED, Judgement, Status

ATTENTION = r"""---
sizes: {n: 3, d: 4, m: 5}
types: {Q: matrix n d, K: matrix m d, V: matrix m d}
---
$$ S = Q K^T \qquad A = \operatorname{softmax}(S) \qquad O = A V $$
"""
G = r"\frac{\partial L}{\partial A_{ij}}"
ROWS = rf"A_{{ij}} ({G} - \sum_k A_{{ik}} {G.replace('ij', 'ik')})"
COLUMNS = ROWS.replace("A_{ik}", "A_{kj}")
SAMPLES = r"""---
sizes: {N: 3, k: 4}
types: {Z: 'matrix TYPE'}
---
$$ P = \operatorname{softmax}(Z) $$
"""


def judged(sheet: str, latex: str, folder: Path) -> Judgement:
    path = folder / "sheet.md"
    path.write_text(sheet, encoding="utf-8")
    return judge_deck(document_from_text(f"$$ {latex} $$"), path)


def test_what_is_right_by_both_is_right(tmp_path: Path) -> None:
    right = r"\frac{\partial L}{\partial V} = A^T \frac{\partial L}{\partial O}"
    (verdict,) = judged(ATTENTION, right, tmp_path).claims
    assert verdict.status is Status.PROVED


@pytest.mark.long
@pytest.mark.parametrize(("side", "kind"), [(ROWS, "row"), (COLUMNS, "column")])
def test_what_is_right_by_one_is_open(side: str, kind: str, tmp_path: Path) -> None:
    claim = rf"\frac{{\partial L}}{{\partial S_{{ij}}}} = {side}"
    (verdict,) = judged(ATTENTION, claim, tmp_path).claims
    assert verdict.conditions == (f"right if softmax is taken of each {kind}",)


@pytest.mark.long
def test_what_is_wrong_by_both_is_wrong(tmp_path: Path) -> None:
    (verdict,) = judged(
        ATTENTION, r"\frac{\partial L}{\partial V} = A \frac{\partial L}{\partial O}", tmp_path
    ).claims
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)


@pytest.mark.parametrize(
    ("kind", "side"),
    [("N k (rows are samples)", ROWS), ("k N (columns are samples)", COLUMNS)],
)
def test_samples_stand_apart(kind: str, side: str, tmp_path: Path) -> None:
    letters = side.replace("A_", "P_")
    claim = rf"\frac{{\partial L}}{{\partial Z_{{ij}}}} = {letters}"
    found = judged(SAMPLES.replace("TYPE", kind), claim, tmp_path)
    assert {c.status for c in found.claims} <= ACCEPTED
    assert "as the others are samples" in found.assumed[-1]
