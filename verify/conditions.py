"""Right if …: a wrong formula is tried under the table of conventions (`verify.variants.every`).

What is left open and makes it right is a condition of an undecided verdict; what is settled
otherwise is a hint beside a refutation. One convention at a time, then restricted targets with one
other; what may be left open comes first, and the search ends with its share of the time limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from derive.errors import LimitExceeded, Unreadable
from derive.reading.problems import Undeclared, Unknown
from verify.attempt import Attempt, attempt
from verify.bench import Bench
from verify.clock import Clock
from verify.compare import Identity, Outcome, plainly_differs
from verify.ladder import all_rungs
from verify.setting import Convention, Setting
from verify.variants.every import (
    MAY_BE_OPEN,
    MAY_BE_OPEN_OVER_TARGETS,
    SETTLED,
    SETTLED_OVER_TARGETS,
)
from verify.variants.values import targets
from verify.variants.variant import Case, Maker, Standing, Variant
from verify.verdict import Status

SECONDS = 4.0
"""At most this long the conventions of one formula are tried."""
SCREENED = 8
"""Runs that a variant has to stand before anything else; under ``0 < c < 1`` few say anything."""
RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})


@dataclass(frozen=True)
class Condition:
    """``text`` is "right if …"; ``tried`` what came of the formula under it."""

    text: str
    standing: Standing
    tried: Attempt


@dataclass(frozen=True)
class Conditions:
    """What makes a wrong formula right; ``whole`` unless time ran out before all that may be open.

    Without any of standing `OPEN` a formula is false as declared only where the search was whole.
    """

    found: tuple[Condition, ...] = ()
    whole: bool = True

    @property
    def open(self) -> bool:
        """Whether something that nobody declared makes it right."""
        return any(c.standing is Standing.OPEN for c in self.found)


def conditions(text: str, setting: Setting, tried: Attempt, clock: Clock) -> Conditions:
    """The conventions under which the formula, wrong as ``tried``, is right."""
    if isinstance(tried.problem, Unknown) or not _may_be_right(tried):
        return Conditions()
    case = Case(text, setting, tried)
    share = Clock(min(clock.left, SECONDS))
    found = [*_single(case, MAY_BE_OPEN, share)]
    if not any(c.standing is Standing.OPEN for c in found):
        together = _with_targets(case, MAY_BE_OPEN_OVER_TARGETS, share)
        found += [c for c in together if not found or c.standing is Standing.OPEN]
    whole = share.left > 0
    if not found or all(c.standing is not Standing.OPEN for c in found):
        found += _single(case, SETTLED, share)
    return Conditions(tuple(found or _with_targets(case, SETTLED_OVER_TARGETS, share)), whole)


def _may_be_right(tried: Attempt) -> bool:
    """Whether other values or meanings could help: the formula is false, or has no value here."""
    undefined = tried.outcome.status is Status.UNDECIDED and tried.problem is None
    return undefined or tried.outcome.status in (Status.REFUTED, Status.ILL_FORMED)


def _single(case: Case, table: tuple[Maker, ...], clock: Clock) -> Iterator[Condition]:
    for make in table:
        for variant in make(case) if clock.left else ():
            found = _weakest(case, variant)
            if found is not None:
                yield found


def _with_targets(case: Case, table: tuple[Maker, ...], clock: Clock) -> Iterator[Condition]:
    """Restricted targets together with one more convention."""
    for values in targets(case) if table else ():
        if not clock.left:
            return
        inner = under(case, values)
        if inner is None:
            continue
        for make in table:
            for variant in make(inner):
                for values_ in (*values.weaker, values):
                    condition = _tried(case, values_, variant)
                    if condition is not None:
                        yield condition
                        break


def _weakest(case: Case, variant: Variant) -> Condition | None:
    found = _tried(case, variant)
    if found is None:
        return None
    weaker = (_tried(case, v) for v in variant.weaker)
    return next((w for w in weaker if w is not None), found)


def _tried(case: Case, *variants: Variant) -> Condition | None:
    """The condition that all ``variants`` hold, if the formula is right then."""
    attempted = judged_under(case, *variants)
    if attempted is None:
        return None
    words = "right if " + " and ".join(v.words for v in variants)
    if attempted.outcome.status not in RIGHT:
        if not _nothing_but_values_missing(case.tried, attempted):
            return None
        words += f", as far as it can be judged: {attempted.outcome.message}"
    standing = max((v.standing for v in variants), key=list(Standing).index)
    return Condition(words, standing, attempted)


def _nothing_but_values_missing(before: Attempt, after: Attempt) -> bool:
    """Whether the wrong links of a chain of numbers are right, and others have no value at all."""
    missing = after.in_numbers is not None and after.in_numbers.valueless
    if not missing or before.outcome.status is not Status.REFUTED or not after.parts:
        return False
    pairs = zip(before.parts, after.parts, strict=False)
    mended = all(b.status in RIGHT for a, b in pairs if a.status is Status.REFUTED)
    return mended and all(p.status in (*RIGHT, Status.UNDECIDED) for p in after.parts)


def under(case: Case, variant: Variant) -> Case | None:
    """The same formula where ``variant`` holds, with what came of it there."""
    attempted = judged_under(case, variant)
    setting = _setting(case.setting, variant)
    return None if attempted is None else Case(case.text, setting, attempted)


def judged_under(case: Case, *variants: Variant) -> Attempt | None:
    """What comes of the formula where all ``variants`` hold; ``None`` where it cannot be read."""
    if case.tried.statement is None and all(v.convention is None for v in variants):
        return None  # it is read as before
    setting, convention = case.setting, case.tried.convention
    for variant in variants:
        setting = _setting(setting, variant)
        convention = _convention(convention, variant)

    def judge(link: Identity, bench: Bench) -> Outcome:
        for variant in variants:
            if variant.sides is not None:
                sides = (variant.sides(link.left), variant.sides(link.right))
                link = replace(link, left=sides[0], right=sides[1])
        runs = islice(bench.samples(bool(bench.forks)), SCREENED)
        if any(plainly_differs(link, run) for run in runs):
            return Outcome(Status.REFUTED, "plainly different")
        return all_rungs(link, bench)

    try:
        return attempt(case.text, setting, convention, judge)
    except (Undeclared, Unreadable, LimitExceeded):
        return None


def _setting(setting: Setting, variant: Variant) -> Setting:
    return (
        setting if variant.bench is None else replace(setting, bench=variant.bench(setting.bench))
    )


def _convention(convention: Convention, variant: Variant) -> Convention:
    return convention if variant.convention is None else variant.convention(convention)
