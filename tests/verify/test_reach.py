r"""How far a function without brackets reaches: ``\tanh W x + b``.

Elman 1990 and Karpathy's notes on recurrent networks write the squashed sum without brackets;
nobody squashes the weights alone.
"""

from __future__ import annotations

import pytest

from derive.errors import Problem
from derive.reading.document import document_from_text
from tests.verify.claims import RIGHT, sheet, verdict
from verify.judge import judge_deck
from verify.verdict import Status

TYPES = "types: {W: matrix 3 4, x: column 4, b: column 3}\nfunctions: {'\\sigma': logistic}"
LAYER = sheet(rf"""---
{TYPES}
---
$$ h = \tanh(W x + b) $$ $$ r = \operatorname{{ReLU}}(W x + b) $$ $$ s = \sigma(W x) $$
$$ q = \tanh(W x) + b $$
""")
NEURON = sheet(r"""---
title: numbers
---
$$ h = \tanh(w x + b) $$ $$ q = \tanh(w x) + b $$ $$ o = g \tanh(c) $$ $$ l = x \log w $$
""")


@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (LAYER, r"q = \tanh W x + b"),
        (LAYER, r"q - b = \tanh W x"),
        (LAYER, r"s = \sigma W x"),
        (NEURON, r"o = \tanh c \, g"),
        (NEURON, r"l = \log w x"),
    ],
)
def test_it_takes_one_number_or_the_product_that_a_matrix_begins(model, claim):
    assert verdict(model, claim).status in RIGHT


@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (LAYER, r"h = \tanh W x + b"),
        (LAYER, r"r = \operatorname{ReLU} W x + b"),
        (NEURON, r"h = \tanh w x + b"),
        (NEURON, r"q = \tanh w x + b"),
        (NEURON, r"\frac{\partial h}{\partial w} = (1 - \tanh^2 w x + b) x"),
    ],
)
def test_what_another_reach_makes_right_is_open(model, claim):
    found = verdict(model, claim)
    assert found.status == Status.UNDECIDED
    assert "function without brackets" in found.message


@pytest.mark.long
@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (LAYER, r"h = \tanh W x - b"),
        (LAYER, r"s = \sigma W x + b"),
        (NEURON, r"h = \tanh w x - b"),
        (NEURON, r"\frac{\partial h}{\partial w} = (1 + \tanh^2 w x + b) x"),
    ],
)
def test_what_no_reach_makes_right_is_refuted(model, claim):
    assert verdict(model, claim).status == Status.REFUTED


@pytest.mark.parametrize(
    ("types", "body"), [(TYPES, r"h = \tanh W x + b"), ("title: t", r"h = \tanh w x + c")]
)
def test_a_sheet_is_asked(types, body):
    with pytest.raises(Problem, match="how far this function reaches"):
        sheet(f"---\n{types}\n---\n$$ {body} $$\n")


def test_a_page_is_asked():
    page = document_from_text(r"$$ h = \tanh w x + b $$ $$ \frac{dh}{db} = 1 - h^2 $$")
    with pytest.raises(Problem, match="how far this function reaches"):
        judge_deck(page)
