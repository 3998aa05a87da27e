"""Steps that hold in the example of a deck and not for all values."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from verify.verdict import Status, Verdict

POOLED = sheet(r"""---
loss: E
inputs: [x, d]
sizes: {n: 4, m: 2}
values: {x: [3, 1, 2, 5], c: 0, d: [0, 1]}
---
$$ h_i = x_i + c, \quad i = 1, \dots, n $$
$$ s_i = \max_{u = 0, 1} h_{2 i - u}, \quad i = 1, \dots, m $$
$$ p_i = \frac{e^{s_i}}{\sum_{j=1}^{m} e^{s_j}}, \quad i = 1, \dots, m $$
$$ E = -\sum_{i=1}^{m} d_i \log p_i $$
""")
"""p_2 = 0.880797, E = 0.126928, ∂E/∂s_2 = -0.119203."""


def _one(claim: str) -> Verdict:
    (found,) = judged(POOLED, [claim])
    return found


def test_a_target_as_it_is_given_leaves_one_term() -> None:
    found = _one(r"E = -\log p_2 = 0.1269")
    assert found.status is Status.CONFIRMED
    assert found.parts[0].message == "right in this example, where d_i is as given"


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"\frac{\partial E}{\partial h_4} = \frac{\partial E}{\partial s_2} = -0.1192", "open"),
        (r"s_1 = \max(h_1, x_3) = 3", "open"),
        (r"\frac{\partial E}{\partial h_3} = \frac{\partial E}{\partial s_2} = -0.1192", "wrong"),
        (r"h_4 = x_4 = 5", "wrong"),
        (r"E = -\log p_1 = 2.1269", "wrong"),
        (r"E = -\log p_2", "wrong"),
    ],
)
def test_what_holds_near_the_values_of_the_example_is_open(claim: str, status: str) -> None:
    expected = {"open": Status.UNDECIDED, "wrong": Status.REFUTED}[status]
    assert _one(claim).status is expected
