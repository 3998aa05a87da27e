"""A second look before a gradient is refuted: every other explanation is tried first.

A function may be random, its rounding worse than was estimated, the claimed numbers may be inexact,
or the point may lie at a kink that one line through it does not show.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from verify.functional.arguments import Unfit
from verify.functional.arrays import Vector
from verify.functional.calls import Raised
from verify.functional.findings import CLAIMED, Finding, Seen
from verify.functional.slopes import PROBES, Place
from verify.verdict import Status

STEPS = (1 / 30, 1 / 5, 1 / 2, 2.0, 5.0)
"""Other steps, relative to the one that was best."""

PLANES, AROUND = 4, 16
"""Circles around a point, and points on each: evenly many, so that they lie opposite each other."""

CORNERS = 3
"""Times that circles are drawn around a kink before it is taken for the only one there."""

CLEAN = 2e-4
"""Values of two pieces are told apart if they differ by this, relative to all differences."""

RANDOM = "f is not deterministic: fix the mask, the seed, or whatever it draws"


def second_look(found: Finding, rng: np.random.Generator) -> Seen:
    """What a difference is after a second look. Raises `Unfit` for a random function."""
    same_value(found.at)
    assert found.slope is not None
    for _ in range(CORNERS if found.slope.kinked else 1):
        seen = at_corner(found, rng)
        if seen is not Seen.DIFFERS:
            return seen
    return Seen.DIFFERS if _other_steps(found, rng) and not _inexact(found, rng) else Seen.HIDDEN


def same_value(at: Place) -> None:
    """Raise `Unfit` unless the function gives what it gave before."""
    for _ in range(4):
        value = at.subject.value(at.x)
        if not abs(value - at.base) <= at.noise:
            raise Unfit(Status.UNDECIDED, RANDOM)


def _other_steps(found: Finding, rng: np.random.Generator) -> bool:
    """Whether two other steps or more see the difference, and none that could have sees it not."""
    slope = found.slope
    assert slope is not None
    if not isfinite(slope.claimed):
        return True
    agreed = 0
    for factor in STEPS:
        seen = found.at.measure(found.direction, slope.step * factor * rng.uniform(0.7, 1.4))
        if seen is None or seen.slack > slope.outside / 4:
            continue
        tolerance = seen.slack + CLAIMED * found.at.gradient_eps * seen.size
        if seen.outside <= tolerance:
            return False
        agreed += 1
    return agreed > 1


def _inexact(found: Finding, rng: np.random.Generator) -> bool:
    """Whether the difference changes at random from one rounding of the arguments to the next.

    Where it stays, or is gone altogether (beside a tie, say), it is a mistake and not rounding.
    """
    at, slope = found.at, found.slope
    assert slope is not None
    if not isfinite(slope.claimed):
        return False
    away = slope.claimed - slope.value
    for _ in range(PROBES):
        moved = at.x * (1 + at.subject.eps * rng.choice([-1.0, 1.0], at.x.shape))
        try:
            gradient = at.subject.claimed(moved).vector
        except (Raised, Unfit):
            continue
        other = float(gradient @ found.direction) - slope.value
        gone = abs(other) <= found.tolerance + abs(slope.jump) / 2
        if not gone and abs(other - away) > abs(away) / 8:
            return True
    return False


def at_corner(found: Finding, rng: np.random.Generator) -> Seen:
    """Whether kinks that meet at the point explain what is claimed, each with a choice of its own.

    On a circle around the point every kink through it is crossed twice. There the derivative along
    the direction takes the values of the pieces; half its total variation is what all choices
    together can differ by, and opposite points have all choices reversed. That contains Clarke's
    subdifferential, where the two sides of one line do not: relu(a + b) - relu(a - b) has at 0 the
    derivative 1 by b to both sides, and 0 for whoever takes relu'(0) = 0. Variation between the
    points of a circle is not seen: what lies not far outside is `HIDDEN`. Where the pieces are the
    two sides alone, or where it varies smoothly, nothing is explained.
    """
    slope, at = found.slope, found.at
    assert slope is not None
    if not isfinite(slope.claimed):
        return Seen.DIFFERS
    planes = at.subject.arguments.scale * rng.normal(size=(PLANES, 2, at.x.size))
    radius = 4 * at.subject.eps ** (1 / 3)
    circles = np.array([_circle(found, radius / 3 * plane) for plane in planes])
    pieces = circles[~np.isnan(circles)]
    spread = float(np.ptp([*pieces, *slope.sides]))
    if slope.kinked and (pieces.size < AROUND or slope.outside <= 2 * CLEAN * spread):
        return Seen.HIDDEN
    if _others(pieces, slope.sides, CLEAN * spread) < 2 or spread < 10 * found.tolerance:
        return Seen.DIFFERS
    if not slope.kinked:
        wider = np.array([_circle(found, radius * plane) for plane in planes])
        if spread < 0.6 * float(np.ptp([*wider[~np.isnan(wider)], *slope.sides])):
            return Seen.DIFFERS
    opposite = (circles + np.roll(circles, AROUND // 2, axis=1)) / 2
    middle = float(np.mean(pieces if np.isnan(opposite).all() else opposite[~np.isnan(opposite)]))
    reach = max(spread / 2, *(_variation(circle[~np.isnan(circle)]) / 4 for circle in circles))
    away = abs(slope.claimed - middle) - found.tolerance
    if away <= reach:
        return Seen.CORNER
    return Seen.HIDDEN if away <= 4 * reach else Seen.DIFFERS


def _circle(found: Finding, plane: Vector) -> Vector:
    """Derivatives along a direction at points around; not a number where steps cross a kink."""
    at, direction, usual = found.at, found.direction, found.slope.scale if found.slope else 0.0
    values = np.full(AROUND, np.nan)
    for n in range(AROUND):
        angle = 2 * np.pi * n / AROUND
        offset = np.cos(angle) * plane[0] + np.sin(angle) * plane[1]
        x = at.x + offset
        moved = Place(at.subject, x, at.gradient, at.gradient_eps, at.subject.value(x), at.noise)
        step = float(np.max(np.abs(offset))) / float(np.max(np.abs(direction))) / 100
        seen = moved.measure(direction, step) if isfinite(moved.base) else None
        if seen is not None and seen.error <= CLEAN / 4 * max(seen.scale, usual):
            values[n] = seen.value
    return values


def _others(pieces: Vector, sides: tuple[float, float], slack: float) -> int:
    """How many of the pieces are neither of the two sides."""
    left, right = (np.abs(pieces - side) for side in sides)
    return int(np.sum(np.minimum(left, right) > slack))


def _variation(around: Vector) -> float:
    return float(np.abs(np.diff(around, append=around[:1])).sum())
