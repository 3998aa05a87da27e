r"""Ranges beside a formula that run further than its left side."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

SHEET = r"""---
inputs: [q]
---
$$ r_k(a, b) = \frac{1}{9} \sum_{u=0}^{2} \sum_{v=0}^{2} q_k(3a - u, 3b - v),
   \quad k = 1, \dots, 4, \quad a = 1, \dots, 5, \quad b = 1, 2 $$
"""
MODEL = model_from_text(SHEET, "blocks")
FORMULA = r"r_k(a, b) = \frac{1}{9} \sum_{u=0}^{2} \sum_{v=0}^{2} q_k(3a - u, 3b - v), \quad "


@pytest.mark.parametrize(
    ("stated", "right"),
    [
        (r"a = 1, \dots, 15, \quad b = 1, 2", r"a = 1, \dots, 5, \quad b = 1, 2"),
        (r"a = 1, \dots, 5, \quad b = 1, 2, \dots, 6", r"a = 1, \dots, 5, \quad b = 1, 2"),
        (r"a = 1, \dots, 15, \quad b = 1, \dots, 6", r"a = 1, \dots, 5, \quad b = 1, \dots, 2"),
    ],
)
def test_what_runs_too_far_ends_where_the_array_does(stated: str, right: str) -> None:
    (verdict,) = judge_text(f"$$ {FORMULA}{stated} $$", MODEL).claims
    assert verdict.status is Status.ILL_FORMED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == FORMULA + right


def test_a_window_that_leaves_its_array_is_another_slip() -> None:
    text = FORMULA.replace("3a - u", "3a + u") + r"a = 1, \dots, 5, \quad b = 1, 2"
    (verdict,) = judge_text(f"$$ {text} $$", MODEL).claims
    assert verdict.suggestion is not None
    assert "end at" not in verdict.suggestion.edit


STRIDED = model_from_text(
    r"""---
inputs: [x]
types: {x: matrix 10 9, w: matrix 3 2}
---
$$ y(i, j) = \sum_{u=1}^{3} \sum_{v=1}^{2} x(2i - 2 + u, 2j - 2 + v)\, w(u, v) + b,
   \quad i, j = 1, \dots, 4 $$
""",
    "strided",
)


def _outputs(last: int) -> str:
    cells = (f"y({i},1) & y({i},2) & \\dots & y({i},{last})" for i in (1, 2))
    end = f"y({last},1) & y({last},2) & \\dots & y({last},{last})"
    dots = r"\vdots & \vdots & \vdots & \vdots"
    rows = r" \\ ".join([*cells, dots, end])
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def test_a_stride_may_leave_a_rest() -> None:
    (verdict,) = judge_text(
        rf"$$ {_outputs(4)} = \text{{correlation}}(x, w) + b $$", STRIDED
    ).claims
    assert verdict.status is Status.PROVED
    assert any("in steps of 2, which leaves a rest" in a for a in verdict.assumptions)


def test_an_array_on_the_left_ends_where_there_is_no_more() -> None:
    right = r"\text{correlation}(x, w) + b"
    (verdict,) = judge_text(f"$$ {_outputs(8)} = {right} $$", STRIDED).claims
    assert verdict.status is Status.ILL_FORMED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == f"{_outputs(4)} = {right}"
    assert verdict.suggestion.edit == "the array on the left ends at 4, not at 8"
