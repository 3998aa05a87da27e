"""The order in which a claimed gradient is looked at, and what all looks together say.

At the arrays given: small ones entry by entry, then kinks and ties; large ones along directions and
in some entries. At two points near by: along directions, since the arrays given may be special
(zeros, ones, a sum of one) in a way that makes a wrong gradient right there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite

import numpy as np

from verify.functional.arguments import Arguments, Unfit
from verify.functional.arrays import Entries, Vector
from verify.functional.calls import Raised, Subject
from verify.functional.directions import blamed, directions
from verify.functional.doubts import second_look
from verify.functional.findings import Finding, Seen, entry_by_entry, look
from verify.functional.kinks import conventions, kinked, ties, together
from verify.functional.slopes import Place, place
from verify.verdict import Status

ENTRIES = 128
"""Up to so many entries every one is looked at alone, of more as many in all."""

DIRECTIONS = 2
"""For each array and size of its gradient, where not all entries are looked at."""

NEAR = 0.1
"""How far the other points are from the arrays given, relative to their entries."""

LOOKS = 16
"""Differences that are looked at a second time; where none of so many stands, no more count."""

SUSPECTS = 1e-6
"""How far points are from which the claimed gradient must not jump, relative to the entries."""


@dataclass
class Judged:
    """All that was seen, as far as it came: findings by point, 0 being the arrays given."""

    entries: list[Finding] = field(default_factory=list)
    along: dict[int, list[Finding]] = field(default_factory=dict)
    skipped: int = 0
    conventions: list[str] = field(default_factory=list)
    refuted: Finding | None = None
    tied: list[str] = field(default_factory=list)
    elsewhere: tuple[int, Finding] | None = None
    near: list[str] = field(default_factory=list)
    given: bool = False
    finished: bool = False

    def unseen(self, arguments: Arguments) -> Entries:
        """The entries that no comparison which counted has moved, but for those not finite."""
        waiting = np.isfinite(arguments.start)
        for found in (*self.entries, *(f for part in self.along.values() for f in part)):
            if found.seen in (Seen.AGREES, Seen.CORNER):
                waiting &= found.direction == 0
        return np.flatnonzero(waiting)


def at_point(subject: Subject, x: Vector) -> Place:
    """The point with the gradient claimed there. Raises `Raised` and `Unfit`."""
    claimed = subject.claimed(x)
    return place(subject, x, claimed.vector, claimed.eps)


def judge_given(subject: Subject, rng: np.random.Generator, judged: Judged) -> None:
    """Judge at the arrays given; what is seen is put into ``judged`` at once."""
    at = at_point(subject, subject.arguments.start)
    finite = np.flatnonzero(np.isfinite(at.x))
    chosen: Sequence[int] = finite.tolist()
    if finite.size > ENTRIES:
        judged.along[0] = []
        for leaf in subject.arguments.leaves:
            _collect(judged, 0, directions(at, leaf, DIRECTIONS, rng))
        judged.refuted = _worst(judged.along[0], judged.along[0], rng)
        if judged.refuted is not None:
            judged.refuted = blamed(judged.refuted, rng) or judged.refuted
            return
        chosen = _sample(at, finite.tolist(), rng)
    for finding in entry_by_entry(at, chosen, rng):
        judged.entries.append(finding)
    judged.refuted = _worst(judged.entries, judged.entries, rng)
    if judged.refuted is None:
        _kinks(at, judged, rng)
    judged.given = True


def _collect(judged: Judged, point: int, findings: Iterable[Finding]) -> None:
    """Keep the directions without a kink: at one, no convention fits all entries at once."""
    for found in findings:
        if found.slope is not None and found.slope.kinked:
            judged.skipped += 1
        else:
            judged.along[point].append(found)


def _worst(
    findings: Iterable[Finding], kept: list[Finding], rng: np.random.Generator
) -> Finding | None:
    """The clearest difference that stands a second look; those that do not are put right."""
    differing = [f for f in findings if f.seen is Seen.DIFFERS]
    for number, found in enumerate(sorted(differing, key=_clearness, reverse=True)):
        seen = second_look(found, rng) if number < LOOKS else Seen.HIDDEN
        if seen is Seen.DIFFERS:
            return found
        kept[kept.index(found)] = replace(found, seen=seen)
    return None


def _clearness(found: Finding) -> float:
    assert found.slope is not None
    outside = found.slope.outside
    return outside / max(found.slope.scale, found.scale) if isfinite(outside) else inf


def _sample(at: Place, finite: list[int], rng: np.random.Generator) -> list[int]:
    """Entries of large arrays: where the claimed gradient jumps, where it is largest, any others.

    A gradient that is another one just beside the point takes sides at a kink, or is wrong here.
    """
    jumps = np.zeros(at.x.size)
    arguments = at.subject.arguments
    for _ in range(4):
        x = at.x + SUSPECTS * arguments.scale * rng.normal(size=at.x.size)
        try:
            beside = at.subject.claimed(x).vector
        except (Raised, Unfit):
            continue
        jumps = np.maximum(jumps, np.nan_to_num(np.abs(beside - at.gradient)))
    largest = float(np.max(np.abs(np.nan_to_num(at.gradient)), initial=0.0))
    suspects = [n for n in np.argsort(-jumps)[: ENTRIES // 2].tolist() if jumps[n] > largest / 1000]
    share = max(4, ENTRIES // 2 // len(arguments.leaves))
    chosen = dict.fromkeys(suspects)
    for leaf in arguments.leaves:
        part = np.nan_to_num(np.abs(at.gradient[leaf.start : leaf.stop]), nan=inf)
        chosen.update(dict.fromkeys((leaf.start + np.argsort(-part)[: share // 2]).tolist()))
        random = rng.choice(leaf.size, min(share // 2, leaf.size), replace=False)
        chosen.update(dict.fromkeys((leaf.start + random).tolist()))
    kept = set(finite)
    return [n for n in chosen if n in kept]


def _kinks(at: Place, judged: Judged, rng: np.random.Generator) -> None:
    """Name the conventions at kinks, and see that tied entries add up."""
    kinks = kinked(judged.entries)
    groups = ties(at, kinks)
    judged.conventions = conventions(judged.entries, groups)
    for group in groups:
        moved = [together(at, group, rng)]
        judged.refuted = _worst(moved, moved, rng)
        if judged.refuted is not None:
            judged.tied = [f.leaf.named(f.entry) for f in group if f.entry is not None]
            return


def near_points(subjects: Sequence[Subject], seed: int) -> Iterator[Place | None]:
    """A point near the arrays given for each of ``subjects``, as near as a value needs."""
    for number, subject in enumerate(subjects, start=1):
        arguments = subject.arguments
        rng = np.random.default_rng((seed, number, 1))
        step = arguments.scale * rng.normal(size=arguments.start.size)
        yield next(filter(None, (_usable(subject, r * step) for r in (NEAR, 1e-2, 1e-3))), None)


def _usable(subject: Subject, step: Vector) -> Place | None:
    x = subject.arguments.start + step
    if not isfinite(subject.value(x)):
        return None
    try:
        return at_point(subject, x)
    except (Raised, Unfit):
        return None


def judge_near(given: Subject, subjects: Sequence[Subject], seed: int, judged: Judged) -> None:
    """Judge at points near by; an entry that is wrong there is then looked at in ``given``."""
    rng = np.random.default_rng((seed, 2))
    for point, at in enumerate(near_points(subjects, seed), start=1):
        if at is None:
            judged.near.append("no value or no gradient near the arrays given")
            continue
        judged.along[point] = []
        for leaf in at.subject.arguments.leaves:
            _collect(judged, point, directions(at, leaf, 1, rng))
        found = _worst(judged.along[point], judged.along[point], rng)
        if found is not None:
            found = blamed(found, rng) or found
            judged.refuted = _also_given(given, found, rng)
            judged.elsewhere = (point, found)
            return
    judged.finished = True


def _also_given(given: Subject, found: Finding, rng: np.random.Generator) -> Finding | None:
    """The same difference at the arrays given, where there is one."""
    at = at_point(given, given.arguments.start)
    here = look(at, found.leaf, found.direction, rng, found.entry, found.scale)
    return _worst([here], [here], rng)


def status(judged: Judged, arguments: Arguments) -> Status:
    """What all looks together say."""
    if judged.refuted is not None:
        return Status.REFUTED
    if judged.elsewhere is not None or judged.unseen(arguments).size:
        return Status.UNDECIDED
    return Status.CONFIRMED
