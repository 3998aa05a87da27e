"""A claim under every way to fill what its author left open, and the verdict that follows.

    right with a choice of origins alone         accepted; the origins are stated
    right only if something undeclared holds     undecided: "right if …"
    wrong under every reading                    refuted, or ill-formed if none gives it a meaning

A convention that is settled otherwise and would make it right is a hint beside the refutation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.errors import IllFormed, Problem
from derive.reading.gradient_shapes import LAYOUT
from derive.reading.problems import ByShape, Undeclared, is_foreign
from verify.abbreviations import abbreviation
from verify.at_places import at_place
from verify.attempt import Attempt, attempt
from verify.clock import Clock
from verify.compare import NOT_FINITE, Outcome
from verify.conditions import Condition, conditions
from verify.expansion.outcome import TERMS
from verify.numbers.second import GIVEN_ANEW
from verify.setting import Convention, Setting, authors_text
from verify.understood import touches_shifted
from verify.variants.values import restriction_text
from verify.variants.variant import Standing
from verify.verdict import Status

MOST_READINGS = 48
MEANINGLESS = Status.ILL_FORMED
MOST_TRIED = 4
"""Attempts of a wrong formula that are tried under other conventions."""
UNTRIED = "time ran out before every convention that may be open was tried"
MOST_CHOICES = 4
"""Undeclared symbols that one formula may have."""


@dataclass(frozen=True)
class Judged:
    """The attempt that decides, where, and the conditions under which the formula is right.

    ``text`` is what was judged: the formula, without a place that the ``setting`` holds then;
    ``placed`` says that it has one.
    """

    best: Attempt
    outcome: Outcome
    setting: Setting
    conditions: tuple[str, ...] = ()
    tried: int = 1
    text: str = ""
    placed: bool = False


def judge_readings(text: str, setting: Setting, clock: Clock) -> Judged:
    """Judge under all readings. Raises `Unreadable` for what cannot be parsed."""
    there = _held_setting(text, setting, Convention())
    judged = _judged(text, there, clock)
    try:
        place = at_place(text, judged.setting, judged.best.convention)
    except Problem:
        place = None
    if place is None:
        return replace(judged, text=text)
    shown = text if place.held else place.text
    return replace(judged, text=shown, setting=place.setting, placed=True)


def _held_setting(text: str, setting: Setting, convention: Convention) -> Setting:
    """The setting in which what stands at a bar has its numbers, so far as that can be read."""
    try:
        place = at_place(text, setting, convention)
    except Problem:
        return setting
    return setting if place is None or place.cut else place.setting


def _judged(text: str, setting: Setting, clock: Clock) -> Judged:
    attempts: list[Attempt] = []
    clock.done = "the first reading took all of it"
    for tried in _attempts(text, setting):
        attempts.append(tried)
        if tried.accepted and not tried.convention.open:
            return Judged(tried, tried.outcome, setting, tried=len(attempts))
        if len(attempts) >= MOST_READINGS:
            break
        clock.check(f"{len(attempts)} readings were tried")
    fitting = [a for a in attempts if a.accepted]
    if 1 < len(fitting) == len(attempts) and all(map(_of_layout, fitting)):
        return Judged(fitting[0], fitting[0].outcome, setting, tried=len(attempts))
    shaped = [a for a in attempts if not _left_by_shape_and_layout(a)]
    if any(a.accepted for a in shaped) and all(map(_left_by_shape, shaped)):
        meant = [a for a in shaped if a.outcome.status is not MEANINGLESS]
        however = len(attempts) < MOST_READINGS and all(map(_is_right, meant))
        if however or len({a.convention.declared for a in meant}) == 1:
            return _by_shape(fitting[0], setting, len(attempts))
    if fitting:
        texts = tuple(dict.fromkeys(_condition(a, setting) for a in fitting))
        outcome = Outcome(Status.UNDECIDED, _open_text(texts), None, fitting[0].outcome.evidence)
        return Judged(fitting[0], outcome, setting, texts, len(attempts))
    if setting.others and all(map(may_be_foreign, attempts)):
        return Judged(attempts[0], attempts[0].outcome, setting, tried=len(attempts))
    if (restricted := setting.restricted()) is not setting:
        return _as_declared(judge_readings(text, restricted, clock))
    if (named := abbreviation(text, attempts, setting)) is not None:
        return Judged(named, named.outcome, setting, tried=len(attempts))
    return _under_conventions(text, setting, sorted(attempts, key=_closeness), clock)


def _is_right(tried: Attempt) -> bool:
    """Whether it is right, not just a definition: which one that is would be open."""
    return tried.outcome.status in (Status.PROVED, Status.CONFIRMED)


def _left_by_shape(tried: Attempt) -> bool:
    """Whether nothing was open but labels that were left out."""
    declared = tried.convention.declared
    readings = all(isinstance(r, ByShape) for r in declared)
    return bool(declared) and readings and not tried.convention.outside


def _left_by_shape_and_layout(tried: Attempt) -> bool:
    """Whether labels were left out, and the derivatives fit in a layout alone that nobody said."""
    *labels, last = tried.convention.declared or (None,)
    asked = None if last is None else last.declaration
    laid = isinstance(asked, tuple) and asked[0] == LAYOUT
    return bool(labels) and laid and all(isinstance(r, ByShape) for r in labels)


def _by_shape(tried: Attempt, setting: Setting, count: int) -> Judged:
    """The only reading that means anything, or the plainest of several that are all right."""
    notes = tuple(r.text for r in tried.convention.declared)
    best = replace(tried, assumptions=(*tried.assumptions, *notes))
    return Judged(best, best.outcome, setting, tried=count)


def may_be_foreign(tried: Attempt) -> bool:
    """Whether it speaks of what this sheet does not have, or of what none of its symbols can be."""
    guessed = bool(tried.convention.declared) and tried.outcome.status is Status.ILL_FORMED
    return guessed or is_foreign(tried.problem)


def _of_layout(tried: Attempt) -> bool:
    """Whether only the layout of a derivative was open: there are two, and both were tried."""
    asked = [r.declaration for r in tried.convention.declared]
    return len(asked) == 1 and isinstance(asked[0], tuple) and asked[0][0] == LAYOUT


def _under_conventions(
    text: str, setting: Setting, attempts: list[Attempt], clock: Clock
) -> Judged:
    """The verdict where no reading is right: conventions decide whether it is open."""
    best = attempts[0]
    wrong = _wrong(best, attempts)
    if any(e.method == TERMS or (e.method, e.outcome) == GIVEN_ANEW for e in wrong.evidence):
        # a slip of the pen; a value given anew, which no convention makes right
        return Judged(best, wrong, setting, wrong.conditions, len(attempts))
    hints: list[str] = []
    whole = True
    for tried in attempts[:MOST_TRIED]:
        clock.check(f"{wrong.status}, {wrong.message}")
        tried_under = conditions(text, setting, tried, clock)
        found = sorted(tried_under.found, key=lambda c: c.standing is not Standing.OPEN)
        texts = tuple(dict.fromkeys(_joined(tried, c, setting) for c in found))
        if tried_under.open:
            evidence = found[0].tried.outcome.evidence
            outcome = Outcome(Status.UNDECIDED, _open_text(texts), None, evidence)
            return Judged(found[0].tried, outcome, setting, texts, len(attempts))
        whole = whole and tried_under.whole
        hints += () if hints else texts
    hinted = replace(wrong, conditions=tuple(dict.fromkeys((*wrong.conditions, *hints))))
    if not whole and hinted.status is Status.REFUTED:
        hinted = replace(hinted, status=Status.UNDECIDED, message=f"{wrong.message}; {UNTRIED}")
    return Judged(best, hinted, setting, hinted.conditions, len(attempts))


def _as_declared(judged: Judged) -> Judged:
    """The judgement with the values of inputs that it was reached for."""
    setting, best = judged.setting, judged.best
    words = (restriction_text(r, setting, best.convention) for r in setting.restrictions)
    notes = tuple(f"{text}, as declared" for text in words)
    return replace(judged, best=replace(best, assumptions=(*best.assumptions, *notes)))


def _open_text(conditions: tuple[str, ...]) -> str:
    more = f", or {len(conditions) - 1} other readings" if len(conditions) > 1 else ""
    return f"undeclared: {conditions[0]}{more}"


def _joined(tried: Attempt, found: Condition, setting: Setting) -> str:
    """The condition after what the attempt itself takes for granted and the condition leaves."""
    left = found.tried.convention.declared
    kept = tuple(r for r in tried.convention.declared if r in left)
    still = replace(tried, convention=replace(tried.convention, declared=kept))
    if not still.convention.open:
        return found.text
    return f"{_condition(still, setting)} and {found.text.removeprefix('right if ')}"


def _wrong(best: Attempt, attempts: list[Attempt]) -> Outcome:
    """The outcome where no reading is right."""
    wrong = best.outcome.status is Status.REFUTED and not best.outcome.conditions
    if len(attempts) > 1 and wrong:
        message = f"{best.outcome.message}; wrong under all {len(attempts)} readings"
        return replace(best.outcome, message=message)
    return best.outcome


def _closeness(tried: Attempt) -> tuple[int, int]:
    """Undecided, then refuted, then ill-formed; among equals the plainest reading."""
    order = {Status.UNDECIDED: 0, Status.REFUTED: 1}
    convention = tried.convention
    effort = 2 * len(convention.declared) + len(convention.shifts) + 2 * len(convention.outside)
    return order.get(tried.outcome.status, 2), effort


def _condition(tried: Attempt, setting: Setting) -> str:
    """``right if Δŷ means ∂L/∂z and …``."""
    convention = tried.convention
    scope = setting.scope(convention)
    parts = [r.text for r in convention.declared]
    parts += [
        f"{authors_text(scope, t)} is zero outside its ranges" for t in sorted(convention.outside)
    ]
    return "right if " + " and ".join(parts)


def _attempts(text: str, setting: Setting) -> Iterator[Attempt]:
    """One attempt for every convention that matters to this formula, the plainest first."""
    relevant = True
    for shifts in setting.origin_choices():
        if shifts and not relevant:
            continue
        for tried in _with_meanings(text, setting, Convention(shifts)):
            if not shifts:
                # What could not be read may be readable from another origin.
                read = tried.statement
                relevant = read is None or touches_shifted(read, setting)
            yield tried
            if tried.windows:
                yield from _zero_outside(text, setting, tried)


def _zero_outside(text: str, setting: Setting, tried: Attempt) -> Iterator[Attempt]:
    """The attempt with 0 outside, unless it divides by that 0, which nobody means."""
    convention = replace(tried.convention, outside=tried.convention.outside | tried.windows)
    padded = attempt(text, setting, convention)
    if padded.outcome.message != NOT_FINITE:
        yield padded


def _with_meanings(text: str, setting: Setting, convention: Convention) -> Iterator[Attempt]:
    """Attempts with every reading of every undeclared symbol, depth first."""
    try:
        yield attempt(text, setting, convention)
        return
    except Undeclared as problem:
        open_ = problem
    if len(convention.declared) >= MOST_CHOICES or not open_.readings:
        yield Attempt(convention, Outcome(Status.UNDECIDED, open_.message), problem=open_)
        return
    for reading in open_.readings:
        declared = (*convention.declared, reading)
        yield from _with_meanings(text, setting, replace(convention, declared=declared))


__all__ = ["IllFormed", "Judged", "judge_readings"]
