"""Chains and steps: every link is judged, the first wrong one named; arrows part formulas."""

from __future__ import annotations

from functools import cache

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.extract import extract
from verify.readings import Judged, judge_readings
from verify.setting import Setting
from verify.verdict import Status

SHEET = r"""---
loss: J
inputs: [z, t]
sizes: {m: 3, d: 4}
---
$$ a_k = \sum_{j=1}^{d} w_{kj} z_j, \quad k = 1, \dots, m $$
$$ Y_k = \frac{\exp(a_k)}{\sum_{j=1}^{m} \exp(a_j)} $$
$$ J = - \sum_{k=1}^{m} t_k \log Y_k $$
"""
HEAD = r"\frac{\partial J}{\partial z_j}"
STEPS = (
    r"- \sum_{k=1}^{m} t_k \frac{1}{Y_k} \frac{\partial Y_k}{\partial z_j}",
    r"- \sum_{k=1}^{m} t_k \sum_{i=1}^{m} (\delta_{ki} - Y_i) w_{ij}",
    r"- \sum_{i=1}^{m} (t_i - Y_i \sum_{k=1}^{m} t_k) w_{ij}",
)
WRONG = r"- \sum_{k=1}^{m} t_k \sum_{i=1}^{m} (\delta_{ki} - Y_k) w_{ij}"


@cache
def setting() -> Setting:
    model = model_from_text(SHEET, "softmax of a product")
    return Setting(Bench(model, gradients(model)), EMPTY)


def judged(deck: str) -> list[Judged]:
    claims = extract(document_from_text(deck)).claims
    return [judge_readings(c.text, setting(), Clock(60.0)) for c in claims]


LAYOUTS = (
    "$$ {0} = {1} = {2} = {3} $$",
    r"$$ \begin{{aligned}} {0} &= {1} \\ &= {2} \\ &= {3} \end{{aligned}} $$",
    r"\begin{{align}} {0} = {1} \\ = {2} \\ = {3} \end{{align}}",
    r"$$ \begin{{array}}{{rl}} {0} = & {1} \\ = & {2} \\ = & {3} \end{{array}} $$",
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_link_of_a_chain_is_proved(layout: str) -> None:
    (verdict,) = judged(layout.format(HEAD, *STEPS))
    assert verdict.outcome.status is Status.PROVED
    assert [p.status for p in verdict.best.parts] == [Status.PROVED] * 3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_wrong_step_between_right_ones_is_named(layout: str) -> None:
    (verdict,) = judged(layout.format(HEAD, STEPS[0], WRONG, STEPS[2]))
    assert verdict.outcome.status is Status.REFUTED
    assert [p.status is Status.PROVED for p in verdict.best.parts] == [True, False, False]
    assert WRONG in verdict.outcome.message
    assert verdict.outcome.message.startswith(STEPS[0])


@pytest.mark.parametrize(
    "arrow",
    [r"\Rightarrow", r"\implies", r"\longrightarrow", r"\rightarrow", r"\therefore", r"\to"],
)
def test_an_arrow_parts_two_formulas(arrow: str) -> None:
    first, second = judged(f"$$ {HEAD} = {STEPS[0]} {arrow} {HEAD} = {WRONG} $$")
    assert first.outcome.status is Status.PROVED
    assert second.outcome.status is Status.REFUTED


def test_an_arrow_between_things_says_nothing() -> None:
    found = extract(document_from_text(r"$$ z \rightarrow Y $$"))
    assert not found.claims
    assert len(found.skipped) == 1


def test_displays_that_begin_with_an_equals_sign_go_on_with_the_chain() -> None:
    deck = f"$$ {HEAD} = {STEPS[0]} $$\n\nand then\n\n$$ = {WRONG} $$\n\n$$ = {STEPS[2]} $$"
    assert [v.outcome.status for v in judged(deck)] == [
        Status.PROVED,
        Status.REFUTED,
        Status.PROVED,
    ]


def test_a_repeated_display_is_one_claim_with_many_places() -> None:
    deck = "\n\n".join([f"$$ {HEAD} = {STEPS[0]} $$"] * 12)
    (claim,) = extract(document_from_text(deck)).claims
    assert len(claim.places) == 12
