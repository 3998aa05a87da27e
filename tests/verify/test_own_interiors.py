r"""Convolutions of a page that says the shapes alone: the output is as large as what is read."""

from __future__ import annotations

import pytest

from tests.verify.test_own import judged, last
from verify.verdict import Status

PAGE = r"""
Let $X \in \mathbb{R}^{n \times 5}$ and $K \in \mathbb{R}^{2 \times 3}$ with $n = 4$.

$$ Y_{i,j} = \sum_{u=1}^{2} \sum_{v=1}^{3} X_{i+u-1,j+v-1} K_{u,v} + b $$
"""
KERNEL = (
    r"\frac{\partial L}{\partial K_{u,v}}"
    r" = \sum_i \sum_j \frac{\partial L}{\partial Y_{i,j}} X_{i+u-1,j+v-1}"
)


def test_the_valid_part_is_taken_and_said() -> None:
    assumed = judged(f"{PAGE}\n\n$$ {KERNEL} $$").assumed
    assert "i runs over 1..n - 1, as all that is read exists there" in assumed
    assert "j runs over 1..3, as all that is read exists there" in assumed


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (KERNEL, Status.PROVED),
        (KERNEL.replace("i+u-1", "i+u"), Status.REFUTED),
        (KERNEL.replace("i+u-1", "i"), Status.ILL_FORMED),
        (
            r"\frac{\partial L}{\partial b} = \sum_{i,j} \frac{\partial L}{\partial Y_{i,j}}",
            Status.PROVED,
        ),
    ],
)
def test_gradients_of_the_valid_part(claim: str, status: Status) -> None:
    assert last(f"{PAGE}\n\n$$ {claim} $$").status is status
