"""Where one of several filters is given, what depends on it alone has a value."""

from __future__ import annotations

import pytest

from tests.verify.claims import sheet
from verify.judge import judge_text
from verify.verdict import Status

FILTERS = sheet(r"""---
sizes: {K: 2, n: 3}
values: {x: [1, -2, 4, 0]}
---
$$ z_{k,i} = w_{k,1} x_i + w_{k,2} x_{i+1} + c_k, \quad k = 1, \dots, K,\ i = 1, \dots, n $$
$$ a_{k,i} = \max(0, z_{k,i}) $$
$$ s = \sum_{k=1}^{K} a_{k,1} $$
""")
GIVEN = r"$w_{1,1} = 3$, $w_{1,2} = 2$ and $c_1 = -1$. "
"""z_1 = (-2, 1, 11)."""


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("z_{1,2} = 1", Status.CONFIRMED),
        ("z_{1,2} = 2", Status.REFUTED),
        ("a_{1,1} = 0", Status.CONFIRMED),
        ("a_{1,3} = 10", Status.REFUTED),
        ("z_{2,2} = 7", Status.UNDECIDED),
        ("a_{2,1} = 7", Status.UNDECIDED),
        ("s = 7", Status.UNDECIDED),
    ],
)
def test_what_the_given_filter_tells_is_judged(claim: str, status: Status) -> None:
    found = judge_text(f"{GIVEN}${claim}$", FILTERS).claims[-1]
    assert found.status is status


def test_what_has_no_value_is_missing_under_an_exponential_too() -> None:
    grown = sheet("---\nsizes: {n: 2}\n---\n$$ q = e^{w_1 + w_2} $$\n")
    found = judge_text("$w_1 = 3$ gives $q = 7$", grown).claims[-1]
    assert found.status is Status.UNDECIDED
    assert "no value is declared for w" in found.message
