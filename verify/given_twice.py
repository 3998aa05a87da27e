"""What a deck gives twice, with other numbers: one of the two places is a slip.

Data of which most numbers are the same; two values of a parameter after a step, of which one
follows from the gradient shown and the other from nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.numbers.second import GIVEN, SLIP
from verify.shown_steps import STEP, is_open
from verify.verdict import Contradiction, Status, Verdict

_NUMBERS = re.compile(rf"{SLIP} (?P<old>\S+) where (?P<new>\S+) stands now")
_MOVED = re.compile(r"(?P<new>\S+) stands where \S+ was given before, and no learning rate")


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
    yield from _moved_twice(verdicts)


def _moved_twice(verdicts: Sequence[Verdict]) -> Iterator[Contradiction]:
    moved: dict[str | None, Verdict] = {}
    for verdict in filter(is_open, verdicts):
        match = _MOVED.match(verdict.message)
        if any(c.startswith(STEP) for c in verdict.conditions):
            moved[verdict.target] = verdict
        elif match is not None and verdict.target in moved:
            before = moved[verdict.target]
            first, second = before.places[0], verdict.places[0]
            words = (
                f"line {first.lines} follows from the gradient shown, "
                f"{match['new']} in line {second.lines} does not"
            )
            yield Contradiction(_name(verdict), first, second, words)


def _before(verdict: Verdict, others: Sequence[Verdict]) -> Verdict | None:
    """The nearest definition of the same symbol before, whose numbers were taken."""
    taken = (v for v in reversed(others) if v.status is Status.DEFINITION)
    same = (v for v in taken if (v.target, _name(v)) == (verdict.target, _name(verdict)))
    return next(same, None)


def _name(verdict: Verdict) -> str:
    return verdict.latex.partition("=")[0].strip()
