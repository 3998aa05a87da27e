r"""Rows of gradients beside columns: a declared layout, and what authors pass over in it."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import ACCEPTED, Status, Verdict

NET = r"""---
loss: J
layout: LAYOUT
inputs: [x, 'y']
sizes: {d: 4, h: 3}
types: {x: column d, W: matrix h d, b: column h, 'y': column h}
---
$$ z = W x + b \qquad a = \text{ReLU}(z) \qquad J = \frac12 \| a - y \|^2 $$
"""
DELTA = "---\nmeanings: {'\\delta': '\\partial J / \\partial z'}\n---\n"
SQUARE = NET.replace("d: 4, h: 3", "d: 3, h: 3")


def judged(latex: str, layout: str, net: str = NET) -> Verdict:
    context = context_from_document(document_from_text(DELTA), "test")
    model = model_from_text(net.replace("LAYOUT", layout), "net")
    (verdict,) = judge_text(latex, model, context).claims
    return verdict


@pytest.mark.long
@pytest.mark.parametrize("layout", ["rows", "numerator"])
def test_a_vector_beside_a_gradient_is_a_row_as_that_is(layout: str) -> None:
    slope = r"\delta = \frac{\partial J}{\partial a} \circ \text{sgn}(a)"
    assert judged(slope, layout).status in ACCEPTED
    assert judged(slope.replace("sgn}(a)", "sgn}(z)"), layout).status is Status.REFUTED
    assert any("is a row" in note for note in judged(slope, layout).assumptions)


@pytest.mark.long
def test_two_vectors_without_a_gradient_do_not_turn() -> None:
    verdict = judged(r"\frac{\partial J}{\partial a} = (a \circ y^T)^T", "rows")
    assert verdict.status is Status.ILL_FORMED


@pytest.mark.parametrize(
    ("latex", "layout", "status"),
    [
        (r"\frac{\partial J}{\partial b} = \delta^T", "rows", Status.PROVED),
        (r"\frac{\partial J}{\partial b} = \delta", "rows", Status.PROVED),
        (r"\frac{\partial J}{\partial a} = a - y", "rows", Status.ILL_FORMED),
        (r"\frac{\partial J}{\partial W} = \delta^T x^T", "numerator", Status.PROVED),
        (r"\frac{\partial J}{\partial W} = x \delta", "numerator", Status.PROVED),
        (r"\frac{\partial J}{\partial W} = x \delta", "rows", Status.ILL_FORMED),
        (r"\frac{\partial J}{\partial W} = \delta^T a^T", "numerator", Status.ILL_FORMED),
    ],
)
def test_what_is_learned_has_a_gradient_of_its_shape(
    latex: str, layout: str, status: Status
) -> None:
    assert judged(latex, layout).status is status


@pytest.mark.long
def test_where_the_shapes_leave_both_the_transpose_is_open() -> None:
    strict, other = r"\frac{\partial J}{\partial W} = x \delta", r"\delta^T x^T"
    assert judged(strict, "numerator", SQUARE).status is Status.PROVED
    verdict = judged(strict.replace(r"x \delta", other), "numerator", SQUARE)
    assert verdict.conditions[0] == "right if gradients by matrices have the shape of the matrix"


@pytest.mark.parametrize("layout", ["rows", "numerator"])
def test_the_gradient_by_a_row_is_a_row(layout: str) -> None:
    rows = r"""---
layout: LAYOUT
sizes: {n: 4, m: 3}
types: {x: row n, W: matrix n m}
---
$$ z = x W $$
"""
    right = r"\frac{\partial L}{\partial x} = \frac{\partial L}{\partial z} W^T"
    assert judged_by(rows.replace("LAYOUT", layout), right).status is Status.PROVED
    assert judged_by(rows.replace("LAYOUT", layout), right[:-2]).status is Status.ILL_FORMED


def judged_by(sheet: str, latex: str) -> Verdict:
    (verdict,) = judge_text(latex, model_from_text(sheet, "sheet"), EMPTY).claims
    return verdict


@pytest.mark.long
def test_a_chain_that_defines_an_error_as_a_row_asks_for_the_layout() -> None:
    sheet = NET.replace("layout: LAYOUT\n", "")
    chain = r"\delta_a = \frac{\partial J}{\partial a} = (a - y)^T"
    assert "numerator layout" in judged_by(sheet, chain).conditions[0]
    wrong = judged_by(sheet, chain.replace("a - y", "y - a"))
    assert wrong.status is Status.REFUTED
