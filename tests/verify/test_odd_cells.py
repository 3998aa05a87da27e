"""Cells that break the pattern of their array are told also where nothing is compared with it."""

from __future__ import annotations

import pytest

from verify.judge import judge_text
from verify.verdict import Status

ROWS = "I_1(1,1) & I_1(1,2) & I_1(1,3)", "I_1(2,1) & I_1(2,2) & I_1(2,3)"


def _array(first: str, second: str) -> str:
    return rf"\begin{{bmatrix}} {first} \\ {second} \end{{bmatrix}}"


def _told(array: str) -> list[str]:
    # The superscript has no meaning, so that the formula stays open.
    text = rf"\frac{{\partial J}}{{\partial Z}} = {array}^*"
    (only,) = judge_text(text, "cnn-softmax").claims
    assert only.status is Status.UNDECIDED
    return [a for a in only.assumptions if "by the pattern of its array" in a]


def test_an_array_that_goes_on_as_it_begins_has_no_odd_cell() -> None:
    assert _told(_array(*ROWS)) == []


@pytest.mark.parametrize("cell", ["I_1(2,2)", "I_1(1,3)"])
def test_the_odd_cell_is_told_with_what_its_array_asks_for(cell: str) -> None:
    array = _array(ROWS[0], ROWS[1].replace("I_1(2,3)", cell))
    (told,) = _told(array)
    assert told.endswith(f"row 2, column 3, ${cell}$, should be $I_1(2,3)$")
