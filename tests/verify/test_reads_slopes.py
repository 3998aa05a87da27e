r"""``\dot f(i, j)``: the derivative of an activation, written with the place of an element."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from tests.verify.claims import context, sheet, verdict
from verify.verdict import Status

SHEET = r"""---
loss: L
inputs: [x]
sizes: {P: 3, m: 4, n: 5}
functions: {f: generic}
---
$$ z_p(i, j) = x(i, j)\, k_p, \quad p = 1, \dots, P, \quad i = 1, \dots, m, \quad j = 1, \dots, n $$
$$ C_p(i, j) = f(z_p(i, j)) $$
$$ a(i) = \sum_{p=1}^{P} \sum_{j=1}^{n} C_p(i, j)\, w_p $$
$$ A(i) = f(a(i)) $$
$$ L = \sum_{i=1}^{m} A(i)^2 $$
"""
MAPS = sheet(SHEET)
DECLARED = context(r"slopes: {'\dot{f}': f}")
G, B = r"\frac{\partial L}{\partial C_p(%s)}", r"\frac{\partial L}{\partial A(%s)}"
IN = r"\frac{\partial L}{\partial z_p(%s)}"

CLAIMS = [
    (IN % "i, j" + "=" + G % "i, j" + r"\dot f(i, j)", Status.PROVED),
    (IN % "2, 3" + "=" + G % "2, 3" + r"\dot f(2, 3)", Status.PROVED),
    (IN % "2, 3" + "=" + G % "2, 3" + r"\dot f(3, 3)", Status.REFUTED),
    (IN % "2, 3" + r"= \dot f(2, 3) \cdot " + G % "2, 3", Status.PROVED),
    (
        r"\frac{\partial L}{\partial C_p(2, 3)} =" + B % "2" + r"\dot f(2) w_p",
        Status.PROVED,
    ),
    (IN % "2, 3" + "=" + B % "2" + r"\dot f(2) w_p" + r"f'(z_p(2, 3))", Status.PROVED),
    (r"\frac{\partial L}{\partial k_p} = \sum_{i,j} x(i,j)" + G % "i,j" + r"\dot f(i,j)",
     Status.PROVED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "status"), CLAIMS)
def test_a_slope_is_that_of_the_activation_beside_it(text: str, status: Status) -> None:
    found = verdict(MAPS, text, DECLARED)
    assert found.status is status, found.message


@pytest.mark.parametrize(("text", "status"), CLAIMS[:3])
def test_undeclared_it_is_open_what_the_mark_means(text: str, status: Status) -> None:
    found = verdict(MAPS, text, EMPTY)
    assert (found.status is Status.UNDECIDED) == (status is Status.PROVED)
    if status is Status.PROVED:
        assert "f′ at the element beside it" in found.conditions[0]


def test_a_slope_beside_nothing_is_not_guessed() -> None:
    found = verdict(MAPS, r"a(i) = \dot f(i)", DECLARED)
    assert found.status is Status.ILL_FORMED
