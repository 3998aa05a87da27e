"""Formulas in messages are set as formulas, words stay words."""

from __future__ import annotations

import pytest

from reports.document import Formula
from reports.mathematics import with_mathematics
from reports.terminal import spoken


def formulas(said: str) -> list[str]:
    return [p.latex for p in with_mathematics(said) if isinstance(p, Formula)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (r"term 1, \gamma p_i \log p_i, is no term of this sum", [r"\gamma p_i \log p_i"]),
        (r"term 4 should be \frac{1}{2} x_i, not x_i^2; 9 terms are missing",
         [r"\frac{1}{2} x_i", "x_i^2"]),
        ("row 1, column 1, r_m, is wrong", ["r_m"]),
        (r"\frac{a}{b} = c: the sides differ: 1 against 0 at i = 2", [r"\frac{a}{b} = c"]),
        (r"3 terms, \delta_{1} x_1 to \delta_3 x_3, are missing behind term 2",
         [r"\delta_{1} x_1", r"\delta_3 x_3"]),
        ("S_p^1(0, j) is read for i = 1, but S_p^1 starts at 1", ["S_p^1(0, j)", "S_p^1"]),
        ("the function leaky_relu takes 1 argument(s), not 2", []),
        ("the sides differ: 0.5 against 0.25 at i = 1 (with N = 1)", []),
        (r"term 2, (x_i, is no term of this sum", []),
    ],
)  # fmt: skip
def test_formulas_between_words(said: str, expected: list[str]) -> None:
    assert formulas(said) == expected


def test_nothing_is_lost() -> None:
    said = r"term 2, k_{1,1} I(1, 2), should be k_{1,2} I(1, 3); the sides differ"
    pieces = with_mathematics(said)
    assert "".join(p.latex if isinstance(p, Formula) else p.text for p in pieces) == said


def test_the_terminal_has_no_source_of_latex() -> None:
    said = with_mathematics(r"term 1, \frac{\partial L}{\partial \hat{y}_i} x_i, is wrong")
    assert "\\" not in spoken(said)
    assert "∂L" in spoken(said)
