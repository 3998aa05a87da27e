"""Brackets that do not match: put right where one reading remains, and said so."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import RIGHT, sheet, verdict
from verify.judge import judge_deck
from verify.verdict import Status

LINEAR = sheet(r"""---
loss: L
sizes: {N: 4, d: 2}
types: {X: matrix N d, w: column d, 'y': column N}
inputs: [X, 'y']
---
$$ h = X w $$ $$ L = \frac{1}{2N} \sum_{i=1}^N (h_i - y_i)^2 $$
""")
UNIT = sheet("---\nfunctions: {'\\sigma': logistic}\n---\n$$ a = \\sigma(z) $$\n")
BY_H, BY_W = r"\frac{\partial L}{\partial h} =", r"\frac{\partial L}{\partial w} ="
BY_Z = r"\frac{\partial a}{\partial z} ="


@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (LINEAR, rf"{BY_H} \frac{{1}}{{N}} (h - y"),
        (LINEAR, rf"{BY_H} \frac{{1}}{{N}} (h - y))"),
        (LINEAR, rf"{BY_W} \frac{{1}}{{N}} X^T (X w - y"),
        (UNIT, rf"{BY_Z} \sigma(z) (1 - \sigma(z)"),
        (UNIT, rf"{BY_Z} a (1 - a"),
    ],
)
def test_the_only_reading_is_judged_and_said(model, claim):
    found = verdict(model, claim)
    assert found.status in RIGHT
    assert any("the brackets do not match" in note for note in found.assumptions)


def test_the_only_reading_may_be_wrong():
    deck = document_from_text(rf"$$ {BY_H} \frac{{1}}{{N}} (h + y)) $$")
    (found,) = judge_deck(deck, LINEAR).claims
    assert found.status == Status.REFUTED
    assert found.suggestion is not None
    assert found.suggestion.latex == rf"{BY_H} \frac{{1}}{{N}} (h - y)"


@pytest.mark.parametrize(
    ("model", "claim", "column"),
    [
        (LINEAR, rf"{BY_W} \frac1N \sum_i (h_i - y_i x_i", 52),
        (LINEAR, rf"{BY_W} \frac{{1}}{{N}} X^T (X w - y)))", 62),
        (UNIT, rf"{BY_Z} \sigma(z (1 - \sigma(z))", 43),
        (UNIT, rf"{BY_Z} a 1 - a)", 44),
    ],
)
def test_what_has_several_readings_is_unreadable_at_its_column(model, claim, column):
    found = verdict(model, claim)
    assert found.status == Status.UNREADABLE
    assert f"line 1, column {column}" in found.message
