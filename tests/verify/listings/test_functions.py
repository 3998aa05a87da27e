"""What listings take for granted: functions that a sheet leaves open, and sizes."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import context, sheet
from verify.judge import judge_document
from verify.verdict import Status, Verdict

LAYER = sheet(r"""---
loss: L
inputs: [x, t]
sizes: {N: 3, r: 2, m: 'r N'}
functions: {h: generic}
emitted: {h: tanh}
---
$$ a_i = w_i x_i, \quad i = 1, \dots, m $$
$$ y_i = h(a_i) $$
$$ L = \frac12 \sum_{i=1}^{m} (y_i - t_i)^2 $$
""")
NAMES = context(r"""code:
  x: x
  t: t
  y: 'y'
  da: '\frac{\partial L}{\partial a}'
  dy: '\frac{\partial L}{\partial y}'
  dw: '\frac{\partial L}{\partial w}'
  rows: m
  parts: N
  step: r""")


def judged(statement: str) -> Verdict:
    deck = document_from_text(f"Code\n\n```\n{statement}\nk = 1;\nq = 2;\n```\n")
    return judge_document(deck, LAYER, NAMES).claims[0]


@pytest.mark.parametrize(
    ("statement", "said"),
    [("da = dy .* (1 - y .* y);", True), ("dw = da .* x;", False), ("dy = y - t;", False)],
)
def test_a_function_that_code_stands_in_for_is_named(statement: str, said: bool) -> None:
    verdict = judged(statement)
    assert verdict.status is Status.PROVED
    assert ("h is the tanh function, as in the code of the sheet" in verdict.assumptions) is said


def test_a_size_is_mended_for_every_size() -> None:
    verdict = judged("rows = parts*step + step - 1;")
    assert verdict.status is Status.REFUTED
    assert r"right is m = {N} \times {r} + {r} - {r}" in verdict.message
