r"""Shapes that a page leaves out: of a recurrence they follow from its products, else proposed."""

from __future__ import annotations

import pytest

from derive.errors import Problem
from tests.verify.test_own import judged, last
from verify.verdict import Status

PAGE = r"""
$$ h_t = \tanh(W h_{t-1} + U x_t + b) $$
$$ s_t = V h_t $$
$$ L = \frac{1}{2} \sum_{t=1}^{N} \| s_t - y_t \|^2 $$
"""
RIGHT = r"$$ \frac{\partial L}{\partial V} = \sum_t (s_t - y_t) h_t^T $$"


def test_lengths_follow_from_products_and_sums() -> None:
    found = judged(PAGE + RIGHT)
    assert found.claims[-1].status is Status.PROVED
    kinds = "W is a matrix n_h n_h, U is a matrix n_h n_x", "V is a matrix n_s n_h"
    assert all(kind in found.assumed[0] for kind in kinds)


def test_a_wrong_product_is_wrong() -> None:
    assert last(PAGE + RIGHT.replace("h_t^T", "x_t^T")).status is Status.ILL_FORMED


def test_without_a_sign_of_matrices_all_lines_are_proposed() -> None:
    page = PAGE.split("$$ L =")[0] + r"$$ \frac{\partial L}{\partial s_t} = s_t $$"
    with pytest.raises(Problem, match="the shapes of W, U, b, V") as asked:
        judged(page)
    for line in ("'h_{t}': 'column n_h'", "'x_{t}': 'column n_x'", "time: {t: 'T'}"):
        assert line in asked.value.expected
    front = asked.value.expected.partition(":\n")[2]
    assert last(f"{front}\n{page}").status is Status.REFUTED


def test_what_stands_as_a_row_is_proposed_as_one() -> None:
    page = r"$$ z = x W, \quad L = \frac12 \| z \|^2 $$ $$ \nabla_W L = x^T z $$"
    with pytest.raises(Problem) as asked:
        judged(page)
    assert "x: 'row n_x', W: 'matrix n_x n_z'" in asked.value.expected
