r"""Marks of gradients that a deck says to be such are, of all symbols; others are asked about."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from verify.verdict import Status

LAYER = sheet(r"""---
loss: L
sizes: {n: 3, m: 2}
inputs: [x, y]
types: {x: column n, W: matrix m n, b: column m, y: column m}
---
$$ z = W x + b $$
$$ a = \tanh(z) $$
$$ L = \frac12 \| a - y \|^2 $$
""")


def statuses(*claims: str) -> list[Status]:
    return [v.status for v in judged(LAYER, claims)]


@pytest.mark.parametrize("mark", ["d", r"\delta ", r"\Delta "])
def test_what_is_said_of_one_symbol_is_meant_of_all(mark: str) -> None:
    said = rf"{mark}z = \partial L / \partial z"
    right = rf"{mark}W = {mark}z x^T"
    assert statuses(said, right, right.replace("x^T", r"x^T W^T W")) == [
        Status.DEFINITION, Status.PROVED, Status.REFUTED,
    ]  # fmt: skip


def test_it_may_be_said_last() -> None:
    assert statuses(r"\delta b = \delta z", r"\delta z = \frac{\partial L}{\partial z}") == [
        Status.PROVED, Status.DEFINITION,
    ]  # fmt: skip


def test_a_delta_that_nothing_declares_is_asked_about() -> None:
    (verdict,) = judged(LAYER, [r"\delta x = W^T \delta z"])
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if δ before a symbol means the gradient by it",)
    assert statuses(r"\delta x = \delta z W^T")[0] in {Status.REFUTED, Status.ILL_FORMED}


def test_a_delta_beside_a_symbol_may_be_an_error_all_the_same() -> None:
    (verdict,) = judged(LAYER, [r"\frac{\partial L}{\partial W} = \delta x^T"])
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if δ means ∂L/∂z",)


def test_a_mark_that_is_said_of_one_symbol_may_differ_of_another() -> None:
    said = r"\Delta W = \frac{\partial L}{\partial W}"
    found = judged(LAYER, [said, r"\Delta b = \Delta a", r"\Delta b = 2 \Delta a"])
    assert [v.status for v in found] == [Status.DEFINITION, Status.UNDECIDED, Status.REFUTED]
    assert "Δa means ∂L/∂z" in found[1].conditions[0]
