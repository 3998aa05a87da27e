"""Kinks and ties: what is taken there is a convention, and the verdict names it.

At a kink of one entry anything between the one-sided derivatives is accepted (BVLC/caffe#1334).
Entries that share a kink are tied, as equal maxima are (pytorch/pytorch#114219): moved together
they mostly have no kink, so that what they are claimed to be must add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from math import isfinite

import numpy as np

from verify.functional.arrays import Vector
from verify.functional.findings import Finding, Seen, look
from verify.functional.slopes import Place

MANY = 32
"""Kinked entries that are looked at in pairs."""

SHOWN = 3
"""Kinks that are named one by one."""


def kinked(findings: Sequence[Finding]) -> list[Finding]:
    """The entries at a kink, as far as their gradients may be what they are claimed to be."""
    return [f for f in findings if f.seen is Seen.AGREES and f.slope is not None and f.slope.kinked]


def ties(at: Place, kinks: Sequence[Finding]) -> list[list[Finding]]:
    """Groups of kinked entries that move each other's kinks, each of two or more."""
    kinks = list(kinks)[:MANY]
    small = 1e-4 if at.subject.eps < 1e-10 else 1e-2
    steps = [f.direction * small for f in kinks]
    alone = {
        (n, s): at.subject.value(at.x + s * steps[n]) for n in range(len(kinks)) for s in (1, -1)
    }
    groups = [{n} for n in range(len(kinks))]
    for one, other in combinations(range(len(kinks)), 2):
        if _mixed(at, steps, alone, small * _weaker(kinks[one], kinks[other]), one, other):
            groups = _joined(groups, one, other)
    return [[kinks[n] for n in sorted(group)] for group in groups if len(group) > 1]


def _weaker(one: Finding, other: Finding) -> float:
    assert one.slope is not None
    assert other.slope is not None
    return min(abs(one.slope.jump), abs(other.slope.jump))


def _mixed(
    at: Place,
    steps: Sequence[Vector],
    alone: dict[tuple[int, int], float],
    size: float,
    one: int,
    other: int,
) -> bool:
    """Whether moving both is not the sum of moving either, in some quadrant."""
    for s, t in product((1, -1), repeat=2):
        both = at.subject.value(at.x + s * steps[one] + t * steps[other])
        mixed = both - alone[one, s] - alone[other, t] + at.base
        if isfinite(mixed) and abs(mixed) > 0.1 * size + 4 * at.noise:
            return True
    return False


def _joined(groups: list[set[int]], one: int, other: int) -> list[set[int]]:
    touched = [g for g in groups if one in g or other in g]
    return [g for g in groups if g not in touched] + [set().union(*touched)]


def together(at: Place, group: Sequence[Finding], rng: np.random.Generator) -> Finding:
    """Compare along the direction that moves all of a group alike."""
    length = max(float(np.max(f.direction)) for f in group)
    direction = np.where(np.any([f.direction != 0 for f in group], axis=0), length, 0.0)
    return look(at, group[0].leaf, direction, rng, None, max(f.scale for f in group))


def conventions(entries: Sequence[Finding], groups: Sequence[Sequence[Finding]]) -> list[str]:
    """What was taken at the kinks, in words; other choices between the sides are right as well."""
    tied = {f.entry for group in groups for f in group}
    lone = [f for f in kinked(entries) if f.entry not in tied]
    corners = [f for f in entries if f.seen is Seen.CORNER]
    said = [_tie(group) for group in groups[:SHOWN]]
    said += [_kink(f) for f in lone[:SHOWN]]
    said += [_corner(f) for f in corners[:SHOWN]]
    more = sum(max(len(part) - SHOWN, 0) for part in (groups, lone, corners))
    return [*said, f"likewise at {more} more kinks"] if more else said


def _corner(found: Finding) -> str:
    assert found.entry is not None
    return (
        f"several kinks meet at {found.leaf.named(found.entry)}: what is taken there follows from "
        "a choice at each of them, and others are right as well"
    )


def _kink(found: Finding) -> str:
    slope, entry = found.slope, found.entry
    assert slope is not None
    assert entry is not None
    left, right = (side / float(found.direction[entry]) for side in sides(found))
    taken = slope.claimed / float(found.direction[entry])
    share = (slope.claimed - slope.sides[0]) / slope.jump
    name = {"0": "the left one", "1": "the right one"}.get(f"{abs(round(share, 6)):g}", "between")
    return (
        f"{found.leaf.named(entry)} is at a kink: derivatives {left:.6g} to the left, {right:.6g} "
        f"to the right; taken is {taken:.6g}, {name}; anything between is accepted"
    )


def sides(found: Finding) -> tuple[float, float]:
    """The derivatives to the left and to the right, 0 where no more than their error."""
    slope = found.slope
    assert slope is not None
    left, right = (side if abs(side) > slope.slack else 0.0 for side in slope.sides)
    return left, right


def _tie(group: Sequence[Finding]) -> str:
    names = ", ".join(f.leaf.named(f.entry) for f in group if f.entry is not None)
    shares = ", ".join(f"{_share(f):.3g}" for f in group)
    return f"{names} are tied: taken are the shares {shares}; any that add up as these is accepted"


def _share(found: Finding) -> float:
    """Where the claimed value lies between what moving the entry down and up gives."""
    slope = found.slope
    assert slope is not None
    flatter, steeper = sorted(slope.sides, key=abs)
    return (slope.claimed - flatter) / (steeper - flatter)
