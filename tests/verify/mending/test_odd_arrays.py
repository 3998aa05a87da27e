r"""Slips in the arrays of both sides: the pattern of each array tells what was meant."""

from __future__ import annotations

from functools import cache

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.parse import parse
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.mending.odd_arrays import repair_arrays
from verify.mending.restricted import repair_several
from verify.mending.throughout import throughout
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

TWO = r"""---
loss: L
inputs: [x, t]
functions: {h: generic}
---
$$ a(i, j) = \sum_{u=1}^{2} \sum_{v=1}^{2} x(i+u-1, j+v-1) m^1(u, v), \quad i, j = 1, \dots, 3 $$
$$ b(i, j) = \sum_{u=1}^{2} \sum_{v=1}^{2} x(i+u-1, j+v-1) m^2(u, v), \quad i, j = 1, \dots, 3 $$
$$ L = \frac{1}{2} \sum_{i=1}^{3} \sum_{j=1}^{3} (h(a(i, j)) + 3 h(b(i, j)) - t(i, j))^2 $$
"""


@cache
def setting() -> Setting:
    model = model_from_text(TWO, "two")
    return Setting(Bench(model, gradients(model)), EMPTY)


def _array(name: str, side: int) -> str:
    places = range(1, side + 1)
    rows = (" & ".join(name.replace("#", f"{i},{j}") for j in places) for i in places)
    cells = r" \\ ".join(rows)
    return rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}"


LEFT = _array(r"\frac{\partial L}{\partial m^1(#)}", 2)
X = _array("x(#)", 4)
ERROR = _array(r"\frac{\partial L}{\partial a(#)}", 3)
RIGHT = rf"{LEFT} = \text{{valid correlation}} \left( {X}, {ERROR} \right)"


def _mended(wrong: str) -> str | None:
    judged = judge_readings(wrong, setting(), Clock(20.0))
    found = repair_several(wrong, setting(), judged.best, Clock(20.0)).suggestion
    return found.latex if found is not None else None


def test_slips_in_the_arrays_of_both_sides_are_mended_together() -> None:
    wrong = RIGHT.replace("m^1(2,1)", "m^2(2,1)").replace("m^1(2,2)", "m^2(2,2)")
    wrong = wrong.replace("a(2,3)", "a(3,3)")
    assert _mended(wrong) == RIGHT


def test_a_pattern_that_is_no_right_formula_is_not_suggested() -> None:
    wrong = RIGHT.replace("a(2,3)", "a(3,3)").replace("x(", "t(")
    judged = judge_readings(wrong, setting(), Clock(20.0))
    found = repair_arrays(wrong, setting(), judged.best, Clock(20.0))
    assert found.tried
    assert found.suggestion is None


def test_the_other_operation_is_named_in_the_authors_language() -> None:
    right = RIGHT.replace("valid correlation", "Correlação valid")
    assert _mended(right.replace("Correlação", "Convolução")) == right


def test_a_number_below_the_head_is_meant_throughout() -> None:
    text = "g_1 = a_2 + 3 a_2"
    assert "g_1 = a_1 + 3 a_1" in {e.apply(text) for e in throughout(text, parse(text))}


POOLED = r"""---
loss: L
inputs: [t]
types: {c: tensor 6 6}
---
$$ s(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} c(2i - u, 2j - v),
  \quad i, j = 1, \dots, 3 $$
$$ L = \frac{1}{2} \sum_{i=1}^{3} \sum_{j=1}^{3} (s(i, j) - t(i, j))^2 $$
"""
DOWN = r"\vdots & \vdots & \vdots & \vdots & \vdots"


def _pooled(cells: list[str], name: str) -> str:
    rows = [[rf"\frac{{\partial L}}{{\partial {name}({c})}}" for c in row.split()] for row in cells]
    shown = [" & ".join([*row[:3], r"\dots", row[3]]) for row in rows]
    inside = r" \\ ".join([*shown[:2], DOWN, shown[2]])
    return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"


def test_a_wrong_cell_of_an_array_with_dots_is_named() -> None:
    model = model_from_text(POOLED, "pooled")
    left = _pooled(["1,1 1,2 1,3 1,6", "2,1 2,2 2,3 2,6", "6,1 6,2 6,3 6,6"], "c")
    cells = ["1,1 1,1 1,2 1,3", "1,1 1,1 1,2 1,3", "3,1 3,1 3,2 3,3"]
    right = rf"{left} = \frac{{1}}{{4}} {_pooled(cells, 's')}"
    wrong = rf"{left} = \frac{{1}}{{4}} {_pooled(['1,1 1,2 1,2 1,3', *cells[1:]], 's')}"
    pooled = Setting(Bench(model, gradients(model)), EMPTY)
    assert judge_readings(right, pooled, Clock(20.0)).outcome.status is Status.PROVED
    told = judge_readings(wrong, pooled, Clock(20.0)).outcome
    assert told.status is Status.REFUTED
    assert told.message.startswith(r"row 1, column 2, \frac{\partial L}{\partial s(1,2)}, is wrong")


def test_a_chain_does_not_come_back_to_where_it_began() -> None:
    model = model_from_text(POOLED, "pooled")
    pooled = Setting(Bench(model, gradients(model)), EMPTY)
    c, s = (rf"\frac{{\partial L}}{{\partial {x}(1, 1)}}" for x in "cs")
    wrong = rf"{c} = {s} \frac{{\partial s(1, 1)}}{{\partial c(1, 1)}} = {s}"
    best = judge_readings(wrong, pooled, Clock(20.0)).best
    found = repair_several(wrong, pooled, best, Clock(20.0)).suggestion
    assert found is not None
    assert found.latex == wrong[: -len(s)] + rf"\frac{{1}}{{4}} \cdot {s}"
