"""Arrays that are displayed cell by cell, with dots, and functions of them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import Judged, judge_readings
from verify.setting import Setting
from verify.verdict import Status

SHEET = r"""---
loss: L
inputs: [I, y]
sizes: {Q: 3, n: 12}
functions: {f: generic, F: vectorise rows}
---
$$ z_q(i,j) = \sum_{u=1}^{2} \sum_{v=1}^{2} I(i+u-1, j+v-1)\, k_q(u,v) + b_q,
   \quad q = 1,\dots,Q, \quad i, j = 1,\dots,4 $$
$$ C_q(i,j) = f(z_q(i,j)) $$
$$ S_q(i,j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} C_q(2i-u, 2j-v), \quad i, j = 1, 2 $$
$$ Z = F(\{S_q\}_{q = 1, \dots, Q}) $$
$$ L = \frac12 \sum_{i=1}^{n} (Z(i) - y(i))^2 $$
"""


@cache
def setting() -> Setting:
    model = model_from_text(SHEET, "arrays")
    return Setting(Bench(model, gradients(model)), EMPTY)


def judged(text: str) -> Judged:
    return judge_readings(text, setting(), Clock(60.0))


def array(cells: list[list[str]]) -> str:
    rows = r" \\ ".join(" & ".join(row) for row in cells)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def elements(symbol: str, rows: int, columns: int) -> list[list[str]]:
    return [[f"{symbol}({i},{j})" for j in range(1, columns + 1)] for i in range(1, rows + 1)]


def gradients_by(symbol: str, rows: int, columns: int) -> list[list[str]]:
    return [[gradient(e) for e in row] for row in elements(symbol, rows, columns)]


def dotted(cells: list[list[str]], row: int, column: int) -> str:
    r"""The array with ``\dots`` for all between ``column`` and the last, ``\vdots`` below."""
    kept = [[*line[:column], r"\dots", line[-1]] for line in (*cells[:row], cells[-1])]
    kept.insert(row, [r"\vdots"] * (column + 2))
    return array(kept)


def gradient(symbol: str) -> str:
    return rf"\frac{{\partial L}}{{\partial {symbol}}}"


def upsampled() -> list[list[str]]:
    """The gradient behind average pooling: every element four times."""
    return [[gradient(f"S_q({(i + 1) // 2},{(j + 1) // 2})") for j in range(1, 5)]
            for i in range(1, 5)]  # fmt: skip


def test_an_array_of_gradients_is_proved_cell_by_cell() -> None:
    found = judged(rf"{gradient('C_q')} = \frac14 {array(upsampled())}")
    assert found.outcome.status is Status.PROVED


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_wrong_cell_is_named_by_row_and_column(i: int, j: int) -> None:
    cells = upsampled()
    cells[i][j] = cells[i][3 - j]
    found = judged(rf"{gradient('C_q')} = \frac14 {array(cells)}")
    assert found.outcome.status is Status.REFUTED
    wrong = [p for p in found.best.parts if p.status is Status.REFUTED]
    assert [p.what for p in wrong] == [cells[i][j]]
    assert f"row {i + 1}, column {j + 1}" in wrong[0].message


@pytest.mark.parametrize(("row", "column"), [(1, 1), (1, 2), (2, 2), (2, 1)])
def test_cells_behind_dots_follow_from_row_and_column(row: int, column: int) -> None:
    left = dotted(gradients_by("z_q", 4, 4), row, column)
    first = dotted(gradients_by("C_q", 4, 4), 1, 1)
    slopes = [[f"f'({e})" for e in line] for line in elements("z_q", 4, 4)]
    second = dotted(slopes, 1, 2)
    found = judged(rf"{left} = {first} \odot {second}")
    assert found.outcome.status is Status.PROVED


def test_a_correlation_of_displayed_arrays_has_the_stride_that_its_shape_asks_for() -> None:
    maps = dotted(elements("C_q", 4, 4), 2, 2)
    window = array([["1/4", "1/4"], ["1/4", "1/4"]])
    pooled = array(elements("S_q", 2, 2))
    found = judged(rf"{pooled} = \text{{Correlação}} \left( {maps}, {window} \right)")
    assert found.outcome.status is Status.PROVED
    assert any("in steps of 2" in a for a in found.best.assumptions)


def test_the_gradient_of_a_kernel_is_a_correlation_of_displayed_arrays() -> None:
    kernels = array(gradients_by("k_q", 2, 2))
    image = elements("I", 5, 5)
    errors = gradients_by("z_q", 4, 4)
    right = rf"{kernels} = \text{{correlation}}({dotted(image, 1, 2)}, {dotted(errors, 1, 1)})"
    assert judged(right).outcome.status is Status.PROVED
    errors[0], errors[-1] = errors[-1], errors[0]
    wrong = rf"{kernels} = \text{{correlation}}({dotted(image, 1, 2)}, {array(errors)})"
    assert judged(wrong).outcome.status is Status.REFUTED


def test_a_column_counts_through_maps_rows_and_columns() -> None:
    cells = [f"S_{q}({i},{j})" for q in (1, 2, 3) for i in (1, 2) for j in (1, 2)]
    column = r" \\ ".join([*cells[:5], r"\vdots", "S_q(2,2)"])
    found = judged(rf"Z = \begin{{bmatrix}} {column} \end{{bmatrix}}")
    assert found.outcome.status is Status.PROVED
    assert "q stands for its last value, 3" in found.best.assumptions
    column = r" \\ ".join([*cells[:3], r"S_2(1,1)", r"S_1(2,2)", *cells[5:]])
    found = judged(rf"Z = \begin{{bmatrix}} {column} \end{{bmatrix}}")
    assert found.outcome.status is Status.REFUTED
    assert sum(p.status is Status.REFUTED for p in found.best.parts) == 2


def test_an_odd_cell_that_is_right_all_the_same_is_said() -> None:
    cells = gradients_by("C_q", 4, 4)
    cells[0][1] = gradient("C_q(1,1)")  # equal, for both are under one average
    found = judged(f"{gradient('C_q')} = {array(cells)}")
    assert found.outcome.status is Status.PROVED
    assert any("row 1, column 2 breaks the pattern" in a for a in found.best.assumptions)


def test_dots_that_do_not_follow_are_undecided() -> None:
    cells = [["C_q(1,1)", r"\dots", "C_q(2,4)"], ["C_q(2,1)", r"\dots", "C_q(3,3)"]]
    found = judged(f"C_q = {array(cells)}")
    assert found.outcome.status is Status.UNDECIDED


SLIDING = r"""---
inputs: [s]
sizes: {w: 3, n: 7}
types: {h: column w}
---
$$ u(i) = \sum_{r=1}^{w} s(i + r - 1)\, h(r), \quad i = 1, \dots, n $$
"""


def test_a_factor_has_as_many_cells_as_follow_from_what_it_shows() -> None:
    windows = (
        r"s(1) & s(2) & s(3) \\ s(2) & s(3) & s(4) \\ \vdots & \vdots & \vdots \\ s(7) & s(8) & "
    )
    text = (
        r"\begin{bmatrix} u(1) \\ u(2) \\ \vdots \\ u(7) \end{bmatrix} = "
        rf"\begin{{bmatrix}} {windows}s(9) \end{{bmatrix}} "
        r"\begin{bmatrix} h(1) \\ \vdots \\ h(3) \end{bmatrix}"
    )
    model = model_from_text(SLIDING, "sliding")
    sheet = Setting(Bench(model, gradients(model)), EMPTY)
    assert judge_readings(text, sheet, Clock(60.0)).outcome.status is Status.PROVED
    wrong = text.replace("s(9)", "s(8)")
    assert judge_readings(wrong, sheet, Clock(60.0)).outcome.status is not Status.PROVED


def test_dots_that_end_too_early_make_a_shorter_column() -> None:
    whole = [r"S_1(1,1)", r"S_1(1,2)", r"S_1(2,1)", r"S_1(2,2)", r"S_2(1,1)", r"\vdots"]
    right = array([[c] for c in (*whole, "S_3(2,2)")])
    assert judged(f"Z = {right}").outcome.status is Status.PROVED
    short = array([[c] for c in (*whole, "S_2(2,2)")])
    found = judged(f"Z = {short}").outcome
    assert found.status is Status.ILL_FORMED
    assert "8" in found.message
