r"""What a step of gradient descent may have lost is put back, and else the whole step."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Status

SHEET = r"""---
loss: L
inputs: [x, 'y']
sizes: {n: 2}
types: {x: column n, 'y': column n, W: matrix n n}
---
$$ z = W x $$
$$ L = \frac{1}{2} \sum_{i=1}^{n} (z_i - y_i)^2 + \frac{\lambda}{2} \sum_{i,j=1}^{n} W_{ij}^2 $$
"""
CONTEXT = context_from_document(document_from_text("---\nscalars: ['\\eta']\n---\n"), "rate")
SLOPE = r"\eta \frac{\partial L}{\partial z} x^T"
RIGHT = rf"W \leftarrow (1 - \eta \lambda) W - {SLOPE}"
STEP = r"W \leftarrow W - \eta \frac{\partial L}{\partial W}"


@cache
def model() -> Model:
    return model_from_text(SHEET, "decay")


@pytest.mark.parametrize(
    ("lost", "mended", "words"),
    [
        pytest.param(
            f"W - {SLOPE}", RIGHT, r"the factor $(1 - \eta \lambda)$ is missing",
            marks=pytest.mark.long,
        ),
        (rf"(1 - \eta \lambda) - {SLOPE}", RIGHT, "the factor $W$ is missing"),
        pytest.param(
            rf"\eta \lambda W - {SLOPE}", STEP, "a step of gradient descent is",
            marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_a_step_that_lost_something(lost: str, mended: str, words: str) -> None:
    document = document_from_text(rf"$$ W \leftarrow {lost} $$")
    (verdict,) = judge_document(document, model(), CONTEXT).claims
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == mended
    assert verdict.suggestion.words.startswith(words)


def test_what_is_suggested_is_right() -> None:
    for step in (RIGHT, STEP):
        (verdict,) = judge_document(document_from_text(f"$$ {step} $$"), model(), CONTEXT).claims
        assert verdict.status is Status.PROVED
