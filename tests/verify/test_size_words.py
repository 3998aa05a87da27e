r"""Sizes of several letters are names wherever they stand: ``kh``, ``Ho``, ``\frac{1}{NT}``."""

from __future__ import annotations

import pytest

from derive.errors import IllFormed
from tests.verify.claims import sheet, verdict
from verify.judge import judge_text
from verify.verdict import Status

STRIDED = sheet(r"""---
loss: L
inputs: [x, t]
sizes: {NT: 7, kh: 3, s: 2, Ho: 3}
---
$$ z_i = \sum_{m=1}^{kh} k_m x_{s(i-1)+m}, \quad i = 1, \dots, Ho $$
$$ L = \frac{1}{2 NT} \sum_{i=1}^{Ho} (z_i - t_i)^2 $$
""")


@pytest.mark.parametrize(
    "right",
    [
        r"Ho = (NT - kh)/s + 1",
        r"Ho = \lfloor (NT - kh)/s \rfloor + 1 = 3",
        r"\frac{\partial L}{\partial z_i} = \frac{1}{NT} (z_i - t_i)",
        r"\frac{\partial L}{\partial k_m} = \frac{1}{NT} \sum_i (z_i - t_i) x_{s(i-1)+m}",
    ],
)
def test_a_formula_of_sizes_with_long_names_is_read(right: str) -> None:
    assert verdict(STRIDED, right).status is Status.PROVED


def test_a_long_name_is_no_product() -> None:
    assert verdict(STRIDED, r"Ho = (NT - kh)/s").status is Status.REFUTED
    wrong = r"\frac{\partial L}{\partial z_i} = \frac{1}{Ho} (z_i - t_i)"
    assert verdict(STRIDED, wrong).status is Status.REFUTED


def test_no_letter_of_a_long_name_and_no_mark_of_a_norm_is_a_tensor() -> None:
    normed = sheet(r"""---
loss: L
inputs: [A]
sizes: {NT: 3}
types: {A: matrix NT NT, B: matrix NT NT}
---
$$ L = \frac{1}{2 NT} \sum_{i=1}^{NT} B_{ii} + \frac12 \| A - B \|_F^2 $$
""")
    assert set(STRIDED.tensors) == {"x", "t", "k", "z", "L"}
    assert set(normed.tensors) == {"A", "B", "L"}


def test_a_tensor_with_the_name_of_a_size_is_told_as_such() -> None:
    clash = r"""---
loss: L
sizes: {N: 3, H: 2}
types: {X: matrix N H}
---
$$ H = X X^T $$
$$ L = \sum_{i=1}^{H} \sum_{n=1}^{N} X_{ni} $$
"""
    with pytest.raises(IllFormed, match="H is a size"):
        sheet(clash)


LAID = "---\ninputs: [x]\nsizes: {m: 4, n: 3}\n---\n" + (
    r"$$ z_i = \sum_{j=1}^{n} W_{ij} x_j + b_i, \quad i = 1, \dots, m $$"
)


def test_a_vector_that_is_shown_the_other_way_round_is_open() -> None:
    deck = r"$b$ (size $4 \times 1$), $b$ (size $1 \times 4$), $b$ (size $1 \times 3$)"
    found = [v.status.value for v in judge_text(deck, sheet(LAID)).claims]
    assert found == ["proved", "undecided", "refuted"]
