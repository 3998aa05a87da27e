"""Many entries at once: Gaussian directions, and the search for the entry that is to blame.

Directions have entries of both signs, belong to one array each, and within it to entries of like
size, so that large gradients do not hide a wrong small one; what is claimed to be zero is a class
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.functional.arguments import Leaf
from verify.functional.arrays import Entries, Vector
from verify.functional.findings import Finding, Seen, judged, look, strength, unit
from verify.functional.slopes import Place, best_slope

EDGES = (1e-6, 1e-4, 1e-2)
"""Entries are of like size between these, relative to the largest of their array."""


def classes(at: Place, leaf: Leaf) -> Iterator[Entries]:
    """The entries (numbers in the vector) of one array, by the size of what is claimed."""
    part = np.abs(at.gradient * at.subject.arguments.scale)[leaf.start : leaf.stop]
    largest = float(np.max(part[np.isfinite(part)], initial=0.0))
    kind = np.where(part == 0, 0, 1 + np.searchsorted(np.array(EDGES) * largest, part))
    usable = np.isfinite(at.x[leaf.start : leaf.stop])
    for number in np.unique(kind[usable]):
        yield leaf.start + np.flatnonzero((kind == number) & usable)


def gaussian(at: Place, entries: Entries, rng: np.random.Generator) -> Vector:
    """A random direction of these entries, each as long as itself."""
    direction = np.zeros(at.x.size)
    direction[entries] = rng.normal(size=entries.size) * at.subject.arguments.scale[entries]
    return direction


def directions(at: Place, leaf: Leaf, count: int, rng: np.random.Generator) -> Iterator[Finding]:
    """Compare along ``count`` directions of every class of entries."""
    whole = _norm(at, np.arange(leaf.start, leaf.stop))
    for entries in classes(at, leaf):
        for _ in range(count):
            direction = gaussian(at, entries, rng)
            slope = best_slope(at, direction, _norm(at, entries), rng)
            yield judged(Finding(Seen.HIDDEN, at, leaf, direction, None, slope, whole))


def _norm(at: Place, entries: Entries) -> float:
    sizes = at.gradient[entries] * at.subject.arguments.scale[entries]
    return float(np.linalg.norm(sizes[np.isfinite(sizes)]))


def blamed(found: Finding, rng: np.random.Generator) -> Finding | None:
    """The entry that makes a direction differ, found by halving; ``None`` where no single one does.

    Of two halves that both differ the one that differs more is followed.
    """
    at, leaf = found.at, found.leaf
    entries = np.flatnonzero(found.direction)
    while entries.size > 1:
        middle = entries.size // 2
        halves = [_restricted(found, part, rng) for part in (entries[:middle], entries[middle:])]
        wrong = [half for half in halves if half.seen is Seen.DIFFERS and half.slope is not None]
        if not wrong:
            return None
        worst = max(wrong, key=lambda half: half.slope.outside if half.slope else 0.0)
        entries = np.flatnonzero(worst.direction)
    entry = int(entries[0])
    alone = look(at, leaf, unit(at, entry), rng, entry, strength(at, leaf))
    return alone if alone.seen is Seen.DIFFERS else None


def _restricted(found: Finding, entries: Entries, rng: np.random.Generator) -> Finding:
    direction = np.zeros(found.direction.size)
    direction[entries] = found.direction[entries]
    return look(found.at, found.leaf, direction, rng, None, _norm(found.at, entries))
