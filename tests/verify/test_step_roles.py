r"""What averages what in a step: squares under the root, gradients above."""

from __future__ import annotations

from tests.verify.claims import context, judged, sheet
from verify.verdict import Status, Verdict

PARABOLA = sheet("---\nloss: J\n---\n$$ J = (w - 1)^2 $$")
RATE = context(r"scalars: ['\eta']")
FIRST = r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t"
SECOND = r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2"
ADAM = r"\theta_t = \theta_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}"


def _last(*claims: str) -> Verdict:
    return judged(PARABOLA, claims, RATE)[-1]


def test_adam_divides_by_the_root_of_the_squares() -> None:
    assert _last(FIRST, SECOND, ADAM).status is Status.PROVED


def test_exchanged_averages_are_told() -> None:
    swapped = ADAM.replace("m_t", "q_t").replace("v_t", "m_t").replace("q_t", "v_t")
    found = _last(FIRST, SECOND, swapped)
    assert found.status is Status.REFUTED
    assert "outside the root" in found.message


def test_an_average_that_lost_its_square_is_told_at_the_step() -> None:
    found = _last(FIRST, SECOND.replace("g_t^2", "g_t"), ADAM)
    assert found.status is Status.REFUTED
    assert "under the root" in found.message


def test_a_name_of_squares_asks_for_squares() -> None:
    right = r"E[g^2]_t = \rho E[g^2]_{t-1} + (1 - \rho) g_t^2"
    assert _last(right).status is Status.DEFINITION
    found = _last(right.replace("g_t^2", "g_t"))
    assert found.status is Status.REFUTED
    assert found.suggestion is not None
