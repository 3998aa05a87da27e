r"""A sum of products of whole arrays is no list of elements, though its names have numbers."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from tests.verify.claims import sheet
from verify.judge import judge_document

BLOCK = r"""---
sizes: {n: 3, m: 4}
types: {x_0: column n, W_1: matrix m n, W_2: matrix n m}
---
$$ u = W_1 x_0 \qquad x_1 = x_0 + W_2 \tanh(u) $$
"""
LOOP = r"""---
sizes: {T: 3, n: 2}
time: {t: T}
inputs: [x, h_0]
types: {x_t: column n, h_t: column n, W: matrix n n, V: matrix n n}
---
$$ a_t = W h_{t-1} + x_t \qquad b_t = V h_{t-1} \qquad h_t = \tanh(a_t) \odot b_t $$
"""
FROM_ABOVE = r"\frac{\partial L}{\partial h_t^{out}}"


@pytest.mark.parametrize(
    ("model", "claim", "wrong", "right"),
    [
        (BLOCK, r"\frac{\partial L}{\partial x_0} = \frac{\partial L}{\partial x_1}"
         r" + W_1^T \frac{\partial L}{\partial u}", "W_1^T", "W_1"),
        (LOOP, rf"\frac{{\partial L}}{{\partial h_t}} = {FROM_ABOVE}"
         r" + W^T \frac{\partial L}{\partial a_{t+1}} + V^T \frac{\partial L}{\partial b_{t+1}}",
         "b_{t+1}", "b_t"),
    ],
)  # fmt: skip
def test_a_slip_in_one_term_is_mended(model: str, claim: str, wrong: str, right: str) -> None:
    typed = claim.replace(wrong, right)
    (verdict,) = judge_document(document_from_text(f"$$ {typed} $$"), sheet(model), EMPTY).claims
    assert "is no term of this sum" not in verdict.message
    assert verdict.suggestion is not None
    assert bare(verdict.suggestion.latex) == bare(claim)


def bare(latex: str) -> str:
    return latex.translate(str.maketrans("", "", "{} "))
