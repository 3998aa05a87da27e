"""Numbers under a label: tables, columns under symbols, lines of prose."""

from __future__ import annotations

from derive.reading.damage import mended
from derive.reading.document import document_from_text
from derive.reading.labelled import Labelled, Unlabelled, labelled
from derive.reading.parse import parse


def bound(text: str) -> list[tuple[str, list[list[str]], str]]:
    """Label, rows and kind of all that is bound."""
    found = labelled(document_from_text(text))
    return [
        (f.label[0], [[cell for cell, _ in row] for row in f.rows], f.kind)
        for f in found
        if isinstance(f, Labelled)
    ]


def reasons(text: str) -> list[str]:
    found = labelled(document_from_text(text))
    return [f.reason for f in found if isinstance(f, Unlabelled)]


def test_a_table_belongs_to_the_formula_alone_before_it() -> None:
    text = "$W$\n\n1\t2\n3\t4\n\n$x[:, :, 0]$ 5×5 + pad 1\n\n0\t0\n0\t7\n"
    assert bound(text) == [
        ("W", [["1", "2"], ["3", "4"]], "table"),
        ("x[:, :, 0]", [["0", "0"], ["0", "7"]], "table"),
    ]


def test_a_label_may_stop_at_its_equals_sign_or_hold_a_size() -> None:
    assert bound("$W =$\n\n1\t2\n") == [("W", [["1", "2"]], "table")]
    assert bound("$W \\ 1 \\times 2 + \\text{pad } 1$\n\n1\t2\n") == [("W", [["1", "2"]], "table")]


def test_a_label_may_stand_in_the_head_of_the_table() -> None:
    text = "\t$W$\t\n0.5\t0.2\t\n0.6\t-0.1\t\n"
    assert bound(text) == [("W", [["0.5", "0.2"], ["0.6", "-0.1"]], "table")]


def test_signs_beside_the_numbers_are_layout() -> None:
    text = "\t\t$a$\t\n\\odot\t0.25\t0.5\t_\nJ\t0.75\t1.5\t\n"
    assert bound(text) == [("a", [["0.25", "0.5"], ["0.75", "1.5"]], "table")]


def test_a_head_row_of_symbols_makes_columns() -> None:
    text = "| $x_1$ | y |\n|---|---|\n| 0.5 | 1 |\n| 0.25 | 0 |\n"
    assert bound(text) == [
        ("x_1", [["0.5"], ["0.25"]], "column"),
        ("y", [["1"], ["0"]], "column"),
    ]


def test_empty_cells_keep_their_places() -> None:
    assert bound("$h$\n\n1\t\t3\t\n\t5\t\t\n") == [("h", [["1", "", "3"], ["", "5", ""]], "table")]


def test_lines_of_numbers_after_a_label() -> None:
    assert bound("$h$ 0.5 0.25\n\nand so on") == [("h", [["0.5", "0.25"]], "table")]
    assert bound("$h$\n\n0.5\n\n-0.25\n\nwords") == [("h", [["0.5"], ["-0.25"]], "table")]
    assert bound("$b$\n\n1\n") == [("b", [["1"]], "alone")]


def test_what_stands_in_a_sentence_or_states_something_is_no_label() -> None:
    assert bound("where $h$ is\n\n1\t2\n") == []
    assert bound("$h = g$\n\n1\t2\n") == []
    assert bound("$h$ is the hidden layer of the net that follows here\n\n1\t2\n") == []


def test_a_table_without_label_says_so() -> None:
    assert reasons("1\t2\n3\t4\n") == ["a table of numbers without a label"]
    assert reasons("year\tname\n1998\tA\n") == [
        "a table with words: no quantity of a model is named"
    ]


def test_a_comma_that_may_part_thousands_says_nothing() -> None:
    assert bound("$h$\n\n1,000\t2\n3\t4\n") == [("h", [["", "2"], ["3", "4"]], "table")]


def test_lost_beginnings_of_commands_are_mended_where_one_can_have_been_there() -> None:
    assert mended("oldsymbol{ heta}^{(1)}")[0] == r"\boldsymbol{\theta}^{(1)}"
    assert parse(mended(r"rac{\partial J}{\partial heta}")[0]) == parse(
        r"\frac{\partial J}{\partial\theta}"
    )
    for whole in (r"\theta", "eta", r"\text{frac}", "theta", r"a \times b", "x"):
        assert mended(whole) == (whole, ())
