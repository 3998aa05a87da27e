r"""Terms that run over a letter of the left side, where the sum is over another."""

from __future__ import annotations

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.mending.repair import repair
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status, Suggestion

HEAD = "---\nloss: L\ninputs: [x, t]\nsizes: {C: 3, K: 2}\n---\n"
DENSE = rf"""{HEAD}
$$ z_k = \sum_{{c=1}}^{{C}} W_{{kc}} x_c, \quad k = 1, \dots, K $$
$$ L = \frac{{1}}{{2}} \sum_{{k=1}}^{{K}} (z_k - t_k)^2 $$
"""
MAPS = rf"""{HEAD}
$$ z_k(i, j) = \sum_{{c=1}}^{{C}} \sum_{{u=1}}^{{2}} \sum_{{v=1}}^{{2}}
   x_c(i+u-1, j+v-1) W_{{k,c}}(u, v), \quad k = 1, \dots, K, \quad i, j = 1, \dots, 2 $$
$$ L = \frac{{1}}{{2}} \sum_{{k=1}}^{{K}} \sum_{{i=1}}^{{2}} \sum_{{j=1}}^{{2}}
   (z_k(i, j) - t_k(i, j))^2 $$
"""


def _mended(wrong: str, sheet: str) -> Suggestion | None:
    model = model_from_text(sheet, "layer")
    setting = Setting(Bench(model, gradients(model)), EMPTY)
    judged = judge_readings(wrong, setting, Clock(20.0))
    assert judged.outcome.status is Status.ILL_FORMED
    return repair(wrong, setting, judged.best, Clock(20.0)).suggestion


@pytest.mark.parametrize("between", [r"+ \dots +", "+"])
def test_the_sum_runs_over_the_letter_that_is_free(between: str) -> None:
    left, error = r"\frac{\partial L}{\partial x_c}", r"\frac{\partial L}{\partial z_k}"
    wrong = f"{left} = {error} W_{{k1}} {between} {error} W_{{kc}}"
    found = _mended(wrong, DENSE)
    assert found is not None
    assert found.latex == rf"{left} = \sum_{{k}} {error} W_{{kc}}"
    assert found.edit == "the sum should run over k"


def _array(name: str, side: int, turned: bool = False) -> str:
    places = range(side, 0, -1) if turned else range(1, side + 1)
    rows = (" & ".join(name.replace("#", f"{i},{j}") for j in places) for i in places)
    cells = r" \\ ".join(rows)
    return rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}"


def test_so_it_does_among_arrays_under_the_name_of_an_operation() -> None:
    left = _array(r"\frac{\partial L}{\partial x_c(#)}", 3)
    error = _array(r"\frac{\partial L}{\partial z_k(#)}", 2)
    first, last = (_array(f"W_{{k,{c}}}(#)", 2, turned=True) for c in ("1", "c"))
    name = r"\xrightarrow{\text{full correlation}}"
    found = _mended(rf"{left} {name} {error} {first} + \dots {name} {error} {last}", MAPS)
    assert found is not None
    right = rf"\sum_{{k}} \text{{full correlation}} \left( {error}, {last} \right)"
    assert found.latex == f"{left} = {right}"


def test_terms_without_a_free_letter_are_left_alone() -> None:
    model = model_from_text(DENSE, "layer")
    setting = Setting(Bench(model, gradients(model)), EMPTY)
    wrong = r"z_k = W_{k1} x_1 + W_{k2} x_1 + W_{k3} x_3"
    judged = judge_readings(wrong, setting, Clock(20.0))
    found = repair(wrong, setting, judged.best, Clock(20.0)).suggestion
    assert found is not None
    assert r"\sum" not in found.latex
