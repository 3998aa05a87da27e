r"""``\Delta w = -\eta \partial E/\partial w`` is by how much a step changes w."""

from __future__ import annotations

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

MODEL = model_from_text(
    "---\nloss: E\ninputs: [x, 't']\nsizes: {n: 3, m: 2}\n---\n"
    r"$$ h_j = \sum_{i=1}^{n} w_{ji} x_i, \quad j = 1, \dots, m $$"
    r"$$ E = \frac12 \sum_{j=1}^{m} (t_j - h_j)^2 $$" + "\n",
    "delta rule",
)
RATE = context_from_document(document_from_text("---\nscalars: ['\\eta']\n---\n"), "rate")
MARK = context_from_document(
    document_from_text("---\nscalars: ['\\eta']\ngradients: {prefix: '\\Delta'}\n---\n"), "mark"
)


def judged(formula: str) -> Verdict:
    (verdict,) = judge_text(f"$$ {formula} $$", MODEL, RATE).claims
    return verdict


@pytest.mark.parametrize(
    "formula",
    [
        r"\Delta w_{ji} = -\eta \frac{\partial E}{\partial w_{ji}}",
        r"\Delta w = -\eta \nabla_w E",
        r"\Delta w_{ji} = \eta (t_j - h_j) x_i",
        r"\Delta w_{ji} = -\eta \frac{\partial E}{\partial w_{ji}} = \eta (t_j - h_j) x_i",
    ],
)
def test_a_change_along_the_descent_is_a_step(formula: str) -> None:
    verdict = judged(formula)
    assert verdict.status is Status.PROVED
    assert any("by a step" in note for note in verdict.assumptions)


def test_a_change_that_climbs_lacks_its_sign_unless_it_is_subtracted() -> None:
    verdict = judged(r"\Delta w_{ji} = \eta \frac{\partial E}{\partial w_{ji}}")
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if Δw_{ji} is subtracted",)
    assert "the minus sign is missing" in verdict.message


def test_a_link_behind_a_step_is_judged_by_itself() -> None:
    verdict = judged(
        r"\Delta w_{ji} = -\eta \frac{\partial E}{\partial w_{ji}} = \eta (h_j - t_j) x_i"
    )
    assert verdict.status is Status.REFUTED
    assert [part.status for part in verdict.parts] == [Status.PROVED, Status.REFUTED]


def test_errors_of_either_sign_are_asked_about() -> None:
    verdict = judged(r"\Delta w_{ji} = \eta \delta_j x_i")
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if δ_j means −∂E/∂h_j",)


def test_a_declared_mark_is_no_step() -> None:
    (verdict,) = judge_text(r"$$ \Delta w_{ji} = -\eta (h_j - t_j) x_i $$", MODEL, MARK).claims
    assert verdict.status is Status.REFUTED


def test_a_gradient_alone_is_what_the_mark_may_mean() -> None:
    verdict = judged(r"\Delta w_{ji} = \frac{\partial E}{\partial w_{ji}}")
    assert verdict.status in {Status.UNDECIDED, Status.DEFINITION}
    assert "climbs" not in verdict.message
