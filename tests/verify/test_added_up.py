r"""Contributions to a gradient that are added up with ``+=`` are right together."""

from __future__ import annotations

from tests.verify.claims import judged, sheet
from verify.verdict import Status, Verdict

TWICE = r"""---
loss: L
inputs: [x]
sizes: {n: 3}
---
$$ a_i = w_i x_i, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^n (a_i^2 + v_i a_i^3) $$
"""
FIRST = r"\frac{\partial L}{\partial a_i} = 2 a_i"
RIGHT = r"\frac{\partial L}{\partial a_i} += 3 v_i a_i^2"
WRONG = r"\frac{\partial L}{\partial a_i} += 3 v_i a_i"


def verdicts(*claims: str) -> list[Verdict]:
    return judged(sheet(TWICE), claims)


def test_contributions_are_right_together() -> None:
    found = verdicts(FIRST, RIGHT)
    assert [v.status for v in found] == [Status.PROVED, Status.PROVED]
    assert "added up with line" in found[0].message


def test_a_wrong_contribution_leaves_both_wrong() -> None:
    assert [v.status for v in verdicts(FIRST, WRONG)] == [Status.REFUTED, Status.REFUTED]


def test_a_contribution_by_itself_is_wrong() -> None:
    assert [v.status for v in verdicts(FIRST)] == [Status.REFUTED]
    assert [v.status for v in verdicts(RIGHT)] == [Status.REFUTED]


def test_what_is_set_anew_adds_nothing_to_what_was_before() -> None:
    found = verdicts(FIRST, r"\frac{\partial L}{\partial a_i} = 3 v_i a_i^2")
    assert [v.status for v in found] == [Status.REFUTED, Status.REFUTED]
