"""A second look before a gradient is refuted: every other explanation is tried first.

A function may be random, its rounding worse than was estimated, the claimed numbers may be inexact,
or the point may lie at a kink that one line through it does not show.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from verify.functional_arguments import Unfit
from verify.functional_arrays import Vector
from verify.functional_calls import Raised
from verify.functional_findings import CLAIMED, Finding, Seen
from verify.functional_slopes import PROBES, Place
from verify.verdict import Status

STEPS = (1 / 30, 1 / 5, 1 / 2, 2.0, 5.0)
"""Other steps, relative to the one that was best."""

NEAR = (1e-5, 1e-6)
"""How far from the point gradients are looked at, relative to the arguments."""

AROUND = 8
"""Points looked at around a point, at each distance."""

RANDOM = "f is not deterministic: fix the mask, the seed, or whatever it draws"


def second_look(found: Finding, rng: np.random.Generator) -> Seen:
    """What a difference is after a second look. Raises `Unfit` for a random function."""
    same_value(found.at)
    if is_limit(found, rng):
        return Seen.AGREES
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

    Where it is gone at every point beside this one, it is a mistake at this point, not rounding.
    """
    at, slope = found.at, found.slope
    assert slope is not None
    if not isfinite(slope.claimed):
        return False
    away = slope.claimed - slope.value
    others = []
    for _ in range(PROBES):
        moved = at.x * (1 + at.subject.eps * rng.choice([-1.0, 1.0], at.x.shape))
        try:
            gradient = at.subject.claimed(moved).vector
        except (Raised, Unfit):
            continue
        others.append(float(gradient @ found.direction) - slope.value)
    gone = all(abs(other) <= found.tolerance + abs(slope.jump) for other in others)
    return bool(others) and not gone and float(np.std([away, *others])) >= abs(away) / 8


def is_limit(found: Finding, rng: np.random.Generator) -> bool:
    """Whether the claimed value lies between derivatives at points arbitrarily near.

    That is what an element of Clarke's subdifferential does: relu(a + b) - relu(a - b) at 0.
    Only where the derivatives differ as much at a tenth of the distance: else they vary smoothly.
    """
    slope = found.slope
    assert slope is not None
    if found.at.subject.eps > 1e-10 or not isfinite(slope.claimed):
        return False
    low, high = 0.0, 0.0
    widths = []
    for near in NEAR:
        seen = _around(found.at, found.direction, near, rng)
        if not seen.size:
            return False
        low, high = float(seen.min()), float(seen.max())
        widths.append(high - low)
    slack = found.tolerance + 0.01 * widths[1]
    steady = 3 * widths[1] > widths[0] and widths[1] > 10 * found.tolerance
    return steady and low - slack <= slope.claimed <= high + slack


def _around(at: Place, direction: Vector, near: float, rng: np.random.Generator) -> Vector:
    """Derivatives along ``direction`` at random points at a distance of ``near``."""
    scale = at.subject.arguments.scale
    values = []
    for _ in range(AROUND):
        x = at.x + near * scale * rng.normal(size=at.x.size)
        moved = Place(at.subject, x, at.gradient, at.gradient_eps, at.subject.value(x), at.noise)
        seen = moved.measure(direction, near / 50) if isfinite(moved.base) else None
        if seen is not None and seen.error < 0.1 * max(seen.scale, 1e-300):
            values.append(seen.value)
    return np.array(values)
