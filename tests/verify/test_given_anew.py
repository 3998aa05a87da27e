"""A symbol of the deck that is worked out again in another example."""

from __future__ import annotations

from tests.verify.claims import judged, sheet
from verify.verdict import Status

PARABOLA = sheet("---\nloss: J\n---\n$$ J = (w - 1)^2 $$")
FIRST = "q_2 = 1.7 - 0.24 = 1.46"


def test_new_arithmetic_gives_a_new_value() -> None:
    first, again, use = judged(PARABOLA, [FIRST, "q_2 = 1.7 - 0.5 = 1.2", "2 q_2 = 2.4"])
    assert {first.status, again.status} == {Status.PROVED}
    assert any("worked out anew" in note for note in again.assumptions)
    assert use.status in {Status.PROVED, Status.CONFIRMED}


def test_wrong_arithmetic_is_told_by_itself() -> None:
    *_, wrong = judged(PARABOLA, [FIRST, "q_2 = 1.7 - 0.5 = 1.3"])
    assert wrong.status is Status.REFUTED
    assert "1.46" not in wrong.message


def test_what_is_only_stated_again_is_held_against_the_first_value() -> None:
    *_, other = judged(PARABOLA, ["r = 2", "q = r + 1", "q = 4"])
    assert other.status not in {Status.PROVED, Status.CONFIRMED}
