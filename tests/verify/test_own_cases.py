r"""A page judged by its own equations: cases it tells apart, and lengths that its lists show."""

from __future__ import annotations

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from tests.verify.valued_models import model, one
from verify.judge import judge_deck
from verify.verdict import Judgement, Status

SEVERAL = r"""For more than two groups ($G > 2$): $H = -\sum_{k=1}^{G} r_k \ln p_k$

For two groups ($G = 2$): $H = -(r \ln p + (1 - r) \ln(1 - p))$

$\frac{\partial H}{\partial p_k} = -\frac{r_k}{p_k}$
"""
LISTS = r"""
$r = [0 \quad 0 \quad 1 \quad 0 \quad 0]$, $p = [0.1 \quad 0.2 \quad 0.5 \quad 0.1 \quad 0.1]$

$H = -\ln 0.5 = 0.693$
"""
ANOTHER = r"""
$r = [1]$
"""


def own(text: str) -> dict[str, Status]:
    """The statuses by the formulas of a page without a model."""
    return {v.latex: v.status for v in judged(text).claims}


def judged(text: str) -> Judgement:
    """The judgement of a page without a model."""
    return judge_deck(document_from_text(text), None, EMPTY)


def test_a_number_that_another_case_excludes_is_no_size() -> None:
    found = own(SEVERAL)
    assert found["G = 2"] is Status.DEFINITION
    assert found[r"\frac{\partial H}{\partial p_k} = -\frac{r_k}{p_k}"] is Status.PROVED


def test_the_equation_of_another_case_is_not_wrong() -> None:
    (binary,) = (v for v in judged(SEVERAL).claims if v.latex.startswith("H = -(r"))
    assert binary.status is Status.UNDECIDED
    assert binary.conditions[0].startswith("right if another case of G is meant")
    without = own(SEVERAL.replace(r"($G > 2$)", ""))
    assert without[binary.latex] is not Status.PROVED


def test_lists_of_one_length_tell_a_size_that_the_page_leaves_open() -> None:
    found = judged(SEVERAL + LISTS)
    assert "G = 5, as lists of numbers show" in found.assumed
    (shown,) = (v for v in found.claims if v.latex.endswith("0.693"))
    assert shown.status is Status.CONFIRMED


def test_lists_of_several_lengths_leave_it_open() -> None:
    found = own(SEVERAL + LISTS + ANOTHER)
    assert found["r = [1]"] is Status.UNDECIDED
    assert Status.ILL_FORMED not in found.values()


def test_a_case_of_the_page_is_no_size_of_a_sheet_either() -> None:
    sheet = "---\nloss: H\ninputs: [r]\nsizes: {G: 4}\n---\n$$ H = - \\sum_{k=1}^{G} r_k p_k $$\n"
    assert one("G = 2", sheet).status is Status.UNDECIDED
    beside = judge_deck(document_from_text(r"$G > 2$ or $G = 2$"), model(sheet), EMPTY)
    assert [v.status for v in beside.claims] == [Status.DEFINITION]
    other = judge_deck(document_from_text(r"$G > 1$ or $G = 2$"), model(sheet), EMPTY)
    assert [v.status for v in other.claims] == [Status.UNDECIDED]


def test_a_table_of_another_array_of_that_name_is_open() -> None:
    text = r"""$z = w x + b$, $E = \frac12 (z - y)^2$, $\frac{\partial E}{\partial w} = (z - y) x$

$y[:, :, 0]$

1	2
3	4

- Input (size: 20)
- 3x3 conv, 4 (output size: 18)
"""
    found = {v.latex[:12]: v.status for v in judged(text).claims}
    assert found["y[:, :, 0] ="] is Status.UNDECIDED
    assert found[r"\text{output"] is Status.CONFIRMED
