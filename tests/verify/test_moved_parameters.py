"""Gradients that stand between the new values of a step are those at the old ones."""

from __future__ import annotations

from tests.verify.numbers.test_displayed import array, last
from verify.verdict import Status

# Before the step h = (1.9, -0.3), o = 1.85, ∂E/∂w = 0.95 h and ∂E/∂W = 0.95 w xᵀ.
MOVED = array("w", "0.76", "-1.08")
OF_W = r"\frac{\partial E}{\partial W}"
RIGHT = array(OF_W, "1.14 & 0.19", "-1.5675 & -0.26125")


def test_a_gradient_amid_a_step_is_judged_by_the_parameters_before_it() -> None:
    verdict = last(MOVED, RIGHT)
    assert verdict.status is Status.CONFIRMED
    assert verdict.message.endswith("w as before the step")


def test_a_wrong_gradient_amid_a_step_is_told_its_value_before_the_step() -> None:
    verdict = last(MOVED, array(OF_W, "1.14 & 0.19", "-1.5675 & 0.26125"))
    assert verdict.status is Status.REFUTED
    assert "the value is -0.26125" in verdict.message


def test_once_all_parameters_are_moved_gradients_are_new() -> None:
    moved = array("W", "1.1 & 0.41", "-0.55 & 2.35")
    assert last(MOVED, moved, RIGHT).status is not Status.CONFIRMED


def test_what_gives_other_data_is_no_step() -> None:
    assert last(MOVED, "$$ y = 0.4 $$", RIGHT).status is not Status.CONFIRMED


def test_what_is_computed_forward_is_new_at_once() -> None:
    # o = 0.76 · 1.9 + 1.08 · 0.3
    assert last(MOVED, "$$ o = 1.768 $$").status is Status.CONFIRMED
