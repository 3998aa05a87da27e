r"""Last digits that rounding explains, decimal commas in brackets, numbers for scalars."""

from __future__ import annotations

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from tests.verify.valued_models import one
from verify.judge import judge_text
from verify.verdict import Status

TIME = model_from_text(
    r"""---
loss: E
inputs: [x, h_0, d]
sizes: {T: 2}
time: {t: T}
values: {x: [1, -0.5], h_0: 0.2, d: 1, w: 0.5, u: 0.8}
---
$$ h_t = \tanh(w h_{t-1} + u x_t) $$
$$ E = \frac12 (h_T - d)^2 $$
""",
    "time",
)
FALL = model_from_text(
    "---\nloss: E\ninputs: [a, b]\nvalues: {a: 3, b: 2, w: 0.5}\n---\n"
    r"$$ E = \frac12 (w a - b)^2 $$",
    "fall",
)
NEXT = r"$$ w_{next} = w - \eta \frac{\partial E}{\partial w} $$"


def test_a_wrong_number_of_a_recurrence_is_refuted() -> None:
    (verdict,) = judge_text("$h_2 = 0.0417$", TIME).claims
    assert verdict.status is Status.REFUTED


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"o = \phi(0.5 \cdot 0.3775) = 0.5471", Status.CONFIRMED),  # φ(0.18875) = 0.547047…
        (r"o = \phi(0.5 \cdot 0.3775) = 0.5470", Status.CONFIRMED),  # what the numbers put in give
        (r"o = \phi(0.5 \cdot 0.3775) = 0.5469", Status.REFUTED),
        (r"\phi(0.5 \cdot 0.3775) = 0.5471", Status.REFUTED),  # of nothing but these numbers
    ],
)
def test_a_last_digit_may_be_that_of_the_unrounded_quantity(text: str, status: Status) -> None:
    assert one(text).status is status


@pytest.mark.parametrize(
    "text",
    [
        r"h = \phi(-0,5) = 0,3775",
        r"o = \phi(0,5 \cdot 0,3775) = 0,5471",
        r"\phi(0,5 \cdot 0,4 - 0,1) = 0,5250",
        r"\phi(1 + 0,5 \cdot 0,4) = 0,7685",
        r"\max(0, 0,5) = 0,5",
        r"\max(0, 0,5, 1,25) = 1,25",
        r"\max(0, 5) = 5",
    ],
)
def test_a_comma_in_the_bracket_of_a_function_may_be_decimal(text: str) -> None:
    assert one(text).status in (Status.CONFIRMED, Status.PROVED)


def context(*lines: str) -> str:
    return "\n".join(("---", r"scalars: ['\eta']", *lines, "---", NEXT))


@pytest.mark.parametrize(
    ("rate", "declared", "status"),
    [
        ("0.1", True, Status.PROVED),
        ("0.2", True, Status.REFUTED),
        ("0.1", False, Status.UNDECIDED),
    ],
)
def test_a_number_stands_for_a_scalar_of_that_value(
    rate: str, declared: bool, status: Status
) -> None:
    given = [r"values: {'\eta': 0.1}"] if declared else []
    open_ = context_from_document(document_from_text(context(*given)), "open")
    text = rf"$$ w_{{next}} = w - {rate} \frac{{\partial E}}{{\partial w}} $$"
    (verdict,) = judge_text(text, FALL, open_).claims
    assert verdict.status is status
    if status is Status.UNDECIDED:
        assert verdict.conditions == (f"right if η = {rate}",)
