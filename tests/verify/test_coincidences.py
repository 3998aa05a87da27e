"""Sizes that happen to be equal, or 1, prove nothing: what needs them says so."""

from __future__ import annotations

import pytest

from derive.equations import Model
from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.scopes import ALL_SIZES
from verify.verdict import Status, Verdict

DENSE = r"""---
loss: L
inputs: [x]
sizes: {n: %d, m: %d}
---
$$ y_i = \sum_{j=1}^{n} A_{ij} x_j, \quad i = 1, \dots, m $$
$$ L = \frac12 \sum_{i=1}^{m} y_i^2 $$
"""
MEAN = r"""---
loss: L
inputs: [x, t]
sizes: {N: %d, d: 3}
---
$$ y_n = \sum_{j=1}^{d} w_j x_{nj}, \quad n = 1, \dots, N $$
$$ L = \frac{1}{2 N} \sum_{n=1}^{N} (y_n - t_n)^2 $$
"""
SQUARE = r"""---
loss: L
inputs: [x]
sizes: {n: 3, m: 3}
types: {x: vector n}
---
$$ y_i = \sum_{j=1}^{n} A_{ij} x_j, \quad i = 1, \dots, m $$
$$ L = \sum_{i=1}^{m} y_i x_i + \sum_{i=1}^{n} y_i $$
"""


def dense(n: int, m: int) -> Model:
    return model_from_text(DENSE % (n, m), "dense")


def verdict(model: Model, text: str) -> Verdict:
    (found,) = judge_document(document_from_text(f"$$ {text} $$"), model, EMPTY).claims
    return found


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial L}{\partial x_j} = \sum_{i=1}^{n} A_{ij} y_i",
        r"\frac{\partial L}{\partial A_{ij}} = y_i x_j, i = 1, \dots, n, j = 1, \dots, m",
        r"\frac{1}{n} \sum_{i=1}^{m} y_i = \frac{1}{m} \sum_{i=1}^{m} y_i",
    ],
)
def test_two_sizes_exchanged_are_seen_although_they_are_equal(text: str) -> None:
    found = verdict(dense(3, 3), text)
    assert found.status is Status.UNDECIDED
    (condition,) = found.conditions
    assert condition in ("right if n = m", "right if m = n")
    assert condition in found.message
    assert verdict(dense(3, 4), text).status in (Status.REFUTED, Status.ILL_FORMED)


@pytest.mark.parametrize("sizes", [(3, 3), (3, 4), (1, 1)])
def test_the_right_size_is_proved_for_all_sizes(sizes: tuple[int, int]) -> None:
    found = verdict(dense(*sizes), r"\frac{\partial L}{\partial x_j} = \sum_{i=1}^{m} A_{ij} y_i")
    assert found.status is Status.PROVED
    assert found.scope == ALL_SIZES


def test_a_size_named_by_its_number_is_meant() -> None:
    text = r"\frac{\partial L}{\partial x_j} = \sum_{i=1}^{3} A_{ij} y_i"
    assert verdict(dense(3, 3), text).status is Status.PROVED


CHANNELS = r"""---
sizes: {P: 2, c: 3, m: 2, n: 2}
---
$$ y_{p,i} = \sum_{k=1}^{c} \sum_{u=1}^{m} x_{k, i + u - 1} w_{p,k,u} + b_p, \quad p = 1, \dots, P,\ i = 1, \dots, n $$
"""  # noqa: E501
FIRST = r"y_{p,1} = x_{1,1} w_{p,1,1} + x_{1,2} w_{p,1,2} + \dots + x_{3,1} w_{p,3,1} + "


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"y_{p,i} = \sum_{k=1}^{3} \sum_{u=0}^{1} x_{k,i+u} w_{p,k,u+1} + b_p", Status.PROVED),
        (FIRST + "x_{3,2} w_{p,3,2} + b_p", Status.PROVED),
        (FIRST + "x_{3,2} w_{p,3,1} + b_p", Status.REFUTED),
    ],
)
def test_a_number_of_terms_and_the_last_of_them_are_meant(text: str, status: Status) -> None:
    assert verdict(model_from_text(CHANNELS, "channels"), text).status is status


def test_a_mean_over_one_sample_hides_the_division() -> None:
    text = r"\frac{\partial L}{\partial w_j} = \sum_{n=1}^{N} (y_n - t_n) x_{nj}"
    found = verdict(model_from_text(MEAN % 1, "mean"), text)
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if N = 1",)
    right = r"\frac{\partial L}{\partial w_j} = \frac{1}{N} \sum_{n=1}^{N} (y_n - t_n) x_{nj}"
    assert verdict(model_from_text(MEAN % 1, "mean"), right).status is Status.PROVED


def test_a_model_that_needs_equal_sizes_is_tried_at_no_others() -> None:
    model = model_from_text(SQUARE, "square")
    text = r"\frac{\partial L}{\partial A_{ij}} = (x_i + 1) x_j, \quad i = 1, \dots, n"
    assert verdict(model, text).status is Status.PROVED


POOLED = r"""---
sizes: {n: 2, s: 2}
---
$$ y_i = \frac{1}{s^2} \sum_{a=0}^{s-1} x_{s i + a}, \quad i = 0, \dots, n - 1 $$
"""


@pytest.mark.parametrize(("factor", "size"), [("2 s", "s"), ("2 n", "n"), ("s n", "n")])
def test_a_factor_that_is_right_for_the_value_of_a_size_alone_is_open(
    factor: str, size: str
) -> None:
    left = r"\frac{\partial L}{\partial x_{s i + a}}"
    text = rf"{left} = \frac{{1}}{{{factor}}} \frac{{\partial L}}{{\partial y_i}}, 0 \le a < s"
    found = verdict(model_from_text(POOLED, "pooled"), text)
    assert found.status is Status.UNDECIDED
    assert any(f"{size} = 2" in c or "n = s" in c for c in found.conditions)


def test_a_size_that_reckons_as_it_should_is_no_coincidence() -> None:
    left = r"\frac{\partial L}{\partial x_{s i + a}}"
    text = rf"{left} = \frac{{1}}{{s^2}} \frac{{\partial L}}{{\partial y_i}}, 0 \le a < s"
    assert verdict(model_from_text(POOLED, "pooled"), text).status is Status.PROVED


KERNEL = r"""---
loss: L
inputs: [x, t]
sizes: {n: %d, k: 3}
---
$$ y_i = \sum_{u=1}^{k} w_u x_{i+u-1}, \quad i = 1, \dots, n - k + 1 $$
$$ L = \frac12 \sum_{i=1}^{n-k+1} (y_i - t_i)^2 $$
"""


def test_a_kernel_that_is_as_long_as_its_output_is_a_coincidence() -> None:
    gradient = r"\frac{\partial L}{\partial w_u} = \sum_{i=1}^{%s} (y_i - t_i) x_{i+u-1}"
    model = model_from_text(KERNEL % 5, "kernel")
    assert verdict(model, gradient % "n-k+1").scope == ALL_SIZES
    found = verdict(model, gradient % "k")
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if n = 5 and k = 3",)
    assert verdict(model_from_text(KERNEL % 6, "kernel"), gradient % "k").status is Status.REFUTED


def test_a_size_that_is_another_less_one_is_a_coincidence() -> None:
    found = verdict(
        model_from_text(MEAN % 2, "mean"),
        r"\frac{\partial L}{\partial y_n} = \frac{y_n - t_n}{d - 1}",
    )
    assert found.conditions == ("right if d = 3 and N = 2",)
