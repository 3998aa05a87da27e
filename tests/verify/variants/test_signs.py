r"""Numbers that decide between branches: what holds for ``c > 0`` only is not false but open."""

from __future__ import annotations

import pytest

from tests.verify.claims import sheet, verdict
from verify.verdict import Status

CLIPPED = sheet(r"""---
inputs: [e]
sizes: {n: 3}
types: {c: scalar}
---
$$ h_i = \begin{cases} \frac{1}{2} e_i^2 & \text{if } |e_i| \le c \\
   c (|e_i| - \frac{1}{2} c) & \text{otherwise} \end{cases}, \quad i = 1, \dots, n $$
""")
LEAKY = sheet(r"""---
inputs: [x]
sizes: {n: 4}
types: {a: scalar}
---
$$ r_i = \max(a x_i, x_i), \quad i = 1, \dots, n $$
""")
SLOPES = r"\begin{cases} 1 & x_i > 0 \\ a & \text{otherwise} \end{cases}"


@pytest.mark.long
def test_a_clipped_error_is_the_slope_for_a_positive_threshold() -> None:
    found = verdict(CLIPPED, r"\frac{\partial h_i}{\partial e_i} = \max(-c, \min(c, e_i))")
    assert found.status is Status.UNDECIDED
    assert found.message == "undeclared: right if c > 0"


def test_a_leaky_rectifier_is_a_maximum_for_a_slope_below_1() -> None:
    found = verdict(LEAKY, rf"\frac{{\partial r_i}}{{\partial x_i}} = {SLOPES}")
    assert found.status is Status.UNDECIDED
    assert found.message == "undeclared: right if a < 1"


@pytest.mark.long
@pytest.mark.parametrize("condition", ["a < 1", "0 < a < 1", r"0 \le a < 1"])
def test_said_with_its_condition_it_is_right(condition: str) -> None:
    claim = rf"\frac{{\partial r_i}}{{\partial x_i}} = {SLOPES}, \quad {condition}"
    assert verdict(LEAKY, claim).status is Status.PROVED


def test_what_no_sign_mends_is_refuted() -> None:
    claim = r"\frac{\partial h_i}{\partial e_i} = \max(-c, \min(c, 2 e_i))"
    assert verdict(CLIPPED, claim).status is Status.REFUTED
    assert verdict(LEAKY, r"\frac{\partial r_i}{\partial x_i} = a").status is Status.REFUTED


def test_a_condition_under_which_nothing_is_decided_leaves_nothing_open() -> None:
    margin = sheet(
        "---\ninputs: [s]\nsizes: {n: 3}\ntypes: {m: scalar}\n---\n"
        r"$$ d_i = \sqrt{s_i^2 + 1}, \quad i = 1, \dots, n $$"
        "\n"
        r"$$ C = \sum_{i=1}^{n} \max(0, m - d_i) $$"
    )
    found = verdict(margin, r"\frac{\partial C}{\partial d_i} = [d_i < m]")
    assert found.status is Status.REFUTED
    assert found.conditions == ("right if m < 1",)


def test_the_sign_of_a_weight_is_no_convention() -> None:
    penalty = sheet("---\nloss: R\ntypes: {w: scalar}\n---\n$$ R = |w| $$\n")
    assert verdict(penalty, r"\frac{\partial R}{\partial w} = 1").status is Status.REFUTED


@pytest.mark.long
@pytest.mark.parametrize("condition", ["a < a", "0 < a < 0", "x_i^2 < 0"])
def test_a_condition_that_never_holds_asserts_nothing(condition: str) -> None:
    claim = rf"\frac{{\partial r_i}}{{\partial x_i}} = 5, \quad {condition}"
    assert verdict(LEAKY, claim).status is Status.UNDECIDED
