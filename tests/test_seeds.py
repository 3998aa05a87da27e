"""The decks that may lie beside the repository, judged as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from verify import judge_deck
from verify.verdict import ACCEPTED, Judgement, Place, Status

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
DECKS = sorted(SEEDS.glob("*.txt"))
ZHANG = next((deck for deck in DECKS if deck.name.startswith("003_")), None)

pytestmark = pytest.mark.skipif(not DECKS, reason="the decks of ../shared/seeds are not here")


def _at(lines: list[str], place: Place) -> str:
    """The text of a place: 1-based, ends exclusive, columns in code points."""
    taken = lines[place.line - 1 : place.end_line]
    taken[-1] = taken[-1][: place.end_column - 1]
    taken[0] = taken[0][place.column - 1 :]
    return "\n".join(taken)


def _check_places(deck: Path, judgement: Judgement) -> None:
    """A formula stands at its place; of tables, printed lines and joined displays the digits do."""
    lines = deck.read_text(encoding="utf-8").split("\n")
    for claim in judgement.claims:
        place = claim.places[0]
        shown, latex = "".join(_at(lines, place).split()), "".join(claim.latex.split())
        plain = lines[place.line - 1][: place.column - 1].endswith("$") and "$" not in shown
        number = latex.rpartition(r"\approx")[2]  # what is printed is named elsewhere
        assert latex in shown or (not plain and _in_order(re.findall(r"\d", number), shown))


def _in_order(digits: list[str], shown: str) -> bool:
    rest = iter(shown)
    return all(digit in rest for digit in digits)


@pytest.mark.long
@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.name[:3])
def test_any_deck_gets_verdicts_with_places_under_any_model(deck: Path) -> None:
    judgement = judge_deck(deck, "zhang")
    assert judgement.claims
    assert all(claim.message for claim in judgement.claims)
    _check_places(deck, judgement)


def test_zhangs_deck_is_accepted_with_its_context() -> None:
    judgement = judge_deck(ZHANG, "zhang", "zhang")
    assert {claim.status for claim in judgement.claims} <= ACCEPTED


@pytest.mark.long
def test_without_its_context_zhangs_deck_is_at_worst_undecided_with_a_condition() -> None:
    judgement = judge_deck(ZHANG, "zhang")
    assert {claim.status for claim in judgement.claims} <= ACCEPTED | {Status.UNDECIDED}
    assert all(c.conditions for c in judgement.claims if c.status is Status.UNDECIDED)
