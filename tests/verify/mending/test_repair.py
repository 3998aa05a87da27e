r"""A wrong formula comes back right, one edit away and otherwise as its author typed it."""

from __future__ import annotations

import pytest

from derive.reading.parse import parse
from tests.verify.sheets import bench, marks
from verify.clock import Clock
from verify.mending.edits import edits
from verify.mending.repair import repair
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Suggestion

SLIPS = {
    r"\bar{M} = -\bar{s} \times h^T": r"\bar{M} = \bar{s} \times h^T",
    r"\bar{h} = M \times \bar{s}": r"\bar{h} = M^T \times \bar{s}",
    r"\bar{s}(i) = (o(i) - t(i))\, o(i)": r"\bar{s}(i) = (o(i) - t(i))\, o(i) (1 - o(i))",
    r"\bar{s}(i) = (t(i) - o(i))\, o(i)\, (1 - o(i))": (
        r"\bar{s}(i) = -(t(i) - o(i))\, o(i)\, (1 - o(i))"
    ),
    r"\bar{s}(i) = (o(i) - t(i))\, (1 - o(i))": r"\bar{s}(i) = (o(i) - t(i))\, o(i) (1 - o(i))",
    r"\bar{A}_r(i,j) = \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)": (
        r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)"
    ),
    r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lceil j/2 \rceil, \lceil i/2 \rceil)": (
        r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)"
    ),
    r"\bar{M}(i,j) = \bar{s}(j)\, h(i)": r"\bar{M}(i,j) = \bar{s}(i)\, h(j)",
    r"\bar{g}_r = X * \bar{A}_{r,\phi}": r"\bar{g}_r = X_{rot180} * \bar{A}_{r,\phi}",
    r"\bar{M}(i,j) = (o(i) - t(i))\, h(j)": (
        r"\bar{M}(i,j) = (o(i) - t(i))\, h(j) \, o(i) (1 - o(i))"
    ),
    r"P_r(1,1) = \frac{1}{5-1} \sum_{u,v=1}^{2} (A_r(u, v) + 1)": (
        r"P_r(1,1) = \frac{1}{5-1} \sum_{u,v=1}^{2} (A_r(u, v))"
    ),
    r"M \leftarrow M + \eta \bar{M}": r"M \leftarrow M - \eta \bar{M}",
    r"\bar{c}_r = \sum_{i=1}^{2n} \sum_{j=1}^{2n+1} \bar{A}_{r,\phi}(i,j)": (
        r"\bar{c}_r = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i,j)"
    ),
}


def repaired(text: str) -> Suggestion | None:
    setting = Setting(bench(), marks())
    judged = judge_readings(text, setting, Clock(20.0))
    return repair(text, setting, judged.best, Clock(20.0)).suggestion


@pytest.mark.parametrize("text", SLIPS)
def test_the_nearest_right_formula_is_found(text: str) -> None:
    suggestion = repaired(text)
    assert suggestion is not None
    assert suggestion.latex.replace(" ", "") == SLIPS[text].replace(" ", "")
    assert suggestion.edit


def test_a_label_that_is_wrong_all_over_is_mended_all_over() -> None:
    chain = r"\frac{\partial J}{\partial P_1(1,1)} \frac{\partial P_1(1,1)}{\partial A_r(2,1)}"
    wrong = rf"\bar{{A}}_r(2,1) = {chain}"
    suggestion = repaired(wrong)
    assert suggestion is not None
    assert suggestion.latex == wrong.replace("P_1", "P_r")
    assert suggestion.edit == "P_1 should be P_r throughout"


def test_an_element_that_is_wrong_all_over_is_another_of_the_formula() -> None:
    chain = r"\frac{\partial J}{\partial P_r(1,2)} \frac{\partial P_r(1,2)}{\partial A_r(1,2)}"
    wrong = (
        rf"\bar{{A}}_r(1,2) = {chain} = \frac{{\partial J}}{{\partial P_r(1,1)}} \frac{{1}}{{4}}"
    )
    suggestion = repaired(wrong)
    assert suggestion is not None
    assert suggestion.latex == wrong.replace("P_r(1,2)", "P_r(1,1)")


def test_a_formula_with_two_slips_gets_no_suggestion() -> None:
    assert repaired(r"\bar{s}(i) = 3 (t(i) + o(i))\, o(i)") is None


def test_edits_touch_one_stretch_and_never_the_head() -> None:
    text = r"A(i, j) = \sum_{u=-1}^{2} B(i - u, j)\, C_u"
    head = text.index("=")
    for edit in edits(text, parse(text), ("B", "C")):
        new = edit.apply(text)
        assert new != text
        assert new[:head] == text[:head]
        kept = edit.span.start + len(text) - edit.span.end
        assert len(new) == kept + len(edit.new)


def test_no_time_no_suggestion() -> None:
    text = r"\bar{M} = -\bar{s} \times h^T"
    setting = Setting(bench(), marks())
    judged = judge_readings(text, setting, Clock(20.0))
    assert repair(text, setting, judged.best, Clock(0.0)).tried == 0
