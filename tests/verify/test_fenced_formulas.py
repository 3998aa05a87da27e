"""Formulas in a fence without a language are formulas; listings and LaTeX sources are not."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from verify.extract import extract
from verify.fenced_formulas import delimited
from verify.formulas import Kind


def test_an_equation_in_a_fence_is_a_claim_in_its_place() -> None:
    deck = "$$a = 1$$\n\n```\n\\frac{\\partial L}{\\partial w} = -0.25\n```\n\n$$a = 2$$\n"
    claims = extract(document_from_text(deck)).claims
    assert [c.places[0].line for c in claims] == [1, 4, 7]
    assert claims[1].latex == r"\frac{\partial L}{\partial w} = -0.25"
    assert claims[1].kind is Kind.EQUATION


def test_a_formula_in_a_fence_and_in_a_display_is_one_claim() -> None:
    deck = "```\n\\sigma(0) = 0.5\n```\n\n$$\\sigma(0) = 0.5$$\n"
    (claim,) = extract(document_from_text(deck)).claims
    assert [p.line for p in claim.places] == [2, 5]


@pytest.mark.parametrize(
    "fence",
    [
        "```python\ny = \\frac{a}{b}\n```",
        "```latex\n\\theta = 1\n```",
        "```\n$$ \\theta = 1 $$\n```",
        "```\n\\newcommand{\\x}{a = b}\n```",
        "```\n\\theta\n```",
        "```\nw = w - eta * g\n```",
        "```\ncd C:\\temp = nothing\n```",
        "```\nThe formula \\theta = 1 is an example.\n```",
        "Inline `\\theta = 1` code",
    ],
)
def test_what_shows_how_something_is_typed_asserts_nothing(fence: str) -> None:
    assert not list(delimited(document_from_text(f"{fence}\n")))
