r"""Sizes that stand behind the labels of tables: ``$A$ 2×2 + pad 1``."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.valued_models import model
from verify.judge import judge_deck
from verify.verdict import Status, Verdict

FRAMED = "\n".join(["0\t0\t0\t0", "0\t1\t2\t0", "0\t3\t4\t0", "0\t0\t0\t0"])
CUT = "\n".join(["0\t0\t0", "0\t1\t2", "0\t3\t4", "0\t0\t0"])
FILLED = FRAMED.replace("0\t1\t2\t0", "9\t1\t2\t9")


def sizes(*tables: str) -> list[Verdict]:
    """The verdicts on the sizes that the labels say."""
    deck = document_from_text("\n\n".join(tables) + "\n")
    return [v for v in judge_deck(deck, model()).claims if "bmatrix" not in v.latex]


@pytest.mark.parametrize(
    ("label", "table", "status"),
    [
        ("$A$ 2×2 + pad 1", FRAMED, Status.CONFIRMED),
        (r"$A \ 2 \times 2 + \text{pad } 1$", FRAMED, Status.CONFIRMED),
        ("$A$ 2 x 2, padding 1", FRAMED, Status.CONFIRMED),
        ("$A$ 4×4", FRAMED, Status.CONFIRMED),
        ("$A$ 4×4 + pad 1", FILLED, Status.CONFIRMED),
        ("$A$ 2×2 + pad 1", FILLED, Status.UNDECIDED),
        ("$A$ 2×2 + pad 1", CUT, Status.UNDECIDED),
        ("$A$ 3×3 + pad 1", FRAMED, Status.REFUTED),
        ("$A$ 1×1 + pad 1", FRAMED, Status.REFUTED),
        ("$A$ 2×2", FRAMED, Status.CONFIRMED),
        ("$A$ 2×2", FILLED, Status.REFUTED),
        ("$A$ 3×2", FRAMED, Status.REFUTED),
    ],
)
def test_the_table_shows_the_size_that_its_label_says(
    label: str, table: str, status: Status
) -> None:
    (found,) = sizes(f"{label}\n\n{table}")
    assert found.status is status


def test_a_table_that_is_cut_off_may_be_shown_whole_elsewhere() -> None:
    whole, cut = sizes(f"$A$ 2×2 + pad 1\n\n{FRAMED}", f"$A$ 2×2 + pad 1\n\n{CUT}")
    assert (whole.status, cut.status) == (Status.CONFIRMED, Status.CONFIRMED)
    assert cut.message == "A: the table below shows 4×3 of 4×4; line 1 shows all"


def test_a_label_without_a_size_says_none() -> None:
    assert sizes(f"$A$\n\n{FRAMED}") == []
    assert sizes(f"$A$ of 2 layers\n\n{FRAMED}") == []
