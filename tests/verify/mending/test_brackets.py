r"""Brackets that went missing, reach too far, or are too many are put where they belong."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text

LAYER = model_from_text(
    r"""---
sizes: {n: 3, m: 2}
inputs: [x, y]
types: {x: column n, y: column m, z: column m, U: matrix m n, W: matrix m n, V: matrix m m}
functions: {'\phi': logistic}
---
$$ z = U x + W (x \odot x) $$
$$ h = \phi(z) $$
$$ L = \frac12 \| V h + h - y \|^2 $$
""",
    "layer",
)
SENT_BACK = r"(V^T (V h + h - y) + V h + h - y)"


@pytest.mark.parametrize(
    ("wrong", "edit"),
    [
        (r"V^T (V h + h - y) + V h + h - y \odot h \odot (1 - h)", "brackets are missing"),
        (SENT_BACK + r"\odot h \odot 1 - h", "brackets are missing"),
        (r"(V^T (V h + h - y + V h + h - y)) \odot h \odot (1 - h)", "the brackets reach too far"),
    ],
)
def test_brackets_are_moved_to_where_the_formula_is_right(wrong: str, edit: str) -> None:
    (verdict,) = judge_text(rf"\frac{{\partial L}}{{\partial z}} = {wrong}", LAYER).claims
    assert verdict.status != "proved"
    assert verdict.suggestion is not None
    assert verdict.suggestion.edit == edit
    (mended,) = judge_text(verdict.suggestion.latex, LAYER).claims
    assert mended.status == "proved"


def test_brackets_that_are_too_many_are_taken_away() -> None:
    (verdict,) = judge_text(r"z = U (x + W (x \odot x))", LAYER).claims
    assert verdict.suggestion is not None
    (mended,) = judge_text(verdict.suggestion.latex, LAYER).claims
    assert mended.status == "proved"
