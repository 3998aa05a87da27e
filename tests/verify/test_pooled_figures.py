r"""Figures of pooling: an array of numbers, an arrow, a smaller array."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck
from verify.verdict import Status, Verdict

PLAIN = "---\ninputs: [x]\nsizes: {n: 4}\n---\n$$ y_i = 2 x_i, \\quad i = 1, \\dots, n $$\n"
POOLING = PLAIN + "$$ u_k = \\max_{0 \\le v \\le 1} y_{2 k - v}, \\quad k = 1, \\dots, 2 $$\n"
ROWS = r"1 & 1 & 2 & 4 \\ 5 & 6 & 7 & 8 \\ 3 & 2 & 1 & 0 \\ 1 & 2 & 3 & 4"
WHOLE = rf"\begin{{bmatrix}} {ROWS} \end{{bmatrix}}"
MAXIMA = r"$$%s \rightarrow \begin{bmatrix} 6 & 8 \\ 3 & 4 \end{bmatrix}$$"
MEANS = r"$$%s \rightarrow \begin{bmatrix} 3.25 & 5.25 \\ 2 & 2 \end{bmatrix}$$"
SLIP = r"$$%s \rightarrow \begin{bmatrix} 6 & 8 \\ 3 & 3 \end{bmatrix}$$"
OTHER = r"$$%s \rightarrow \begin{bmatrix} 0 & 1 \\ 1 & 0 \end{bmatrix}$$"


def figures(text: str, sheet: str) -> list[Verdict]:
    deck = document_from_text("$y_1 = 2 x_1$\n\n" + text.replace("%s", WHOLE) + "\n")
    found = judge_deck(deck, model_from_text(sheet, "pooling")).claims
    return [v for v in found if "rightarrow" in v.latex]


@pytest.mark.parametrize(
    ("text", "sheet", "status"),
    [
        (MAXIMA, POOLING, Status.CONFIRMED),
        (MAXIMA, PLAIN, Status.UNDECIDED),
        ("Max pooling: " + MAXIMA, PLAIN, Status.CONFIRMED),
        ("Average pooling: " + MEANS, PLAIN, Status.CONFIRMED),
        (MEANS, POOLING, Status.UNDECIDED),
        (SLIP, POOLING, Status.REFUTED),
    ],
)
def test_every_number_is_that_of_its_window(text: str, sheet: str, status: Status) -> None:
    (found,) = figures(text, sheet)
    assert found.status is status, found.message


def test_a_slip_is_told_by_its_place() -> None:
    (found,) = figures(SLIP, POOLING)
    assert found.message.startswith("row 2, column 2 shows 3: the maxima")
    assert found.message.endswith("have 4")


def test_a_figure_of_something_else_is_no_claim() -> None:
    assert figures(OTHER, POOLING) == []
    assert figures(SLIP, PLAIN) == []
