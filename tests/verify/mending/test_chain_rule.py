r"""A path of the chain rule that was forgotten is put back, in the notation of who forgot it."""

from __future__ import annotations

from functools import cache

import pytest

from derive.pipeline import gradients
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.judge import judge_text
from verify.mending.chain_rule import ChainRule
from verify.mending.repair import repair_by_chain_rule
from verify.mending.screen import Screen
from verify.readings import judge_readings
from verify.setting import Convention, Setting
from verify.verdict import Status, Suggestion, Verdict

CELL = r"""---
loss: E
inputs: [u, d]
sizes: {m: 2, n: 3}
functions: {'\sigma': logistic}
types: {u: column m, A: matrix n m, B: matrix n m, d: column n, '\kappa': scalar}
---
$$ p = A u $$ $$ r = B u $$ $$ f = \sigma(p) $$
$$ E = \frac{1}{2} \sum_{i=1}^{n} (f_i r_i - d_i)^2 + \frac{\kappa}{2} \sum_{j=1}^{m} u_j^2 $$
"""
MARKS = r"""---
gradients: {prefix: '\delta'}
---
"""


@cache
def setting() -> Setting:
    model = model_from_text(CELL, "cell")
    context = context_from_document(document_from_text(MARKS), "marks")
    return Setting(Bench(model, gradients(model)), context)


def judged(text: str) -> Verdict:
    (verdict,) = judge_text(text, setting().bench.model, setting().context).claims
    return verdict


def mended(text: str) -> str:
    """The suggestion, empty where there is none."""
    found = judged(text).suggestion
    return "" if found is None else found.latex


def anew(text: str) -> Suggestion:
    """What the chain rule or the sheet puts in the place of a part, or of all."""
    best = judge_readings(text, setting(), Clock(20.0)).best
    found = repair_by_chain_rule(text, setting(), best, Clock(20.0)).suggestion
    assert found is not None
    assert judge_readings(found.latex, setting(), Clock(20.0)).outcome.status is Status.PROVED
    return found


@pytest.mark.parametrize(
    ("wrong", "lost"),
    [
        (r"\delta u = A^T \delta p + \kappa u", r" + B^T \delta r"),
        (r"\delta u = A^T \delta p + B^T \delta r", r" + \kappa u"),
        (
            r"\delta u_j = \sum_{i=1}^{n} B_{ij} \delta r_i + \kappa u_j",
            r" + \sum_{i=1}^{n} \delta p_i A_{ij}",
        ),
        (
            r"\frac{\partial E}{\partial u_j} = \kappa u_j"
            r" + \sum_{i=1}^{n} B_{ij} \frac{\partial E}{\partial r_i}",
            r" + \sum_{i=1}^{n} \frac{\partial E}{\partial p_i} A_{ij}",
        ),
    ],
)
def test_a_path_that_was_forgotten_is_the_term_that_is_missing(wrong: str, lost: str) -> None:
    assert mended(wrong) == wrong + lost


def test_one_wrong_term_is_replaced_and_the_others_stay() -> None:
    wrong = r"\delta u = 3 u u^T u + B^T \delta r + \kappa u"
    assert anew(wrong).latex == wrong.replace(r"3 u u^T u", r"A^T \delta p")


def test_what_no_part_mends_is_written_anew_by_the_chain_rule() -> None:
    found = anew(r"\delta u_j = 3 u_j^3")
    assert found.edit == "the side is written anew, by the chain rule"
    assert found.latex.endswith(r"+ \kappa u_j") or r" \kappa u_j + " in found.latex


def test_a_value_is_written_anew_from_the_sheet() -> None:
    found = anew(r"p_i = u_1 + \sum_{j=1}^{m} B_{ij}^3")
    assert found.latex == r"p_i = \sum_{j=1}^{m} A_{ij} u_j"
    assert found.edit == "the side is written anew, from the sheet"


@pytest.mark.long
def test_the_judge_suggests_it_where_nothing_nearer_is_right() -> None:
    assert mended(r"\delta u_j = 3 u_j^3").startswith(r"\delta u_j = ")


def test_letters_of_the_left_side_are_those_of_the_terms() -> None:
    screen = Screen(r"\delta u_k = 0", setting(), Convention())
    assert all("u_j" not in text for _, text in ChainRule(screen).terms)


def test_what_the_engine_does_not_say_is_not_written() -> None:
    for text in (r"\delta u_j + 1 = 0", r"q_j = 0", "u_j = 0", r"\delta E = 2"):
        assert ChainRule(Screen(text, setting(), Convention())).terms in ((), (("+", "1"),))


FILTERED = r"""---
loss: E
inputs: [X]
sizes: {a: 3, g: 2, n: 2, c: 3}
---
$$ T(i, j, m) = \sum_{u=1}^{g} \sum_{v=1}^{g} F(u, v, m) \sum_{k=1}^{c} X(i + u - 1, j + v - 1, k),
   \quad i, j = 1, \dots, a, \quad m = 1, \dots, n $$
$$ E = \sum_{i=1}^{a} \sum_{j=1}^{a} \sum_{m=1}^{n} T(i, j, m)^3 $$
"""


def test_what_arrays_cannot_say_is_written_by_elements() -> None:
    wrong = r"\frac{\partial E}{\partial X} = \frac{\partial E}{T} @ F"
    model = model_from_text(FILTERED, "filtered")
    at = context_from_document(
        document_from_text("---\noperators: {'@': correlation over depth}\n---\n"), "at"
    )
    (found,) = judge_text(wrong, model, at).claims
    assert found.status is Status.ILL_FORMED
    assert "a derivative without the second ∂ is read as one" in found.assumptions
    assert found.suggestion is not None
    assert found.suggestion.edit.endswith("by the chain rule, element by element")
    (again,) = judge_text(found.suggestion.latex, model, at).claims
    assert again.status is Status.PROVED
