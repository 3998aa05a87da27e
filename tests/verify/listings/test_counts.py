r"""The number of layers that stands over a list of layers."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.valued_models import model
from verify.judge import judge_deck
from verify.verdict import Status, Verdict

LIST = ["Layer 1: 3x3 conv, 8", "Layer 2: pool, /2", "Layer 3: 3x3 conv, 8", "Layer 4: fc 5"]


def counts(*lines: str) -> list[Verdict]:
    deck = document_from_text("$v_1 = -0.5$\n\n" + "\n".join(lines) + "\n")
    return [v for v in judge_deck(deck, model()).claims if "ayer" in v.latex]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("- A 3-layer network:", Status.CONFIRMED),
        ("- A 4-layer network:", Status.CONFIRMED),
        ("- A 2-layer network:", Status.REFUTED),
        ("- A 9-layer network:", Status.UNDECIDED),
    ],
)
def test_layers_with_weights_or_all_are_counted(head: str, status: Status) -> None:
    (found,) = counts(head, "- Input: image", *(f"  - {line}" for line in LIST))
    assert found.status is status, found.message


def test_a_number_of_layers_without_a_list_is_no_claim() -> None:
    assert counts("A 3-layer network is enough.") == []
    assert counts("A 3-layer network.", "", "", "", "Something else", *LIST) == []
