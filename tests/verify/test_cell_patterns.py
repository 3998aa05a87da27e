r"""Wrong cells that the right ones of the array tell: a mark that is lost, a label that changes."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from tests.verify.test_named_windows import SHEET
from verify.cell_patterns import by_pattern
from verify.judge import judge_text
from verify.verdict import Status

MODEL = model_from_text(SHEET, "one layer")


def _cells(*rows: str) -> dict[tuple[int, int], str]:
    return {
        (i, j): cell.strip()
        for i, row in enumerate(rows, 1)
        for j, cell in enumerate(row.split("&"), 1)
    }


def test_numbers_that_run_with_row_and_column_tell_the_others() -> None:
    shown = _cells("dC(1,1) & dC(1,2)", "C(2,1) & C(2,1)", "dC(3,1) & dC(3,2)")
    assert by_pattern(shown, {(2, 1), (2, 2)}) == {(2, 1): "dC(2,1)", (2, 2): "dC(2,2)"}


def test_a_label_that_changes_between_rows_goes_on_unchanged() -> None:
    shown = _cells("k^1(1,1) & k^1(1,2)", "k^2(2,1) & k^2(2,2)")
    assert by_pattern(shown, {(2, 1), (2, 2)}) == {(2, 1): "k^1(2,1)", (2, 2): "k^1(2,2)"}


def test_where_the_right_cells_differ_or_there_are_none_nothing_is_told() -> None:
    assert by_pattern(_cells("a_1 & b_2", "a_3 & b_3"), {(2, 2)}) is None
    assert by_pattern(_cells("a_1 & a_2"), {(1, 1), (1, 2)}) is None
    assert by_pattern(_cells("a_1 & a_2", "a_3 & a_5"), {(2, 2)}) is None


def test_an_array_with_a_row_of_values_for_gradients_is_mended() -> None:
    one = r"\frac{\partial L}{\partial z(#)}"
    rows = [[one.replace("#", f"{i},{j}") for j in (1, 2, 3)] for i in (1, 2, 3)]
    right = r" \\ ".join(" & ".join(row) for row in rows)
    wrong = right.replace(" & ".join(rows[1]), "z(2,1) & z(2,1) & z(2,3)")
    text = r"$$ \frac{\partial L}{\partial z} = \begin{bmatrix} # \end{bmatrix} $$"
    (verdict,) = judge_text(text.replace("#", wrong), MODEL).claims
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == text.replace("#", right).strip("$ ")
