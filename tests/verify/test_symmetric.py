r"""Quadratic forms: A is symmetric where it is said, and may be where nothing tells."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from tests.verify.test_own import last
from verify.judge import judge_text
from verify.verdict import ACCEPTED, Status, Verdict

FORM = r"""---
loss: f
sizes: {n: 3}
types: {A: KIND, w: column n, b: column n}
---
$$ f = \frac12 w^T A w - b^T w $$
"""
PAGE = r"""WORDS $A \in \mathbb{R}^{n \times n}$, $w, b \in \mathbb{R}^n$ and
$$ f = \frac12 w^T A w - b^T w $$
$$ \nabla_w f = A w - b $$
"""


def judged(latex: str, kind: str = "matrix n n") -> Verdict:
    model = model_from_text(FORM.replace("KIND", kind), "form")
    (verdict,) = judge_text(latex, model, EMPTY).claims
    return verdict


@pytest.mark.parametrize(
    "latex", [r"\nabla_w f = A w - b", r"\nabla_w^2 f = A", r"\nabla_w f = A^T w - b"]
)
def test_what_holds_for_symmetric_matrices_is_open_where_nothing_says_so(latex: str) -> None:
    assert judged(latex).conditions == ("right if A is symmetric",)
    assert judged(latex).status is Status.UNDECIDED


@pytest.mark.parametrize("kind", ["symmetric matrix n n", "matrix n n symmetric"])
def test_a_type_says_it(kind: str) -> None:
    assert judged(r"\nabla_w f = A w - b", kind).status in ACCEPTED
    assert judged(r"\nabla_w f = A w + b", kind).status is Status.REFUTED


@pytest.mark.long
def test_what_is_right_anyway_asks_for_nothing() -> None:
    assert judged(r"\nabla_w f = \frac12 (A + A^T) w - b").status is Status.PROVED
    assert judged(r"\nabla_w f = 2 A w - b").status is Status.REFUTED


def test_a_matrix_that_is_read_in_another_way_is_not_taken_for_symmetric() -> None:
    sheet = "---\nsizes: {n: 3}\ntypes: {W: matrix n n, x: column n}\n---\n$$ z = W x $$"
    wrong = r"\frac{\partial L}{\partial x} = W \frac{\partial L}{\partial z}"
    (verdict,) = judge_text(wrong, model_from_text(sheet, "layer"), EMPTY).claims
    assert verdict.status is Status.REFUTED


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Take a symmetric matrix", Status.PROVED),
        ("Let $A = A^T$,", Status.PROVED),
        ("Let", Status.UNDECIDED),
        ("For symmetric", Status.UNDECIDED),
        ("$A$ need not be symmetric. Let", Status.UNDECIDED),
    ],
)
def test_a_page_says_it_in_a_sentence_without_conditions(words: str, status: Status) -> None:
    found = last(PAGE.replace("WORDS", words)).status
    assert found is status or {found, status} <= ACCEPTED
