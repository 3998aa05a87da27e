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
