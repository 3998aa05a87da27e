r"""Update rules in a deck: what known rules do is right, what none does is wrong."""

from __future__ import annotations

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.step_catalogue import PARAMETERS, STATES, Rule
from verify.verdict import Status, Verdict

MODEL = model_from_text(
    "---\nloss: E\ninputs: [x, 'y']\n---\n$$ o = u x $$\n$$ E = (o - y)^2 $$\n", "line"
)
NUMBERS = context_from_document(
    document_from_text("---\nscalars: ['\\eta', '\\beta']\n---\n"), "numbers"
)
STEPS = {"S": r"p_t", "R": "p_{t-1}", "G": r"\nabla_p E", "V": "q_t", "U": r"\hat{q}_t"}


def judged(*formulas: str) -> list[Verdict]:
    return list(judge_text("\n\n".join(f"$$ {f} $$" for f in formulas), MODEL).claims)


def statuses(*formulas: str) -> list[Status]:
    return [v.status for v in judged(*formulas)]


def written(rule: Rule, left: str, by: str) -> str:
    """The rule with steps t and t + 1, and numbers called as nobody else does."""
    names = {**STEPS, "G": rf"(\nabla_{by} E)", "a": r"\zeta", "b": r"\xi", "m": r"\kappa"}
    right = "".join(names.get(c, c) if not c.islower() or c in "abm" else c for c in rule.latex)
    return f"{left} = {right}" if "\\" not in rule.latex else ""


@pytest.mark.parametrize("rule", [r for r in PARAMETERS if "\\" not in r.latex and not r.sign])
def test_what_a_rule_does_is_right_whatever_its_numbers_are_called(rule: Rule) -> None:
    assert statuses(written(rule, "p_{t+1}", "p")) == [Status.PROVED]


@pytest.mark.parametrize("rule", [r for r in STATES if "V" not in r.latex])
def test_what_is_kept_is_introduced(rule: Rule) -> None:
    assert statuses(written(rule, "p_{t+1}", "w")) == [Status.DEFINITION]


@pytest.mark.parametrize(
    "formula",
    [
        r"w_{t+1} = w_t - \eta \nabla E",
        r"w_t = w_{t-1} - \eta \nabla_w E(w)",
        r"w^{(k+1)} = w^{(k)} - \eta_k \frac{\partial E}{\partial w}",
        r"w^{new} = w^{old} - \gamma \nabla E",
        r"w_{t+1} = w_t - \frac{\eta}{N} \sum_{n=1}^N \nabla E(w; x_n)",
        r"w_{t+1} = (1 - \eta \lambda) w_t - \eta \nabla E",
        r"w_{t+1} = w_t - \eta \nabla E + \mu (w_t - w_{t-1})",
        r"w_{t+1} = w_t - \frac{\eta}{\sqrt{s_t} + \epsilon} g_t",
        r"w_{t+1} = w_t - \eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
    ],
)
def test_ways_to_write_a_step(formula: str) -> None:
    assert statuses(formula)[0] in (Status.PROVED, Status.CONFIRMED)


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        (r"w_{t+1} = w_t + \eta \nabla E", r"w_{t+1} = w_t - \eta \nabla E"),
        (r"w_{t+1} = w_t \eta \nabla E", r"w_{t+1} = w_t - \eta \nabla E"),
        (r"w_{t+1} = \eta w_t - \nabla E", r"w_{t+1} = w_t - \eta \nabla E"),
    ],
)
def test_a_slip_is_refuted_with_the_rule_that_was_meant(formula: str, right: str) -> None:
    (verdict,) = judged(formula)
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == right
    assert verdict.counterexample is not None
    assert verdict.counterexample["left"] != verdict.counterexample["right"]


def test_the_step_follows_the_velocity_that_the_deck_defined() -> None:
    uphill = r"v_{t+1} = \mu v_t + \nabla_w E"
    steps = (r"w_{t+1} = w_t - \eta v_{t+1}", r"w_{t+1} = w_t + v_{t+1}")
    assert statuses(uphill, *steps) == [Status.DEFINITION, Status.PROVED, Status.REFUTED]
    downhill = r"v_{t+1} = \mu v_t - \eta \nabla_w E"
    assert statuses(downhill, *steps) == [Status.DEFINITION, Status.REFUTED, Status.PROVED]
    unknown = judged(steps[1])[0]
    assert unknown.status is Status.UNDECIDED
    assert unknown.conditions == ("right if v_{t+1} points downhill",)


def test_assignments_are_steps_too() -> None:
    formulas = (r"v \leftarrow \mu v - \eta \nabla E", r"w \leftarrow w + v")
    assert statuses(*formulas) == [Status.DEFINITION, Status.PROVED]


def test_a_new_value_on_both_sides_is_wrong() -> None:
    (verdict,) = judged(r"w_{new} = w_{new} - \eta \nabla E")
    assert verdict.status is Status.REFUTED
    assert "both sides" in verdict.message


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("u_t", Status.PROVED),
        ("u_t; x_n", Status.PROVED),
        ("u_{t+1}", Status.REFUTED),
        ("u_{t-1}", Status.UNDECIDED),
        (r"u_t + \kappa v_t", Status.UNDECIDED),
    ],
)
def test_a_step_goes_by_the_gradient_where_it_starts(place: str, status: Status) -> None:
    assert statuses(rf"u_{{t+1}} = u_t - \eta \nabla E({place})") == [status]


def test_a_velocity_may_look_ahead() -> None:
    looks = r"v_{t+1} = \mu v_t - \eta \nabla E(u_t + \mu v_t)"
    assert statuses(looks, r"u_{t+1} = u_t + v_{t+1}") == [Status.DEFINITION, Status.PROVED]


def test_a_gradient_of_what_is_no_loss_is_told() -> None:
    (verdict,) = judged(r"w_{t+1} = w_t - \eta \nabla F")
    assert verdict.status is Status.UNDECIDED  # a context may say that F is E
    assert "did you mean E?" in verdict.message


def test_a_rule_that_nobody_knows_is_undecided() -> None:
    (verdict,) = judged(r"w_{t+1} = w_t - \eta \nabla E + \beta (\nabla E)^3 \gamma \delta")
    assert verdict.status is Status.UNDECIDED


@pytest.mark.parametrize(
    "formula",
    [
        r"h_t = \kappa h_{t-1} + x_t",
        r"h_t = \tanh(\kappa h_{t-1} + x_t)",
        r"q_{t+1} = g(\kappa q_t)",
        r"F_n = F_{n-1} + F_{n-2}",
        r"N_{t+1} = N_t + \rho N_t",
        r"x_{n+1} = x_n - \frac{f(x_n)}{f'(x_n)}",
        r"s_t = s_{t-1} + \kappa g_t",
        r"p_{k+1} = p_k + v_k",
    ],
)
def test_not_every_recurrence_is_a_step_of_descent(formula: str) -> None:
    assert statuses(formula)[0] in (Status.UNDECIDED, Status.ILL_FORMED, Status.DEFINITION)


def test_a_value_that_goes_on_from_itself_is_assigned_with_any_sign() -> None:
    formulas = (r"v_t = \gamma v_{t-1} + \eta \nabla_w E", r"w = w - v_t")
    assert statuses(*formulas) == [Status.DEFINITION, Status.PROVED]
    assert statuses(r"u = u - \eta \frac{\partial E}{\partial u}") == [Status.PROVED]
    assert statuses(r"u = u + \eta \frac{\partial E}{\partial u}") == [Status.REFUTED]


@pytest.mark.parametrize(
    "formula",
    [
        r"w_{t+1} = w_t - \frac{\eta}{\sqrt{E[g^2]_t + \epsilon}} g_t",
        r"w_t = w_{t-1} - \eta_t \left( \alpha \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}"
        r" + \lambda w_{t-1} \right)",
    ],
)
def test_averages_in_brackets_and_decoupled_decay(formula: str) -> None:
    assert statuses(formula)[0] in (Status.PROVED, Status.CONFIRMED)


@pytest.mark.parametrize(
    "formula",
    [
        r"E[g^2]_t = 0.9 E[g^2]_{t-1} + 0.1 g_t^2",
        r"\hat m_t = \frac{m_t}{1 - \beta_1^t}",
        r"g_t = \nabla_u E_t(u)",
    ],
)
def test_what_adam_and_rmsprop_keep_is_introduced(formula: str) -> None:
    assert statuses(formula) == [Status.DEFINITION]


def test_a_correction_needs_the_power_of_the_step() -> None:
    verdict = judged(r"\hat m_t = \frac{m_t}{1 - \beta_1}")[0]
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == r"\hat m_t = \frac{m_t}{1 - \beta_1^{t}}"


def test_a_step_with_a_corrected_average_goes_downhill() -> None:
    found = statuses(
        r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
        r"w_t = w_{t-1} + \alpha \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
    )
    assert found == [Status.DEFINITION, Status.REFUTED]


LAYERED = model_from_text(
    "---\nloss: E\ninputs: [x, 'y']\nsizes: {n: 2, m: 3}\n"
    "types: {U^1: matrix m n, x: column n, y: column m}\n---\n"
    "$$ o = U^1 x $$\n$$ E = \\|o - y\\|^2 $$\n",
    "one layer",
)


@pytest.mark.parametrize("velocity", ["v", "v^1"])
def test_a_number_above_what_changes_is_its_label(velocity: str) -> None:
    told = rf"$$ {velocity} \leftarrow \mu {velocity} - \eta \frac{{\partial E}}{{\partial U^1}} $$"
    right, wrong = (rf"$$ U^1 \leftarrow U^1 {sign} {velocity} $$" for sign in "+-")
    found = judge_text(f"{told}\n\n{right}\n\n{wrong}", LAYERED).claims
    assert [v.status for v in found] == [Status.DEFINITION, Status.PROVED, Status.REFUTED]
    assert found[2].suggestion is not None
    assert found[2].suggestion.latex == rf"U^1 \leftarrow U^1 + {velocity}"


def test_what_is_added_alone_is_no_rate() -> None:
    (verdict,) = judge_text(r"$$ U^1 \leftarrow U^1 + c $$", LAYERED).claims
    assert verdict.status is Status.UNDECIDED


@pytest.mark.parametrize(
    "step",
    [
        r"u_{t+1} = u_t - \eta \operatorname{sign}(m_t)",
        r"\bar{u}_{t+1} = \beta \bar{u}_t + (1 - \beta) u_{t+1}",
        r"u^{(k+1)} = \Pi(u^{(k)} - \eta g)",
    ],
)
def test_a_step_that_no_rule_has_is_open_not_wrong(step: str) -> None:
    (verdict,) = judge_text(step, MODEL, NUMBERS).claims
    assert verdict.status is Status.UNDECIDED
    assert verdict.message == "no update rule that is known has these quantities"


def test_what_is_no_parameter_takes_no_step() -> None:
    (verdict,) = judge_text(r"o_{t+1} = \Pi(o_t)", MODEL, NUMBERS).claims
    assert verdict.status is Status.ILL_FORMED


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (r"u \leftarrow u - 0.1 \frac{\partial E}{\partial u}", Status.PROVED),
        (r"u \leftarrow u - 10^{-3} \frac{\partial E}{\partial u}", Status.PROVED),
        (r"u \leftarrow u + 0.1 \frac{\partial E}{\partial u}", Status.REFUTED),
        (r"u \leftarrow 0.1 \frac{\partial E}{\partial u}", Status.REFUTED),
    ],
)
def test_the_rate_may_be_a_number(step: str, status: Status) -> None:
    assert statuses(step) == [status]


def test_the_number_of_the_step_may_be_an_argument() -> None:
    steps = (
        r"u(t+1) = u(t) - \eta \frac{\partial E}{\partial u}",
        r"u(t+1) = u(t) + \eta \nabla E(u(t))",
        r"v(t+1) = \mu v(t) - \eta \nabla E(u(t))",
        r"u(t+1) = u(t) + v(t+1)",
    )
    proved, refuted, defined = Status.PROVED, Status.REFUTED, Status.DEFINITION
    assert statuses(*steps) == [proved, refuted, defined, proved]
