"""A claim under every way to fill what its author left open, and the verdict that follows.

right with a choice of origins alone         accepted; the origins are stated right only if
something undeclared holds     undecided: "right if …" wrong under every reading
refuted, or ill-formed if no reading makes it meaningful
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.equations import adjoint_of
from derive.errors import IllFormed
from derive.expr import accesses
from derive.reading.problems import Undeclared
from verify.attempt import Attempt, attempt
from verify.clock import Clock
from verify.compare import Outcome
from verify.setting import Convention, Setting, authors_text
from verify.verdict import Status

MOST_READINGS = 48
MOST_CHOICES = 4
"""Undeclared symbols that one formula may have."""


@dataclass(frozen=True)
class Judged:
    """The attempt that decides, and the conditions under which the formula is right."""

    best: Attempt
    outcome: Outcome
    conditions: tuple[str, ...] = ()
    tried: int = 1


def judge_readings(text: str, setting: Setting, clock: Clock) -> Judged:
    """Judge under all readings. Raises `Unreadable` for what cannot be parsed."""
    attempts: list[Attempt] = []
    for tried in _attempts(text, setting):
        attempts.append(tried)
        if tried.accepted and not tried.convention.open:
            return Judged(tried, tried.outcome, tried=len(attempts))
        if len(attempts) >= MOST_READINGS:
            break
        clock.check(f"{len(attempts)} readings tried")
    fitting = [a for a in attempts if a.accepted]
    if fitting:
        conditions = tuple(dict.fromkeys(_condition(a, setting) for a in fitting))
        message = f"undeclared: {conditions[0]}" + (
            f", or {len(conditions) - 1} other readings" if len(conditions) > 1 else ""
        )
        outcome = Outcome(Status.UNDECIDED, message, None, fitting[0].outcome.evidence)
        return Judged(fitting[0], outcome, conditions, len(attempts))
    best = min(attempts, key=_closeness)
    return Judged(best, _wrong(best, attempts), tried=len(attempts))


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
                relevant = _touches_shifted(tried, setting)
            yield tried
            if tried.windows:
                yield from _zero_outside(text, setting, tried)


def _zero_outside(text: str, setting: Setting, tried: Attempt) -> Iterator[Attempt]:
    convention = replace(tried.convention, outside=tried.convention.outside | tried.windows)
    yield attempt(text, setting, convention)


def _touches_shifted(tried: Attempt, setting: Setting) -> bool:
    """Whether another origin could matter: a shifted tensor is read, or nothing could be read."""
    if tried.statement is None:
        return True
    shifted = {s.tensor for s in setting.bench.model.shifts}
    read = {a.tensor for side in tried.statement.sides for a in accesses(side.body)}
    return any((adjoint_of(t) or t) in shifted for t in read)


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
