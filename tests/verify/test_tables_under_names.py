"""Tables under a symbol that a few words introduce, or that stands alone among tabs."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import sheet
from verify.judge import judge_deck
from verify.verdict import Status

SCALED = sheet("---\nsizes: {n: 2}\ntypes: {X: matrix n n}\n---\n$$ Y = 3 X $$\n")
GIVEN = "Input $X$:\n\n1\t2\n0\t-1\n\n"
DEFINED, RIGHT, WRONG = Status.DEFINITION, Status.CONFIRMED, Status.REFUTED


@pytest.mark.parametrize("label", ["The output $Y$", "\t$Y$\t", "- Matriz de saída $Y$:", "$Y$"])
@pytest.mark.parametrize(("corner", "status"), [("-3", RIGHT), ("3", WRONG)])
def test_the_table_is_what_the_symbol_names(label: str, corner: str, status: Status) -> None:
    deck = document_from_text(f"{GIVEN}{label}\n\n3\t6\n0\t{corner}\n", path="deck.txt")
    assert [c.status for c in judge_deck(deck, SCALED).claims] == [DEFINED, status]


@pytest.mark.parametrize("words", ["We multiply by $Y$", "The gradient of $Y$", "Compare $Y$"])
def test_a_sentence_that_ends_in_a_symbol_names_no_table(words: str) -> None:
    deck = document_from_text(f"{GIVEN}{words}\n\n3\t6\n0\t3\n", path="deck.txt")
    assert [c.status for c in judge_deck(deck, SCALED).claims] == [DEFINED]
