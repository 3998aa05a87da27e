"""A parameter after a step by the gradient that the deck shows is told with its lines and rate."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

FIT = model_from_text(
    r"""---
loss: E
inputs: [p, q]
types: {w: column 3, p: column 3}
values: {p: [1, 2, 3], q: 4}
---
$$ E = \frac{1}{2} (w^T p - q)^2 $$
""",
    "fit",
)
# The gradient is (-3, -6, -9).
BEFORE = r"$$ w = \begin{bmatrix} 1 \\ 1.5 \\ -1 \end{bmatrix} $$"
GRADIENT = r"$$ \frac{\partial E}{\partial w} = \begin{bmatrix} -2 \\ -6.1 \\ -9 \end{bmatrix} $$"


STEP = r"$$ w = \begin{bmatrix} 1.004 \\ 1.512 \\ -0.982 \end{bmatrix} $$"


def after(numbers: str) -> Verdict:
    table = r"$$ w = \begin{bmatrix} " + numbers + r" \end{bmatrix} $$"
    return judge_text(f"{BEFORE}\n\n{GRADIENT}\n\n{table}\n", FIT).claims[-1]


def test_the_rate_follows_from_the_digits() -> None:
    told = after(r"1.004 \\ 1.512 \\ -0.982")
    assert told.status is Status.UNDECIDED
    (condition,) = told.conditions
    assert condition == (
        "right if it is a step from line 1 with the gradient shown in line 3 "
        "and the learning rate 0.002"
    )


def test_numbers_of_no_one_rate_stay_open() -> None:
    assert "gradient shown" not in after(r"1.004 \\ 1.512 \\ -0.90").message


def test_two_values_after_one_step_contradict_each_other() -> None:
    other = STEP.replace("1.512", "1.513").replace("1.004", "1.044").replace("-0.982", "-0.98")
    deck = f"{BEFORE}\n\n{GRADIENT}\n\n{STEP}\n\n{other}\n"
    (pair,) = judge_text(deck, FIT).contradictions
    assert (pair.subject, pair.first.line, pair.second.line) == ("w", 5, 7)
    assert pair.message == "line 5 follows from the gradient shown, 1.044 in line 7 does not"


def test_a_second_step_from_the_first_contradicts_nothing() -> None:
    second = r"$$ w = \begin{bmatrix} 1.006 \\ 1.516 \\ -0.976 \end{bmatrix} $$"
    again = r"$$ \frac{\partial E}{\partial w} = \begin{bmatrix} -1 \\ -2 \\ -3 \end{bmatrix} $$"
    judgement = judge_text(f"{BEFORE}\n\n{GRADIENT}\n\n{STEP}\n\n{again}\n\n{second}\n", FIT)
    (condition,) = judgement.claims[-1].conditions
    assert "step from line 5 with the gradient shown in line 7" in condition
    assert judgement.contradictions == ()
