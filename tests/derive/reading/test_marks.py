"""A letter that a context declares as the mark of gradients, and indices beside symbols alike."""

from __future__ import annotations

import pytest

from derive.reading.context import Context, reading_scope
from derive.reading.sheet import model_from_text
from derive.reading.statement import Statement
from verify.claim import read_statement

SHEET = r"""---
loss: L
inputs: [x]
sizes: {N: 4, M: 3, D: 2}
---
$$ y_n(a, b) = g_n x_n(a, b) + b_n, \quad n = 1, \dots, N,
   \quad a = 1, \dots, M, \quad b = 1, \dots, D $$
$$ L = \sum_{n=1}^{N} \sum_{a=1}^{M} \sum_{b=1}^{D} y_n(a, b)^2 $$
"""


def read(text: str, **declared: object) -> Statement:
    context = Context("test", prefixes=("d",), **declared)  # type: ignore[arg-type]
    return read_statement(text, reading_scope(model_from_text(SHEET, "marked"), context))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (r"dg_n = \sum_{a,b} dy_n(a, b) x_n(a, b)", "∂g"),
        (r"dx_n(a, b) = g_n dy_n(a, b)", "∂x"),
        (r"db_n = \sum_{a,b} dy_n(a, b)", "∂b"),
        (r"dg_n / 2 = \frac{1}{2} dg_n", None),
    ],
)
def test_a_declared_letter_before_a_symbol_marks_its_gradient(
    text: str, target: str | None
) -> None:
    assert read(text).target == target


def test_the_letter_stays_a_letter_in_scripts_and_apart() -> None:
    assert read(r"x_d(a, b) = x_d(a, b)").target == "x"


def test_an_argument_list_of_several_holds_indices_whatever_symbols_look_like_them() -> None:
    statement = read(r"\frac{\partial L}{\partial y_n(a, b)} = 2 y_n(a, b)")
    assert [a.name for a in statement.axes] == ["n", "a", "b"]


def test_joined_letters_of_a_declared_pattern_are_two_indices() -> None:
    meaning = (r"\gamma_{na}", r"\sum_{b} \partial L / \partial y_n(a, b)")
    statement = read(r"\gamma_{na} = \sum_{b} 2 y_n(a, b)", meanings=(meaning,))
    assert [a.name for a in statement.axes] == ["n", "a"]
