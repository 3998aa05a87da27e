"""Data that a deck gives twice, once with another number: one of the two places is a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.number_second import GIVEN, SLIP
from verify.verdict import Contradiction, Status, Verdict

_NUMBERS = re.compile(rf"{SLIP} (?P<old>\S+) where (?P<new>\S+) stands now")


def given_twice(verdicts: Sequence[Verdict]) -> Iterator[Contradiction]:
    """The pairs of places that give one symbol numbers of which most are the same."""
    for at, verdict in enumerate(verdicts):
        match = _NUMBERS.match(verdict.message)
        if match is None or not any(e.method == GIVEN for e in verdict.evidence):
            continue
        before = _before(verdict, verdicts[:at])
        if before is not None:
            first, second = before.places[0], verdict.places[0]
            count = len(before.places)
            also = f" ({count} places)" if count > 1 else ""
            words = (
                f"{match['old']} stands in line {first.lines}{also}, "
                f"{match['new']} in line {second.lines}"
            )
            yield Contradiction(_name(verdict), first, second, words)


def _before(verdict: Verdict, others: Sequence[Verdict]) -> Verdict | None:
    """The nearest definition of the same symbol before, whose numbers were taken."""
    taken = (v for v in reversed(others) if v.status is Status.DEFINITION)
    same = (v for v in taken if (v.target, _name(v)) == (verdict.target, _name(verdict)))
    return next(same, None)


def _name(verdict: Verdict) -> str:
    return verdict.latex.partition("=")[0].strip()
