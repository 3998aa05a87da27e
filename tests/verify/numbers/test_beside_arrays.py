r"""Sums of arrays with dots and a number among their terms: the bias of a map is for all of it."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

MAPS = r"""---
loss: E
inputs: [A, t]
sizes: {c: 2, K: 5, n: 3, m: 2, Q: 3}
types: {A: tensor K n m, w: matrix Q K, b: column Q, t: tensor Q n m}
functions: {g: generic}
---
$$ y_q(i, j) = g(\sum_{k=1}^{K} w_{qk} A_k(i, j) + b_q) $$
$$ E = \frac{1}{c} \sum_{q=1}^{Q} \sum_{i=1}^{n} \sum_{j=1}^{m} (y_q(i, j) - t_q(i, j))^2 $$
"""


@cache
def model() -> Model:
    return model_from_text(MAPS, "maps")


def judged(formula: str) -> Verdict:
    (verdict,) = judge_text(formula, model()).claims
    return verdict


def mended(formula: str) -> str | None:
    verdict = judged(formula)
    assert verdict.status is Status.REFUTED
    return None if verdict.suggestion is None else verdict.suggestion.latex


@pytest.mark.parametrize("last", ["w_{q5} A_5", "w_{qk} A_k"])
def test_a_number_is_added_to_all_of_an_array_behind_dots(last: str) -> None:
    verdict = judged(rf"y_q = g(w_{{q1}} A_1 + w_{{q2}} A_2 + \dots + {last} + b_q)")
    assert verdict.status is Status.PROVED


@pytest.mark.long
def test_terms_that_are_numbers_alone_are_no_array() -> None:
    assert judged(r"y_q = g(w_{q1} + \dots + w_{q5} + b_q)").status is Status.ILL_FORMED


def test_the_number_is_put_in_where_it_is_missing() -> None:
    wrong = r"y_q = g(w_{q1} A_1 + w_{q2} A_2 + \dots + w_{q5} A_5)"
    assert mended(wrong) == wrong[:-1] + " + b_q)"


def test_a_wrong_array_is_told_beside_a_number() -> None:
    right = r"y_q = g(w_{q1} A_1 + w_{q2} A_2 + \dots + w_{q5} A_5 + b_q)"
    assert mended(right.replace("w_{q2} A_2", "w_{q2} A_3")) == right


def test_cells_are_mended_with_the_terms() -> None:
    rows = r"y_q(1,1) & y_q(1,2) \\ y_q(2,1) & %s \\ y_q(3,1) & y_q(3,2)"
    cells = rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    terms = r"w_{q1} A_1 + w_{q2} A_2 + \dots + w_{q5} A_5"
    wrong = f"{cells % 'y_q(2,1)'} = g({terms})"
    assert mended(wrong) == f"{cells % 'y_q(2,2)'} = g({terms} + b_q)"
