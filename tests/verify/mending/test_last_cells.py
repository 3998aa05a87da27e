r"""An array that dots lead up to its end ends with the last element, and that is suggested."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

JOINED = r"""---
loss: E
inputs: [a]
sizes: {K: 4, n: 3, N: 'K n'}
types: {a: column n, s: tensor K n}
functions: {F: vectorise rows}
---
$$ s_k(i) = w_k a_i, \quad k = 1, \dots, K, \quad i = 1, \dots, n $$
$$ Z = F(\{s_k\}_{k = 1, \dots, K}) $$
$$ z_m = Z(m), \quad m = 1, \dots, N $$
$$ E = \sum_{m=1}^{N} z_m^2 $$
"""


@cache
def model() -> Model:
    return model_from_text(JOINED, "joined")


def column(last: str) -> str:
    cells = r" \\ ".join(["s_1(1)", "s_1(2)", "s_1(3)", "s_2(1)", r"\vdots", last])
    return rf"Z = \begin{{bmatrix}} {cells} \end{{bmatrix}}"


@pytest.mark.parametrize(("wrong", "right"), [("s_3(3)", "s_k(3)"), ("s_k(2)", "s_k(3)")])
def test_the_last_cell_is_put_at_the_end_of_its_index(wrong: str, right: str) -> None:
    (verdict,) = judge_text(column(wrong), model()).claims
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == column(right)
    assert "the last cell" in verdict.suggestion.edit


def test_the_last_element_needs_no_edit() -> None:
    (verdict,) = judge_text(column("s_k(3)"), model()).claims
    assert verdict.status is Status.PROVED
