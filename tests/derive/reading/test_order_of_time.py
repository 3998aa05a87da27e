r"""``\partial s_t / \partial s_k`` is stated for k up to t; the other way round it is wrong."""

from __future__ import annotations

from tests.verify.claims import judged, not_refuted, not_right, sheet

STATES = r"""---
sizes: {T: 4}
time: {t: T}
types: {x_t: scalar}
inputs: [x, s_0]
---
$$ s_t = w s_{t-1} + u x_t, \quad t = 1, \dots, T $$
"""
PRODUCTS = r"""---
sizes: {T: 3, n: 2}
time: {t: T}
types: {s_t: column n, W: matrix n n, x_t: column n}
inputs: [x, s_0]
layout: numerator
---
$$ s_t = \tanh(W s_{t-1} + x_t) $$
"""


def test_a_derivative_between_times_is_stated_for_the_earlier_one() -> None:
    right = [
        r"\frac{\partial s_t}{\partial s_k} = w^{t-k}",
        r"\frac{\partial s_T}{\partial s_k} = w^{T-k}",
    ]
    found = judged(sheet(STATES), right)
    assert not_right(found) == []
    assert "stated for k up to t, as what comes later changes nothing" in found[0].assumptions
    wrong = [
        r"\frac{\partial s_t}{\partial s_k} = w^{t-k-1}",
        r"\frac{\partial s_t}{\partial s_k} = w^{k-t}",
        r"\frac{\partial s_t}{\partial s_k} = w^{t-k}, \quad k = 1, \dots, T,\ t = 1, \dots, T",
    ]
    assert not_refuted(judged(sheet(STATES), wrong)) == []


def test_a_product_that_runs_the_wrong_way_is_not_right_where_it_is_empty() -> None:
    slope = r"\frac{\partial s_t}{\partial s_k} = \prod_{i=t+1}^{k} \mathrm{diag}(1 - s_i^2) W"
    assert not_right(judged(sheet(PRODUCTS), [slope])) != []


def test_any_letter_of_time_runs_where_all_that_is_read_exists() -> None:
    right = [
        r"\frac{\partial s_k}{\partial s_{k-1}} = \mathrm{diag}(1 - s_k^2) W",
        r"\frac{\partial s_{i+1}}{\partial s_i} = \mathrm{diag}(1 - s_{i+1}^2) W",
    ]
    wrong = [
        r"\frac{\partial s_k}{\partial s_{k-1}} = \mathrm{diag}(1 - s_{k-1}^2) W",
        r"\frac{\partial s_k}{\partial s_{k-1}} = \mathrm{diag}(1 - s_k^2) W^T",
    ]
    found = judged(sheet(PRODUCTS), [*right, *wrong])
    assert not_right(found[: len(right)]) == []
    assert not_refuted(found[len(right) :]) == []
