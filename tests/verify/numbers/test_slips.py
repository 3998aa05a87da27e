r"""One slip in numbers put in is told: a sign, a value of something else, a digit."""

from __future__ import annotations

import pytest

from tests.verify.valued_models import one
from verify.verdict import Status

# p = -0.5, h = 0.3775407, q = 0.1887703, o = 0.5470529, E = 0.1025805, ∂E/∂v_2 = -0.0423729.
SLIPS = (
    (
        r"E = \frac12 (1 + 0.5471)^2",
        r"E = \frac12 (1 - 0.5471)^2",
        "+ should be -",
    ),
    (
        r"\frac{\partial E}{\partial v_2} = (0.5471 - 1) 0.5471 (1 - 0.5471) 0.1888",
        r"\frac{\partial E}{\partial v_2} = (0.5471 - 1) 0.5471 (1 - 0.5471) 0.3775",
        "0.1888 should be 0.3775",
    ),
    (r"q = 0.5 \cdot 0.3776", r"q = 0.5 \cdot 0.3775", "0.3776 should be 0.3775"),
)


@pytest.mark.parametrize(("wrong", "right", "words"), SLIPS)
def test_the_nearest_right_numbers(wrong: str, right: str, words: str) -> None:
    suggestion = one(wrong).suggestion
    assert suggestion is not None
    assert (suggestion.latex, suggestion.edit) == (right, words)


def test_whole_numbers_are_solved_for_in_too_many_ways() -> None:
    assert one(r"E = \frac12 (1 - 3)^2 + 2").suggestion is None


def test_given_numbers_are_exact_however_few_digits_they_show() -> None:
    found = one(r"p \, v_2 = -0.5 \cdot 0.5 - 0.05")
    assert found.status is Status.REFUTED
