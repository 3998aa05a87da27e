r"""The power rule's number is put back as a number, though a size has its value."""

from __future__ import annotations

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from tests.verify.claims import sheet
from verify.judge import judge_document
from verify.mending.exponents import exponents

CUBE = r"""---
sizes: {n: 3}
---
$$ q_i = \sin(x_i + 0.5 x_i^3), \quad i = 1, \dots, n $$
"""


def test_the_exponents_of_a_model() -> None:
    assert exponents(sheet(CUBE)) == ("3",)


def test_a_lost_exponent_in_front_is_no_size() -> None:
    right = r"\frac{\partial q_i}{\partial x_i} = \cos(x_i + 0.5 x_i^3) (1 + 3 \cdot 0.5 x_i^2)"
    lost = right.replace(r"3 \cdot ", "")
    deck = document_from_text(f"$$ {lost} $$")
    (verdict,) = judge_document(deck, sheet(CUBE), EMPTY).claims
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == right
