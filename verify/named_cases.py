"""``M = 2`` beside ``M > 2`` names one of the cases that a deck treats, and no size is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.errors import LimitExceeded, Problem, Unreadable
from derive.reading.cases import Cases, cases_of, is_case, number_of
from derive.reading.document import Document
from verify.claim import sentence_of
from verify.verdict import Status, Verdict

NAMED = "names one of the cases that the deck tells apart; nothing to check"


def as_cases(verdicts: Sequence[Verdict], document: Document) -> tuple[Verdict, ...]:
    """The verdicts; a number of a letter that another case excludes is no size of the model."""
    found = [v for v in verdicts if any(e.method == "sizes" for e in v.evidence)]
    cases = cases_of(document) if found else {}
    return tuple(_named(v) if v in found and _is_case(v, cases) else v for v in verdicts)


def _is_case(verdict: Verdict, cases: Cases) -> bool:
    if verdict.status not in (Status.UNDECIDED, Status.REFUTED):
        return False
    try:
        stated = number_of(sentence_of(verdict.latex))
    except (Problem, Unreadable, LimitExceeded):
        return False
    return stated is not None and is_case(*stated, cases)


def _named(verdict: Verdict) -> Verdict:
    return replace(
        verdict, status=Status.DEFINITION, message=NAMED, conditions=(), evidence=(),
        suggestion=None, counterexample=None,
    )  # fmt: skip
