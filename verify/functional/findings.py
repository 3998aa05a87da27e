"""What one direction says of a claimed gradient, and which of it counts.

A bound on the error of the difference quotient and the rounding of the claimed numbers decide, both
relative to what is compared: no absolute tolerance, and none that grows with an array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isfinite

import numpy as np

from verify.functional.arguments import Leaf
from verify.functional.arrays import Vector
from verify.functional.slopes import Place, Slope, best_slope, place

CLAIMED = 1000.0
"""Roundings that a claimed gradient may have suffered, in units of its arithmetic."""


class Seen(StrEnum):
    """What became of one comparison.

    `CORNER`: several kinks meet, and the claimed value is what some choice at each gives.
    `HIDDEN`: no derivative stands out from the error bound.
    """

    AGREES = "agrees"
    CORNER = "corner"
    DIFFERS = "differs"
    HIDDEN = "hidden"


@dataclass(frozen=True, eq=False)
class Finding:
    """One comparison along ``direction``, which moves ``entry`` alone or, where ``None``, many.

    ``scale`` is the size of the whole gradient of this array along such a direction.
    """

    seen: Seen
    at: Place
    leaf: Leaf
    direction: Vector
    entry: int | None
    slope: Slope | None
    scale: float

    @property
    def tolerance(self) -> float:
        """How far apart right numbers may lie."""
        if self.slope is None:
            return inf
        return self.slope.slack + CLAIMED * self.at.gradient_eps * self.slope.size

    @property
    def resolution(self) -> float:
        """The smallest error that would have been seen, relative to the gradient of the array."""
        scale = max(self.scale, self.slope.scale) if self.slope else 0.0
        return self.tolerance / scale if scale else inf


def resolving(eps: float) -> float:
    """What a comparison must resolve to count, relative to the size of the gradient."""
    return float(eps**0.25)


def look(
    at: Place,
    leaf: Leaf,
    direction: Vector,
    rng: np.random.Generator,
    entry: int | None = None,
    scale: float = 0.0,
) -> Finding:
    """Compare along one direction, with steps as they fit best."""
    slope = best_slope(at, direction, scale, rng)
    return judged(Finding(Seen.HIDDEN, at, leaf, direction, entry, slope, scale))


def judged(found: Finding) -> Finding:
    """The finding with its outcome."""
    slope = found.slope
    if slope is None:
        return found
    clear = found.resolution <= resolving(found.at.eps)
    if not isfinite(slope.claimed):
        steady = slope.error <= resolving(found.at.eps) * max(slope.scale, found.scale)
        return replace(found, seen=Seen.DIFFERS if steady else Seen.HIDDEN)
    if slope.outside > found.tolerance:
        return replace(found, seen=Seen.DIFFERS)
    if clear or slope.still or _vanishes(found):
        return replace(found, seen=Seen.AGREES)
    return found


def _vanishes(found: Finding) -> bool:
    """Whether the value stays where it is however far the arguments move along the direction.

    Then a derivative that cannot be told from zero is zero, as that of a bias before normalisation.
    Where roundings hide how the value moves, nothing is seen to stay.
    """
    at, slope = found.at, found.slope
    if slope is None or slope.scale > found.tolerance:
        return False
    if at.noise > resolving(at.eps) * abs(at.base):
        return False
    stayed = 0
    for far in (1.0, 10.0, 100.0, 1000.0):
        for side in (far, -far):
            moved = place(at.subject, at.x + side * found.direction, at.gradient, at.gradient_eps)
            if not isfinite(moved.base):
                continue
            if abs(moved.base - at.base) > moved.noise + at.noise:
                return False
            stayed += 1
    return stayed > 1


def unit(at: Place, entry: int) -> Vector:
    """The direction of one entry, as long as the entry or its array."""
    direction = np.zeros(at.x.size)
    direction[entry] = at.subject.arguments.scale[entry]
    return direction


def strength(at: Place, leaf: Leaf) -> float:
    """The largest entry that is claimed of the array's gradient, per unit of its directions."""
    part = slice(leaf.start, leaf.stop)
    sizes = np.abs(at.gradient[part]) * at.subject.arguments.scale[part]
    return float(np.max(sizes[np.isfinite(sizes)], initial=0.0))


def entry_by_entry(
    at: Place, entries: Sequence[int], rng: np.random.Generator
) -> Iterator[Finding]:
    """Compare the entries one at a time."""
    for entry in entries:
        leaf = at.subject.arguments.leaf_of(entry)
        yield look(at, leaf, unit(at, entry), rng, entry, strength(at, leaf))
