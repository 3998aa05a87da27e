r"""A page says along what it takes its softmax: "row-wise", "over each column"."""

from __future__ import annotations

import pytest

from tests.verify.test_own import judged
from verify.verdict import Status

PAGE = r"""
$S \in \mathbb{R}^{T \times T}$, $V \in \mathbb{R}^{T \times m}$.
$$ A = \mathrm{softmax}(S), \quad O = A V $$
where the softmax is taken WORDS.
$$ \frac{\partial A_{ij}}{\partial S_{ik}} = A_{ij} (\delta_{jk} - A_{ik}) $$
"""


@pytest.mark.parametrize("words", ["row-wise", "over each row", "along the rows"])
def test_over_rows(words: str) -> None:
    assert judged(PAGE.replace("WORDS", words)).claims[-1].status is Status.PROVED


def test_over_columns_the_formula_is_another() -> None:
    assert judged(PAGE.replace("WORDS", "over each column")).claims[-1].status is Status.REFUTED


@pytest.mark.parametrize("words", ["as usual", "row-wise, not column-wise"])
def test_where_nothing_or_both_is_said_it_is_open(words: str) -> None:
    verdict = judged(PAGE.replace("WORDS", words)).claims[-1]
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if softmax is taken of each row",)
