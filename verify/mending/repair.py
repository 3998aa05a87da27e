"""The nearest right formula: one edit of a wrong one, in the author's own text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from derive.errors import LimitExceeded, Problem, Unreadable
from derive.expr import Access, accesses
from derive.reading.problems import Undeclared, Unknown
from derive.reading.surface import Name, walk
from verify.attempt import Attempt, attempt
from verify.bench import Bench
from verify.claim import sentence_of
from verify.clock import Clock
from verify.compare import Identity, Outcome, compared, plainly_differs
from verify.elsewhere import moved
from verify.exact import identical
from verify.ladder import all_rungs
from verify.link import Judge
from verify.mending.candidates import all_its_places, candidates, rewritten
from verify.mending.edit import Edit
from verify.mending.effort import Effort
from verify.mending.screen import Screen
from verify.mending.sums import unused_letters
from verify.scopes import counts_by_size, names_a_size, proved_for_all_sizes
from verify.setting import Convention, Setting
from verify.understood import touches_shifted
from verify.verdict import Status, Suggestion

RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})
MORE = 50
"""How many further edits are looked at once one is right at the model's own sizes."""
APART = (1, 2, 3)
"""What is added to every size to see whether a formula is right for others."""


@dataclass(frozen=True)
class Repair:
    """What was found, and how many edits were tried; ``whole`` unless time ended the search."""

    suggestion: Suggestion | None
    tried: int
    whole: bool = True


Candidates = Callable[[Attempt, list[Screen], Effort], Iterator[tuple[Edit, Screen]]]
"""The edits to look at, the nearest first."""


@dataclass(frozen=True)
class Proved:
    """An edit that makes the formula right, and whether for other sizes too."""

    suggestion: Suggestion
    general: bool


def repair(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """The first right formula among the edits of ``text``, nearest first, while the clock allows.

    ``best`` is how the wrong formula was best understood; every choice of origins is tried with
    what it declares. One that is right only at the model's sizes, or only in numbers, is the answer
    where none of the next few is more.
    """
    return _nearest(text, setting, best, clock, candidates)


def repair_throughout(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """`repair` for a formula with several wrong parts: what is wrong in all its places alike."""
    return _nearest(text, setting, best, clock, all_its_places)


def repair_by_chain_rule(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """`repair` where no edit of a part is right: a term, or a whole side, as it was derived."""
    return _nearest(text, setting, best, clock, rewritten)


def _nearest(
    text: str, setting: Setting, best: Attempt, clock: Clock, candidates: Candidates
) -> Repair:
    conventions = [replace(best.convention, shifts=c) for c in setting.origin_choices()]
    conventions.sort(key=lambda c: c.shifts != best.convention.shifts)
    effort = Effort(clock)
    plain = Screen(text, setting, conventions[0], effort, alone=best.alone)
    others = () if _is_moved(best, setting) else best.alone
    screens = [plain, *(Screen(text, setting, c, effort, plain, others) for c in conventions[1:])]
    screens = [screen for screen in screens if not screen.hopeless]
    fallback: Proved | None = None
    for edit, screen in candidates(best, screens, effort) if screens else ():
        if fallback is not None and not _reaches(edit.apply(text), screen):
            continue  # no better than what is had
        # What numbers let through is proved even where the clock has run out by then.
        found = _proved(edit, screen)
        if found is not None and found.general:
            fallback = found
            break
        if found is not None and fallback is None:
            fallback = found
            effort.at_most(MORE)
    suggestion = fallback.suggestion if fallback else None
    return Repair(suggestion, effort.looked, suggestion is not None or effort.left)


def _is_moved(best: Attempt, setting: Setting) -> bool:
    """Whether something else may be wrong under another choice of origins."""
    return best.statement is None or touches_shifted(best.statement, setting)


def repaired_sum(text: str, setting: Setting, best: Attempt) -> Suggestion | None:
    """The formula that gives the number shown once the terms of a sum have its letter."""
    for node in (n for side in sentence_of(text).nodes for n in walk(side)):
        for edit in unused_letters(node, text):
            new = edit.apply(text)
            if attempt(new, setting, best.convention).accepted:
                return Suggestion(new, edit.what)
    return None


def is_strange(problem: Problem | None, setting: Setting, best: Attempt) -> bool:
    """Whether a symbol is unknown that looks like nothing known; a mark alone lacks its symbol."""
    if not isinstance(problem, Unknown) or problem.advice:
        return False
    return problem.symbol not in setting.scope(best.convention).lexicon.prefixes


def _proved(edit: Edit, screen: Screen) -> Proved | None:
    """What the edit makes of the formula; numbers alone must also agree at other sizes."""
    new = edit.apply(screen.text)
    status = _judged(new, screen.setting, screen.convention)
    if status not in RIGHT:
        return None
    reaches = _reaches(new, screen)
    by_chance = status is Status.CONFIRMED or counts_by_size(edit.new, screen.setting)
    if (not reaches and by_chance) or _sizes_by_chance(new, screen):
        return None
    return Proved(Suggestion(new, edit.what), status is Status.PROVED and reaches)


def _sizes_by_chance(text: str, screen: Screen) -> bool:
    """Whether a size is computed from others, but only at the sizes that the model has."""
    tried = attempt(text, screen.setting, screen.convention, quick)
    read = (
        a for link in tried.identities for side in (link.left, link.right) for a in accesses(side)
    )
    if any(read) or not any(isinstance(n, Name) for n in walk(sentence_of(text).nodes[-1])):
        return False
    return not proved_for_all_sizes(tried, text, screen.setting)


def _reaches(text: str, screen: Screen) -> bool:
    """Whether the formula is right at other sizes too, where it could be."""
    setting = screen.setting
    other = other_sizes(setting.bench)
    if other is None or names_a_size(text, setting):
        return True
    here = setting.at(other)
    return _judged(text, here, moved(screen.convention, here), _numbers) in RIGHT


@lru_cache(maxsize=8)
def other_sizes(bench: Bench) -> Bench | None:
    """The model with every size another one than it has; ``None`` where there is no such."""
    for more in APART if bench.model.sizes else ():
        sizes = {s.name: n + more for s, n in bench.model.sizes.items()}
        try:
            other = Bench(bench.model.resized(**sizes), bench.derivations, None, bench.restrictions)
            other.sample  # noqa: B018  # the run tells whether the sizes fit the model
        except (Problem, ValueError):
            continue
        return other
    return None


def _judged(
    text: str, setting: Setting, convention: Convention, judge: Judge | None = None
) -> Status | None:
    try:
        tried = attempt(text, setting, convention, judge or quick)
    except (Unreadable, Undeclared, LimitExceeded):
        return None
    return tried.outcome.status if _says_something(tried) else None


def _numbers(link: Identity, bench: Bench) -> Outcome:
    """Numbers alone: enough where a proof is had at other sizes."""
    status = Status.CONFIRMED if compared(link, bench).worst.agrees else Status.REFUTED
    return Outcome(status, "numbers")


def quick(link: Identity, bench: Bench) -> Outcome:
    """`all_rungs`, but what is plainly wrong is told at a glance and one proof is enough."""
    if plainly_differs(link, bench.sample):
        return Outcome(Status.REFUTED, "plainly different")
    if _numbers(link, bench).status is Status.REFUTED:
        return Outcome(Status.REFUTED, "different")
    exact = identical(link.left, link.right, link.axes, bench.trials, link.scalars)
    if exact.holds:
        return Outcome(Status.PROVED, "identical modulo two primes")
    return all_rungs(link, bench)


def _says_something(tried: Attempt) -> bool:
    """False for what is always right: equal sides, or a left side in terms of itself."""
    if tried.statement is not None and tried.statement.kind in ("size", "update"):
        return True
    if any(link.right == tried.identities[0].left for link in tried.identities[1:]):
        return False  # a chain that comes back to where it began
    return any(not link.trivial and not _circular(link) for link in tried.identities)


def _circular(link: Identity) -> bool:
    """Whether the right side reads the very tensor or derivative that stands on the left.

    What a recurrence reads lies a number of places away.
    """
    left = link.left
    return isinstance(left, Access) and any(
        a.tensor == left.tensor and not _away(a, left) for a in accesses(link.right)
    )


def _away(one: Access, other: Access) -> bool:
    pairs = zip(one.indices, other.indices, strict=True)
    return any((i - j).value not in (None, 0) for i, j in pairs)
