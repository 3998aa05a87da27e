"""Formulas as textbooks, courses, papers and answers write them are read and judged by the truth.

The short tier judges one topic, the long tier all of them (``python -m tests.corpus.wild``).
"""

from __future__ import annotations

import pytest

from derive.errors import Problem
from derive.reading.context import reading_scope
from tests.corpus.library import Claim, topic
from tests.corpus.truth import holds
from tests.corpus.wild import Shares, shares, wild_names
from verify.claim import read_statement

SHORT = ("wild/cs231n_softmax",)
READ = 0.95
DECIDED = 0.95


@pytest.fixture(scope="module")
def short() -> Shares:
    return Shares([j for name in SHORT for j in shares(name).judged])


def test_the_formulas_are_many_and_of_many_authors() -> None:
    claims = [c for name in wild_names() for c in topic(name).claims]
    right = [c for c in claims if c.truth == "right"]
    assert len(wild_names()) >= 25
    assert len(right) >= 200
    assert len([c for c in claims if c.truth == "wrong"]) >= 150
    assert all(c.note for c in right)
    assert len({c.latex for c in claims}) >= 0.97 * len(claims)


def test_no_verdict_is_wrong_and_most_are_decided(short: Shares) -> None:
    assert short.wrong == []
    assert short.undecided == []
    assert short.read == 1


def test_a_wrong_verdict_would_be_seen(short: Shares) -> None:
    (right, *_), (wrong, *_) = short.of("right"), short.of("wrong")
    lies = Shares([type(right)(right.claim, wrong.status, "", True)])
    lies.judged += [type(right)(wrong.claim, right.status, "", True)]
    assert len(lies.wrong) == 2
    assert lies.decided == 0


@pytest.mark.long
@pytest.mark.parametrize("name", wild_names())
def test_other_peoples_notation(name: str) -> None:
    found = shares(name)
    assert found.wrong == []


@pytest.mark.full
def test_nearly_all_is_read_and_decided() -> None:
    whole = Shares([j for name in wild_names() for j in shares(name).judged])
    assert whole.read >= READ
    assert whole.decided >= DECIDED


@pytest.mark.long
@pytest.mark.parametrize("name", wild_names())
def test_the_truth_is_told_by_numbers(name: str) -> None:
    for claim in topic(name).claims:
        if claim.truth == "right" and _means_one_thing(claim):
            assert holds(name, claim.latex), claim.latex
        elif claim.truth == "wrong":
            assert not holds(name, claim.latex), claim.latex


def _means_one_thing(claim: Claim) -> bool:
    """Whether nothing is open in the formula, a label or a layout, and it is read at all."""
    here = topic(claim.topic)
    try:
        read_statement(claim.latex, reading_scope(here.model, here.context))
    except Problem:
        return False
    return True
