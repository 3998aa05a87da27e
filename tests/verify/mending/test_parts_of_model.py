r"""What is missing in a formula stands in the model's equations: a root, a norm, a maximum."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.mending.parts import divisors, parts
from verify.verdict import Verdict

SHEET = r"""---
inputs: [x, d]
sizes: {n: 4}
types: {m: scalar}
---
$$ v = \frac{1}{n} \sum_{i=1}^{n} x_i^2 $$
$$ h_i = \frac{x_i}{\sqrt{v + 1}}, \quad i = 1, \dots, n $$
$$ C = \frac{1}{2} \sum_{i=1}^{n} \max(0, m - d_i)^2 $$
"""


def judged(claim: str) -> Verdict:
    model = model_from_text(SHEET, "parts")
    (verdict,) = judge_document(document_from_text(f"$$ {claim} $$"), model, EMPTY).claims
    return verdict


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (
            r"\frac{\partial h_i}{\partial v} = -\frac{1}{2} x_i (v + 1)^{-1/2}",
            "the exponent $-1/2$ should be $-3/2$",
        ),
        (r"\frac{\partial h_i}{\partial v} = -\frac{1}{2} x_i", r"$(v + 1)^{-3/2}$ is missing"),
        (r"\frac{\partial C}{\partial d_i} = -1", r"$\max(0, m - d_i)$ is missing"),
    ],
)
def test_a_lost_part_is_put_back(claim: str, words: str) -> None:
    suggestion = judged(claim).suggestion
    assert suggestion is not None
    assert suggestion.words.endswith(words)


def test_the_parts_of_an_equation() -> None:
    equation = (r"h_i = \frac{x_i (a - b)}{\|x\|} + \max(0, c)",)
    assert parts(equation) == ("x_i (a - b)", "(a - b)", r"\max(0, c)")
    assert divisors(equation) == (r"\frac{1}{\|x\|}", r"\frac{1}{\|x\|^2}")
