"""Claims through time: errors, sums over time, derivatives through one step or through all."""

from __future__ import annotations

from functools import cache

import pytest

from derive.expr import number, product
from derive.index import Index, axis
from derive.pipeline import gradients
from derive.reading.context import EMPTY, Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from tests.derive.recurrences import recurrence
from tests.models import at
from tests.verify.unhurried import unhurried
from verify.bench import Bench
from verify.exact import Finding, identical
from verify.judge import judge_text
from verify.verdict import Status, Verdict


@cache
def bench(name: str) -> Bench:
    return Bench(recurrence(name), gradients(recurrence(name)))


def judged(latex: str, name: str = "elman", context: Context = EMPTY) -> Verdict:
    with unhurried():
        (verdict,) = judge_text(latex, recurrence(name), context).claims
    return verdict


RIGHT = (
    r"\frac{\partial L}{\partial q_t} = (1 - s_t^2) \odot \frac{\partial L}{\partial s_t}",
    r"\frac{\partial L}{\partial s_t} = s_t - r_t + A^T \frac{\partial L}{\partial q_{t+1}}",
    r"\frac{\partial L}{\partial s_T} = s_T - r_T",
    r"\frac{\partial L}{\partial A} = \sum_{t=1}^{T} \frac{\partial L}{\partial q_t} s_{t-1}^T",
    r"s_t = \tanh(A s_{t-1} + B x_t + v)",
)
WRONG = (
    r"\frac{\partial L}{\partial s_t} = s_t - r_t + A \frac{\partial L}{\partial q_{t+1}}",
    r"\frac{\partial L}{\partial s_t} = A^T \frac{\partial L}{\partial q_{t+1}}",
    r"\frac{\partial L}{\partial s_t} = s_t - r_t",
    r"\frac{\partial L}{\partial A} = \sum_{t=1}^{T} \frac{\partial L}{\partial q_t} s_t^T",
    r"s_t = \tanh(A s_t + B x_t + v)",
)


@pytest.mark.long
@pytest.mark.parametrize("latex", RIGHT)
def test_right_formulas_through_time_are_proved(latex: str) -> None:
    assert judged(latex).status is Status.PROVED


@pytest.mark.long
@pytest.mark.parametrize("latex", WRONG)
def test_slips_through_time_are_refuted(latex: str) -> None:
    assert judged(latex).status is Status.REFUTED


def test_a_recurrence_of_errors_is_judged_where_all_that_it_reads_exists() -> None:
    verdict = judged(RIGHT[1])
    assert "judged for t = 1..3" in verdict.assumptions


@pytest.mark.long
def test_a_slip_in_a_recurrence_is_mended() -> None:
    verdict = judged(WRONG[0])
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == RIGHT[1]


@pytest.mark.long
def test_derivatives_through_several_steps_are_total() -> None:
    two = r"\frac{\partial h_t}{\partial h_{t-2}} = w^2 (1 - h_t^2) (1 - h_{t-1}^2)"
    assert judged(two, "scalar").status is Status.PROVED
    assert judged(two.replace("w^2", "w"), "scalar").status is Status.REFUTED


@pytest.mark.long
def test_a_gradient_may_be_a_sum_over_derivatives_through_time() -> None:
    total = (
        r"\frac{\partial E}{\partial w} = \frac{\partial E}{\partial h_T} \sum_{t=1}^{T} "
        r"\frac{\partial h_T}{\partial h_t} (1 - h_t^2) h_{t-1}"
    )
    assert judged(total, "scalar").status is Status.PROVED


ONE_STEP = r"\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t)"


def _context(derivatives: str) -> Context:
    front = f"---\nlayout: numerator\nderivatives: {derivatives}\n---\n"
    return context_from_document(document_from_text(front), "test")


@pytest.mark.long
def test_a_derivative_through_one_step_is_a_condition_where_nobody_says_so() -> None:
    verdict = judged(ONE_STEP, "memory")
    assert verdict.status is Status.UNDECIDED
    assert "one step alone" in verdict.conditions[0]


@pytest.mark.long
def test_a_declared_derivative_through_one_step_is_proved_and_a_total_one_refuted() -> None:
    assert judged(ONE_STEP, "memory", _context("partial")).status is Status.PROVED
    assert judged(ONE_STEP, "memory", _context("total")).status is Status.REFUTED


@pytest.mark.long
def test_every_adjoint_of_a_memory_is_trusted() -> None:
    model = recurrence("memory")
    assert bench("memory").trusted == set(model.tensors) - {model.loss}


OPEN = r"""---
inputs: [x]
sizes: {T: 3}
time: {t: T}
---
$$ h_t = \tanh(w h_{t-1} + x_t) $$
"""


@pytest.mark.long
def test_without_a_loss_every_state_has_a_gradient_from_above() -> None:
    model = model_from_text(OPEN, "open")
    meaning = r"---\nmeanings: {'\bar{h}_t': '\partial L / \partial h_t^{out}'}\n---\n"
    context = context_from_document(document_from_text(meaning.replace(r"\n", "\n")), "test")
    step = (
        r"\frac{\partial L}{\partial h_t} = w (1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}"
    )
    (alone,) = judge_text(step, model, context).claims
    (whole,) = judge_text(step + r" + \bar{h}_t", model, context).claims
    assert alone.status is Status.REFUTED
    assert whole.status is Status.PROVED


@pytest.mark.long
@pytest.mark.parametrize(
    "latex",
    [
        r"\delta_T = V^T (\hat{y}_T - y_T) \odot (1 - h_T^2)",
        r"\delta_t = (W^T \delta_{t+1} + V^T (\hat{y}_t - y_t)) \odot (1 - h_t^2)",
        r"\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \delta_t x_t^T",
        r"\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2) W",
    ],
)
def test_the_built_in_network_judges_what_textbooks_say_of_it(latex: str) -> None:
    (verdict,) = judge_text(latex, "rnn", "rnn").claims
    assert verdict.status is Status.PROVED


@pytest.mark.long
def test_what_is_too_steep_for_chance_is_no_proof() -> None:
    steep = r"""---
loss: E
inputs: [x]
sizes: {T: 70}
---
$$ h_0 = x $$
$$ h_t = h_{t-1}^2 + w, \quad t = 1, \dots, T $$
$$ E = h_T $$
"""
    model = model_from_text(steep, "steep")
    t = axis("t", 1, 70)
    left = at("∂h", Index.of(t) - 1)
    right = product(number(2), at("h", Index.of(t) - 1), at("∂h", t))
    found = identical(left, right, (t,), Bench(model, gradients(model)).trials)
    assert found.finding is Finding.NOT_APPLICABLE
    assert "proves nothing" in found.reason


LOSSES = r"""---
loss: E
inputs: [x, r]
sizes: {T: 4}
---
$$ h_0 = 0 $$
$$ h_t = \tanh(w h_{t-1} + u x_t), \quad t = 1, \dots, T $$
$$ E_t = \frac{1}{2} (h_t - r_t)^2, \quad t = 1, \dots, T $$
$$ E = \sum_{t=1}^{T} E_t $$
"""
THROUGH = (
    r"\frac{\partial E_t}{\partial w} = \sum_{k=1}^{t} \frac{\partial E_t}{\partial h_t} "
    r"\frac{\partial h_t}{\partial h_k} (1 - h_k^2) h_{k-1}"
)


@pytest.mark.long
def test_the_loss_at_one_time_has_a_gradient_over_all_times_before() -> None:
    model = model_from_text(LOSSES, "losses")
    (right,) = judge_text(THROUGH, model).claims
    (short,) = judge_text(THROUGH.replace("{k=1}^{t}", "{k=1}^{t-1}"), model).claims
    assert right.status is Status.PROVED
    assert short.status is Status.REFUTED


@pytest.mark.long
def test_zero_on_both_sides_makes_no_condition() -> None:
    model = model_from_text(LOSSES, "losses")
    wrong = r"\frac{\partial h_t}{\partial h_{t-2}} = \frac{\partial h_{t-1}}{\partial h_{t-3}}"
    (verdict,) = judge_text(wrong, model).claims
    assert verdict.status is Status.REFUTED
