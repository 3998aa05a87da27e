"""Displayed numbers and arrays: their values and the digits that they show."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.reading.parse import parse
from derive.reading.shown import Table, shown_number, shown_table
from derive.reading.surface import Words


@pytest.mark.parametrize(
    ("latex", "value", "places"),
    [
        ("0.5470", "0.547", 4),
        ("-0,25", "-0.25", 2),
        ("(0.5)", "0.5", 1),
        ("12", "12", 0),
        (r"15.3\%", "0.153", 3),
        (r"1.2 \cdot 10^{-3}", "0.0012", 4),
        (r"1.5 \times 10^{3}", "1500", -2),
        ("1e-3", "0.001", 3),
        (r"3 \text{ million}", "3000000", -6),
        (r"2,5\ \text{milhões}", "2500000", -5),
        (r"1.25\,\mathrm{thousand}", "1250", -1),
    ],
)
def test_digits_shown(latex: str, value: str, places: int) -> None:
    (node,) = parse(latex).items
    shown = shown_number(node)
    assert shown is not None
    assert (shown.value, shown.places) == (Fraction(value), places)


def test_a_word_behind_a_large_number_stays_a_word() -> None:
    number, words = parse(r"3 \text{ million weights}").items
    shown = shown_number(number)
    assert shown is not None
    assert shown.value == 3_000_000
    assert isinstance(words, Words)
    assert words.text.strip() == "weights"


@pytest.mark.parametrize("latex", ["x", "x_1", "1 + 1", "2 x", r"\theta^{(1)}", "e^2"])
def test_what_is_no_displayed_number(latex: str) -> None:
    (node,) = parse(latex).items
    assert shown_number(node) is None


def table(latex: str) -> Table | None:
    (node,) = parse(latex).items
    return shown_table(node)


def values(latex: str) -> list[list[str | None]]:
    found = table(latex)
    assert found is not None
    return [[None if c is None else str(c.value) for c in row] for row in found.rows]


def test_arrays_by_row() -> None:
    assert values(r"[-0,8 \quad 2,0]") == [["-4/5", "2"]]
    assert values("[[1, 2], [3, 4]]") == [["1", "2"], ["3", "4"]]
    assert values("(1, 2)^T") == [["1"], ["2"]]
    assert values(r"\begin{bmatrix} 1 & & 3 \\ -1 & \dots & 2 \end{bmatrix}") == [
        ["1", None, "3"],
        ["-1", None, "2"],
    ]


@pytest.mark.parametrize("latex", [r"\begin{bmatrix} a & 1 \end{bmatrix}", "(a, b)", "[x]"])
def test_arrays_of_symbols_are_none(latex: str) -> None:
    assert table(latex) is None


def test_a_list_of_two_that_touch_may_be_one_number() -> None:
    found = table("[0,20]")
    assert found is not None
    assert found.joined is not None
    assert found.joined.value == Fraction(1, 5)
