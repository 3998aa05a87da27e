"""`docs/reference.md` shows what the tests judge, and every key that may be declared."""

from __future__ import annotations

import pytest

from derive.reading.build_model import SHEET_KEYS
from derive.reading.context import CONTEXT_KEYS
from tests.reference.page import PAGE, Construct, constructs, declared, page, row
from verify.verdict import ACCEPTED

ELSEWHERE = frozenset({"variants", "announced", "code"})
"""What needs several files or a listing; docs/systems.md shows it."""


@pytest.mark.long
@pytest.mark.parametrize("construct", constructs(), ids=lambda c: c.say[:40])
def test_a_right_formula_is_accepted_and_a_wrong_one_is_not(construct: Construct) -> None:
    right, wrong = construct.verdict(construct.right), construct.verdict(construct.wrong)
    assert right.status in ACCEPTED, right.message
    assert wrong.status not in ACCEPTED, wrong.message


@pytest.mark.parametrize("construct", constructs(), ids=lambda c: c.say[:40])
def test_the_page_shows_every_construct(construct: Construct) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert row(construct) in lines, "python -m tests.reference.page"


@pytest.mark.long
def test_the_page_is_what_it_would_be_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.reference.page"


def test_every_key_of_a_sheet_or_a_context_has_an_example() -> None:
    shown = declared(c.front for c in constructs()) | declared(c.context for c in constructs())
    assert {*SHEET_KEYS, *CONTEXT_KEYS} - shown == ELSEWHERE
