r"""Slips in the arrays of both sides: the pattern of each array tells what was meant."""

from __future__ import annotations

from functools import cache

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import judge_readings
from verify.repair_arrays import repair_arrays
from verify.repair_restricted import repair_several
from verify.setting import Setting

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
