"""How a link of a formula depends on its hole, and whether something fits there in numbers.

Where it is linear, as in products and sums, what is put there only has to be multiplied by a
weight, at one element first. Inside a function it is put in and both sides are evaluated.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from derive.errors import LimitExceeded
from derive.expr import Access, Expr, rewrite, substitute
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from verify.bench import Sample
from verify.compare import Identity
from verify.mending.fillings import Filling, span
from verify.mending.hole import NAME

CLOSE = 1e-6
"""Greatest relative distance at which two values may be the same."""
ROUGH = 4 * CLOSE
"""The same where one value was computed from another that is only close."""
LONGEST = 2**21
"""So far letters run where values are looked at."""
Part = tuple[slice, ...]
"""Of the free axes; without slices all of it."""
Places = tuple[np.ndarray, ...]
"""Of the values of a filling, over all the axes."""


@dataclass(frozen=True)
class Linear:
    """A link in which the hole is a factor; arrays over the free axes, then the bound ones."""

    sample: Sample
    axes: tuple[Axis, ...]
    free: int
    wanted: np.ndarray
    weight: np.ndarray
    indices: tuple[Index, ...]
    _places: dict[object, Places | None] = field(default_factory=dict)

    def fits(self, filling: Filling) -> bool:
        """Whether the link holds with ``filling`` in the hole, as far as numbers tell."""
        one = self.total(filling, self.one)
        return close(one, self.wanted[self.one]) and close(self.total(filling), self.wanted)

    def may_fit(self, letters: Container[str]) -> bool:
        """Whether some number that depends on ``letters`` alone could stand in the hole.

        It would have to be what is wanted over the weight, wherever this is largest.
        """
        if len(self.axes) > self.free or self.indices or not np.all(np.isfinite(self.wanted)):
            return True
        weight, wanted = np.broadcast_arrays(self.weight, self.wanted)
        for place, axis in enumerate(self.axes):
            if axis.name not in letters:
                best = np.argmax(np.abs(weight), axis=place, keepdims=True)
                weight, wanted = (np.take_along_axis(a, best, place) for a in (weight, wanted))
        with np.errstate(all="ignore"):
            brought = self.weight * np.where(weight == 0, 0.0, wanted / weight)
        scale = max(float(np.max(np.abs(a), initial=0.0)) for a in (brought, self.wanted))
        return bool(np.all(np.abs(brought - self.wanted) <= ROUGH * scale))

    def total(self, filling: Filling, part: Part = ()) -> np.ndarray:
        """What the filling brings: the sum over the bound axes, for a part of the free ones."""
        return self.summed(self.picked(filling, part), part)

    def summed(self, picked: np.ndarray, part: Part = ()) -> np.ndarray:
        """The sum over the bound axes of what is put there, times the weight."""
        bound = tuple(range(self.free, len(self.axes)))
        with np.errstate(invalid="ignore"):  # 0 times an infinity fits nothing
            return np.asarray(np.sum(self.weight[part] * picked, axis=bound))

    def picked(self, filling: Filling, part: Part = ()) -> np.ndarray:
        """The values of the filling over all the axes, of extent 1 where it does not depend."""
        values, places = filling.values(self.sample), self._places_of(filling, part)
        if places is None:
            return np.array(np.nan)  # of another length: it does not fit
        return np.asarray(values[places])

    @cached_property
    def one(self) -> Part:
        """The element that is looked at first: where the most is wanted."""
        flat = int(np.argmax(np.abs(self.wanted)))
        place = np.unravel_index(flat, self.wanted.shape)
        return tuple(slice(int(k), int(k) + 1) for k in place)

    def _places_of(self, filling: Filling, part: Part) -> Places | None:
        """Where the values of a filling are read; ``None`` where one that counts is not there."""
        key = (filling.shape, tuple((s.start, s.stop) for s in part))
        if key not in self._places:
            self._places[key] = self._read_at(filling, part)
        return self._places[key]

    def _read_at(self, filling: Filling, part: Part) -> Places | None:
        whole = part or (slice(None),) * self.free
        mine = {(a.name, *span(a)): Index.of(a) for a in self.axes}
        indices = (*(mine[a.name, *span(a)] for a in filling.used), *self.indices)
        axes, grid = (*filling.used, *filling.value.axes), self._grid(whole)
        places = []
        for index, axis in zip(indices, axes, strict=True):
            lo, hi = span(axis)
            place = _along(index, self.axes, grid)
            if np.any(((place < lo) | (place > hi)) & (self.weight[part] != 0)):
                return None
            places.append(np.clip(place, lo, hi) - lo)  # outside nothing is read of it
        return tuple(np.broadcast_arrays(*places))

    def _grid(self, part: Part) -> list[np.ndarray]:
        """The values of each axis along its own dimension, the free ones in this part only."""
        grid = []
        for place, axis in enumerate(self.axes):
            lo, hi = axis.lo.value or 0, axis.hi.value or 0
            if max(abs(lo), abs(hi)) > LONGEST:
                raise LimitExceeded("a letter runs too far")
            run = np.arange(lo, hi + 1)
            run = run[part[place]] if place < self.free else run
            grid.append(run.reshape([-1 if k == place else 1 for k in range(len(self.axes))]))
        return grid


def _along(index: Index, axes: tuple[Axis, ...], grid: list[np.ndarray]) -> np.ndarray:
    """The values of an index over the grid of the axes."""
    rest = index.substitute({a: Index.of(0) for a in axes})
    total = np.full((1,) * len(axes), rest.value or 0, dtype=np.int64)
    for axis, run in zip(axes, grid, strict=True):
        if axis in index.axes:
            total = total + (index.coefficient(axis).value or 0) * run
    return total


@dataclass(frozen=True)
class Nested:
    """A link with the hole inside a function: it is put in, and both sides are evaluated."""

    sample: Sample
    link: Identity
    inner: tuple[Axis, ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that are in scope at the hole."""
        return (*self.link.axes, *self.inner)

    def fits(self, filling: Filling) -> bool:
        """Whether the link holds with ``filling`` in the hole, as far as numbers tell."""
        here = {(a.name, *span(a)): Index.of(a) for a in self.axes}
        renamed = {a: here[a.name, *span(a)] for a in filling.used}
        body = ArrayValue(filling.value.axes, substitute(filling.value.body, renamed))

        def rule(node: Expr) -> Expr:
            if isinstance(node, Access) and node.tensor == NAME:
                return body.at(node.indices)
            return node

        left, right = (rewrite(side, rule) for side in (self.link.left, self.link.right))
        axes = self.link.axes
        if not left.free_axes | right.free_axes <= {*axes}:
            return False  # the hole stands in several places, and its letters run in one of them
        return close(self.sample.values(left, axes), self.sample.values(right, axes))


def close(one: np.ndarray, two: np.ndarray) -> bool:
    """Whether two arrays are the same as far as single precision would tell."""
    scale = max(float(np.max(np.abs(a), initial=0.0)) for a in (one, two))
    with np.errstate(invalid="ignore"):
        return bool(np.all(np.abs(one - two) <= CLOSE * scale))


Link = Linear | Nested
