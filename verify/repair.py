"""The nearest right formula: one edit of a wrong one, in the author's own text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.errors import LimitExceeded, Unreadable
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from derive.reading.surface import Span
from verify.attempt import Attempt, attempt
from verify.bench import Bench
from verify.claim import sentence_of
from verify.clock import Clock
from verify.compare import Identity, Outcome, climb, plainly_differs
from verify.edit import Edit
from verify.edits import edits
from verify.scale import ratio
from verify.setting import Convention, Setting
from verify.understood import touches_shifted
from verify.verdict import Status, Suggestion

RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})


@dataclass(frozen=True)
class Repair:
    """What was found, and how many edits were tried."""

    suggestion: Suggestion | None
    tried: int


def repair(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """The first right formula among the edits of ``text``, nearest first, while the clock allows.

    ``best`` is how the wrong formula was best understood; every choice of origins is tried with
    what it declares.
    """
    conventions = [replace(best.convention, shifts=c) for c in setting.origin_choices()]
    conventions.sort(key=lambda c: c.shifts != best.convention.shifts)
    tried = 0
    for edit in (*_constant(text, setting, best), *_edits(text, setting)):
        if not clock.left:
            break
        tried += 1
        new = edit.apply(text)
        if _right(new, setting, conventions):
            return Repair(Suggestion(new, edit.what), tried)
    return Repair(None, tried)


def _edits(text: str, setting: Setting) -> list[Edit]:
    heads = (t.notation.head for t in setting.bench.model.tensors.values())
    return edits(text, parse(text), tuple(dict.fromkeys(h for h in heads if "{" not in h)))


def _constant(text: str, setting: Setting, best: Attempt) -> Iterator[Edit]:
    """A constant factor that is missing: the sides of a wrong link are proportional."""
    if best.statement is None or len(best.identities) != 1 or best.statement.kind != "equation":
        return
    found = ratio(best.identities[0], setting.bench.sample)
    if found is None:
        return
    span = sentence_of(text).nodes[-1].span
    side = text[span.start : span.end]
    sign, size = ("-" if found < 0 else ""), abs(found)
    factor = rf"\frac{{{size.numerator}}}{{{size.denominator}}}"
    factor = str(size.numerator) if size.denominator == 1 else factor
    if size == 1:
        return  # a sign alone is an edit of its own
    what = f"the factor {sign}{size} is missing"
    yield Edit(Span(span.start, span.start), rf"{sign}{factor} \cdot ", what, 3)
    yield Edit(span, rf"{sign}{factor} \cdot \left( {side} \right)", what, 3)


def _right(text: str, setting: Setting, conventions: list[Convention]) -> bool:
    """Whether the text is right under one of these, which differ in origins only."""
    for convention in conventions:
        try:
            tried = attempt(text, setting, convention, _quick)
        except (Unreadable, Undeclared, LimitExceeded):
            continue
        if tried.outcome.status in RIGHT and _says_something(tried):
            return True
        if tried.statement is not None and not touches_shifted(tried.statement, setting):
            return False
    return False


def _quick(link: Identity, bench: Bench) -> Outcome:
    """`climb`, but most wrong formulas are told at a glance."""
    if plainly_differs(link, bench.sample):
        return Outcome(Status.REFUTED, "plainly different")
    return climb(link, bench)


def _says_something(tried: Attempt) -> bool:
    """False for an edit that makes both sides one and the same, which is always right."""
    if tried.statement is not None and tried.statement.kind in ("size", "update"):
        return True
    return any(not link.trivial for link in tried.identities)
