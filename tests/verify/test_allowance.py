"""A deck of claims that nothing mends stays fast, and says that the searches were cut short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.reading.document import document_from_text
from tests.verify.sheets import bench, marks
from verify.allowance import CUT_SHORT, EACH, LONGEST, MORE, Allowance
from verify.extract import extract
from verify.judge import judge_claim
from verify.mending.effort import Effort
from verify.setting import Setting
from verify.verdict import Status


def test_the_first_claim_has_all_the_time_that_one_may_have() -> None:
    assert Allowance().share == min(LONGEST, EACH + MORE / 2)


@given(st.lists(st.floats(0, LONGEST)))
def test_every_claim_has_its_own_share_and_all_together_a_bounded_one(spent: list[float]) -> None:
    allowance = Allowance()
    total = 0.0
    for seconds in spent:
        assert allowance.share >= EACH
        total += min(seconds, allowance.share)
        allowance.spend(min(seconds, allowance.share))
    assert total <= EACH * len(spent) + MORE + 1e-9


def test_what_is_mended_at_once_costs_the_deck_nothing() -> None:
    allowance = Allowance()
    for _ in range(1000):
        allowance.spend(EACH)
    assert allowance.share == Allowance().share


@given(st.integers(1, 16))
def test_processes_have_together_what_one_has(processes: int) -> None:
    share = Allowance().among(processes)
    assert share.each == EACH
    assert share.more * processes == pytest.approx(MORE)


def test_a_search_ends_after_so_many_looks() -> None:
    effort = Effort()
    effort.looked = 5
    effort.at_most(2)
    assert effort.left
    effort.looked = 7
    assert not effort.left


@pytest.mark.parametrize(("seconds", "said"), [(0.0, True), (20.0, False)])
def test_a_search_that_was_cut_short_is_said_to_be(seconds: float, said: bool) -> None:
    text = r"$$ \bar{s}(i)^2 = 3 (t(i) + o(i))\, o(i) $$"
    document = document_from_text(text)
    (claim,) = extract(document).claims
    setting = Setting(bench(), marks(), allowance=Allowance(seconds, 0.0))
    verdict = judge_claim(claim, "c1", setting, document, 60.0)
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is None
    (repair,) = (e for e in verdict.evidence if e.method == "repair")
    assert (CUT_SHORT in repair.detail) is said
