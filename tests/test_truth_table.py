"""`docs/truth-table.md` says what the judge says: its limits are judged, its kinds counted."""

from __future__ import annotations

import pytest
from joblib import Parallel, delayed

from tests.corpus.displays import Displayed, displays, outcome_of
from tests.corpus.library import topics
from tests.corpus.limits import Limit, limits, verdict_on
from tests.corpus.truth_table import PAGE, display_row, kinds_of, limit_row, page, row
from verify.verdict import ACCEPTED, Status

LISTED = PAGE.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("limit", limits(), ids=lambda limit: f"{limit.truth}-{limit.said}")
def test_a_known_limit_is_one(limit: Limit) -> None:
    assert verdict_on(limit).status is limit.said, "it is decided otherwise now: mend limits.yaml"


@pytest.mark.parametrize("limit", limits(), ids=lambda limit: limit.because[:40])
def test_the_page_tells_of_every_limit(limit: Limit) -> None:
    assert limit_row(limit) in LISTED.splitlines(), "python -m tests.corpus.truth_table"


@pytest.mark.parametrize("display", displays(), ids=lambda d: f"{d.truth}-{d.because[:40]}")
def test_a_display_is_judged_as_the_page_tells(display: Displayed) -> None:
    outcome = outcome_of(display)
    assert outcome.status is display.said
    assert display.tells in outcome.message
    assert display_row(display) in LISTED.splitlines(), "python -m tests.corpus.truth_table"


def test_no_display_is_judged_wrongly() -> None:
    accepted = {d.truth for d in displays() if d.said in ACCEPTED}
    refuted = {d.truth for d in displays() if d.said in (Status.REFUTED, Status.ILL_FORMED)}
    assert (accepted, refuted) == ({"right"}, {"wrong"})


def test_the_page_has_every_kind_of_formula_with_its_numbers() -> None:
    for subject, title in zip(topics(), kinds_of(topics()), strict=True):
        (line,) = (found for found in LISTED.splitlines() if found.startswith(f"| {title} |"))
        cells = [cell.strip() for cell in line.split("|")]
        assert int(cells[2]) == len(subject.only("right"))
        assert int(cells[5]) == len(subject.only("wrong"))


def test_limits_go_in_both_directions() -> None:
    assert {limit.truth for limit in limits()} == {"right", "wrong"}


@pytest.mark.long
def test_the_page_is_what_the_judge_says_now() -> None:
    rows = Parallel(n_jobs=2)(delayed(row)(t.name) for t in topics())
    assert all(r.faultless for r in rows)
    fresh = page(rows, limits()).splitlines()
    kinds = [line for line in fresh if any(line.startswith(f"| {t.title} |") for t in topics())]
    assert set(kinds) <= set(LISTED.splitlines()), "python -m tests.corpus.truth_table"
