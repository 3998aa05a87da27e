r"""A sum over a letter that its terms do not have is told by the letter that was meant."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text

SHARES = model_from_text(
    r"""---
sizes: {n: 4}
values: {z: [1, 2, 3, 4]}
---
$$ q_i = \frac{z_i}{\sum_{j=1}^{n} z_j}, \quad i = 1, \dots, n $$
$$ s = \sum_{i=1}^{n} q_i z_i $$
""",
    "shares",
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (r"\sum_{k=1}^{n} q_i = 1", r"\sum_{k=1}^{n} q_k = 1"),
        (r"s = \sum_{k=1}^{n} q_i z_i", r"s = \sum_{k=1}^{n} q_k z_k"),
    ],
)
def test_the_letter_of_the_sum_is_put_into_its_terms(wrong: str, right: str) -> None:
    (verdict,) = judge_text(wrong, SHARES).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == right
    assert verdict.suggestion.edit == "the sum runs over k, its terms have i"


def test_a_number_that_stays_wrong_is_mended_itself() -> None:
    (verdict,) = judge_text(r"\sum_{k=1}^{n} q_k = 2", SHARES).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.edit == "2 should be 1"


BLOCKS = model_from_text(
    r"""---
loss: E
inputs: [q]
sizes: {N: 5}
---
$$ r(a, b) = \frac{1}{9} \sum_{u=0}^{2} \sum_{v=0}^{2} q(3a - u, 3b - v),
   \quad a = 1, \dots, 4, \quad b = 1, 2 $$
$$ s_n = \sum_{a=1}^{4} r(a, 1) w_{na}, \quad n = 1, \dots, N $$
$$ E = \sum_{n=1}^{N} s_n^2 $$
""",
    "blocks",
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            r"r(a, b) = \frac{1}{9} \sum_{u=0}^{2} \sum_{v=0}^{2} q(3a - u, 3b - u)",
            r"r(a, b) = \frac{1}{9} \sum_{u=0}^{2} \sum_{v=0}^{2} q(3a - u, 3b - v)",
        ),
        (r"E = \frac{1}{N} \sum_{n=1}^{N} s_n^2", r"E = \sum_{n=1}^{N} s_n^2"),
    ],
)
def test_one_place_of_another_sums_letter_and_a_constant_too_many(wrong: str, right: str) -> None:
    (verdict,) = judge_text(wrong, BLOCKS).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == right


def test_a_sum_over_a_letter_of_the_left_side_is_dropped_first() -> None:
    wrong = r"\frac{\partial E}{\partial s_n} = 2 \sum_{n=1}^{N} s_n"
    (verdict,) = judge_text(wrong, BLOCKS).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.edit == "a sum is too many"


def test_an_array_without_its_letter_loses_the_sum_over_it() -> None:
    (verdict,) = judge_text(r"\frac{\partial E}{\partial s} = \sum_{n=1}^{N} 2 s_n", BLOCKS).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == r"\frac{\partial E}{\partial s} = 2 s_n"
    (repair,) = [e for e in verdict.evidence if e.method == "repair"]
    assert repair.detail.startswith("1 edit")
