r"""Adam's corrected averages: each by its own β, and nothing but Adam steps by both."""

from __future__ import annotations

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from tests.verify.claims import sheet
from verify.judge import judge_document
from verify.verdict import Status, Verdict

LOSS = "---\nloss: L\nsizes: {n: 3}\ntypes: {w: column n}\n---\n$$ L = \\frac12 w^T w $$\n"
AVERAGES = [
    r"g_t = \nabla L(w_{t-1})",
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2",
]
CORRECTED = [r"\hat m_t = \frac{m_t}{1 - \beta_1^t}", r"\hat v_t = \frac{v_t}{1 - \beta_2^t}"]
SQUARED = r"w_t = w_{t-1} - \alpha \frac{\hat m_t}{\hat v_t + \epsilon}"


def judged(*formulas: str) -> tuple[Verdict, ...]:
    deck = document_from_text("\n\n".join(f"$$ {f} $$" for f in formulas))
    return judge_document(deck, sheet(LOSS), EMPTY).claims


def test_the_gradient_of_a_step_before_introduces_a_symbol() -> None:
    assert {v.status for v in judged(*AVERAGES, *CORRECTED)} == {Status.DEFINITION}


def test_an_average_is_corrected_by_its_own_rate() -> None:
    verdict = judged(*AVERAGES, r"\hat v_t = v_t / (1 - \beta_1^t)")[-1]
    assert verdict.status is Status.REFUTED
    assert verdict.message == "the average was defined with β_2, not with β_1"
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == r"\hat v_t = v_t / (1 - \beta_2^t)"


def test_a_step_by_corrected_averages_is_adams_or_wrong() -> None:
    wrong = judged(*AVERAGES, *CORRECTED, SQUARED)[-1]
    assert wrong.status is Status.REFUTED
    assert wrong.suggestion is not None
    assert r"\sqrt{\hat v_t}" in wrong.suggestion.latex


def test_where_nothing_says_that_they_are_corrected_it_is_open() -> None:
    assert judged(SQUARED)[-1].status is Status.UNDECIDED


def test_a_step_of_averages_in_brackets_that_is_not_known_is_open() -> None:
    roots = r"\sqrt{E[\Delta w^2]_{t-1} + \epsilon}}{\sqrt{E[g^2]_t + \epsilon}"
    step = rf"\Delta w_t = -\frac{{{roots}}} g_t"
    assert judged(step)[-1].status is Status.UNDECIDED
