r"""Factors made of sizes: suggested, and accepted, only where they are right at other sizes too."""

from __future__ import annotations

from tests.verify.valued_models import one
from verify.verdict import Status

POOL = r"""---
loss: E
inputs: [u, t]
sizes: {N: 3, s: 2, d: 2}
---
$$ q_k = \frac{1}{s} \sum_{v=0}^{s-1} u_{s k - v}, \quad k = 1, \dots, N $$
$$ E = \frac{1}{2} \sum_{k=1}^{N} (q_k - t_k)^2 $$
"""
MEAN = POOL.replace(r"E = \frac{1}{2}", r"E = \frac{1}{N}")
SUM = r" \sum_{k=1}^{N} (q_k - t_k)^2"


def test_a_half_is_no_size_that_happens_to_be_two() -> None:
    found = one(r"E = \frac{1}{s}" + SUM, POOL)
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if s = 2",)
    assert one(r"q_k = \frac{1}{2} \sum_{v=0}^{1} u_{2 k - v}", POOL).status is Status.PROVED


def test_a_wrong_factor_gives_way_to_a_number_where_no_size_is_right() -> None:
    found = one(r"E = \frac{1}{5}" + SUM, POOL)
    assert found.suggestion is not None
    assert found.suggestion.latex == r"E = \frac{1}{2}" + SUM


def test_a_mean_is_one_at_every_size() -> None:
    found = one(r"E = \frac{1}{5}" + SUM, MEAN)
    assert found.suggestion is not None
    assert found.suggestion.latex == r"E = \frac{1}{N}" + SUM
