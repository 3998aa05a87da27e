r"""A δ, ε or Δx that could be no gradient is a symbol of the deck's own, and not refuted as one."""

from __future__ import annotations

import pytest

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

FRONT = "---\ninputs: {inputs}\n{loss}sizes: {{n: 3}}\n---\n"
FORWARD = r"$$ h_i = w x_i + b, \quad i = 1, \dots, n $$"
LOSS = r"$$ L = \frac{1}{2} \sum_{i=1}^{n} (h_i - y_i)^2 $$"


def last(deck: str, loss: bool = False) -> Verdict:
    front = FRONT.format(inputs="[x, 'y']" if loss else "[x]", loss="loss: L\n" * loss)
    sheet = front + FORWARD + LOSS * loss
    return judge_text(deck, model_from_text(sheet, "line")).claims[-1]


@pytest.mark.parametrize("name", [r"\epsilon", r"\delta", r"\varepsilon"])
@pytest.mark.parametrize("loss", [True, False])
def test_a_number_is_no_gradient(name: str, loss: bool) -> None:
    assert last(f"{name} = 10^{{-8}}", loss).status is Status.DEFINITION


def test_what_it_stands_for_is_known_afterwards() -> None:
    deck = r"$$ \epsilon = 10^{-8} $$ $$ h_i + \epsilon = w x_i + b + 10^{-%s} $$"
    assert last(deck % 8, loss=True).status is Status.PROVED
    assert last(deck % 6, loss=True).status is Status.REFUTED


@pytest.mark.parametrize("left", [r"\delta_i", r"\Delta h_i", r"\epsilon_i"])
def test_without_a_loss_a_gradient_has_one_from_above(left: str) -> None:
    verdict = last(f"{left} = h_i - x_i")
    assert verdict.status is Status.UNDECIDED
    assert "it is no gradient" in verdict.message


def test_with_a_loss_it_is_a_wrong_one() -> None:
    assert last(r"\delta_i = x_i - y_i", loss=True).status is Status.REFUTED
    assert last(r"\delta_i = h_i - y_i", loss=True).status is Status.UNDECIDED


def test_a_derivative_by_a_power_is_open() -> None:
    sheet = "---\nloss: L\n---\n$$ L = \\log s + \\frac{1}{2 s^2} $$\n"
    right = r"\frac{\partial L}{\partial s^2} = \frac{1}{2 s^2} - \frac{1}{2 s^4}"
    (verdict,) = judge_text(right, model_from_text(sheet, "width")).claims
    assert verdict.status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("right", "status"),
    [
        (r"\log p_i (1 - x_i)", Status.UNDECIDED),
        (r"(1 - x_i) \log p_i", Status.PROVED),
        (r"\log(p_i) (1 - x_i)", Status.PROVED),
        (r"\log p_i (1 + x_i)", Status.REFUTED),
    ],
)
def test_a_bracket_behind_a_function_may_be_a_factor(right: str, status: Status) -> None:
    sheet = r"$$ p_i = e^{-x_i^2}, \quad i = 1, \dots, n \qquad e_i = (1 - x_i) \log(p_i) $$"
    model = model_from_text("---\ninputs: [x]\nsizes: {n: 3}\n---\n" + sheet, "entropy")
    (verdict,) = judge_text(f"e_i = {right}", model).claims
    assert verdict.status is status
