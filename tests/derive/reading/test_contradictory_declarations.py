"""Declarations that contradict the model, or cannot have a meaning, are told where they stand."""

from __future__ import annotations

import pytest

from derive.errors import Problem
from derive.reading.context import context_from_document, reading_scope
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text

SHEET = r"""---
loss: L
inputs: [x, 'y']
---
$$ h = \tanh(w x) $$ $$ L = \frac12 (h - y)^2 $$
"""


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("functions: {L: tanh}", "L is a number of the model, no function"),
        ("meanings: {h: 'x'}", "h is a symbol of the model already"),
        ("scalars: [h]", "h is computed by the model"),
    ],
)
def test_a_context_cannot_change_what_the_model_has(front, says):
    document = document_from_text(f"---\n{front}\n---\n", "notes.context.md")
    with pytest.raises(Problem, match=says) as found:
        reading_scope(model_from_text(SHEET, "sheet"), context_from_document(document, "notes"))
    assert (found.value.path, found.value.line) == ("notes.context.md", 2)


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("sizes: {n: 3, m: 'n - 5'}", "m: 'n - 5' is -2 with these values"),
        ("sizes: {n: 3}\nbatch: {axis: s, over: [], loss: sum}", "over names no tensor"),
    ],
)
def test_a_sheet_says_what_its_arrays_can_be(front, says):
    equation = r"$$ h_i = \tanh(w x_i), \quad i = 1, \dots, n $$"
    with pytest.raises(Problem, match=says) as found:
        model_from_text(f"---\n{front}\n---\n{equation}\n", "sheet")
    assert found.value.line is not None
