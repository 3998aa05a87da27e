"""Axes in scope as dimensions of arrays, and reading a tensor there.

Every array has one dimension per axis in scope, of extent 1 where it does not depend on that axis;
an access is a gather by broadcast integer indices, which autograd can differentiate. Where to read
follows from the indices alone: it is found once, and what is left is a `Step` on values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod

import numpy as np

from derive.arithmetic import Array, Numbers
from derive.errors import IllFormed, LimitExceeded
from derive.expr import Access
from derive.index import Axis, Index, Symbol

Span = tuple[int, int]
"""Inclusive integer bounds of one axis."""

Ranges = Mapping[str, Sequence[Span]]
"""Bounds of every axis of every tensor; the element at the lower bounds is the array's first."""

Step = Callable[[Mapping[str, Array], Numbers], Array]
"""Values from those of the tensors, in a number type."""

LARGEST_INDEX = 2**62
MOST_PLACES = 2**12
"""Reads whose places are kept: a model is run again and again, on other values."""
MOST_ENTRIES = 2**12
"""The numbers in such places at most, so that they take some hundred megabytes at the worst."""


class OutOfRange(IllFormed):
    """An access outside a tensor's range.

    ``tensor`` was read with index ``value`` in ``position`` (from 0), whose range is ``bounds``,
    where the axes of that index had the values ``axes``.
    """

    def __init__(
        self,
        access: Access,
        position: int,
        value: int,
        bounds: Span,
        at: dict[Axis, int],
    ) -> None:
        self.tensor = access.tensor
        self.access = access
        self.position = position
        self.value = value
        self.bounds = bounds
        self.axes = at
        there = ", ".join(f"{a.name} = {n}" for a, n in at.items())
        super().__init__(
            f"{access.tensor} is read at {value} on axis {position + 1}"
            + (f" for {there}" if there else ""),
            expected=f"{bounds[0]}..{bounds[1]}",
        )


@dataclass(frozen=True)
class Scope:
    """Axes in scope in the order of dimensions, what they run over, and the live positions.

    A sum may fill an array of ``dense`` entries at once.
    """

    ranges: Ranges
    spans: dict[Axis, Span]
    dense: int
    live: Array | None = None

    def values(self, symbol: Symbol) -> Array:
        """What ``symbol`` runs over, along its own dimension.

        Raises ``ValueError`` for a size or an axis that has no value here.
        """
        if not isinstance(symbol, Axis) or symbol not in self.spans:
            raise ValueError(f"{symbol} has no value here; put sizes in with model.at_sizes()")
        lo, hi = self.spans[symbol]
        shape = [-1 if a is symbol else 1 for a in self.spans]
        return np.arange(lo, hi + 1).reshape(shape)

    def at(self, index: Index) -> Array:
        """The integers that ``index`` takes, with one dimension per axis in scope.

        Raises `LimitExceeded` where they could exceed 64 bits.
        """
        reach = [self.spans[a] for a in index.axes if a in self.spans]
        farthest = max((abs(end) for span in reach for end in span), default=1)
        require_small(index, farthest)
        array = np.asarray(index.evaluate(self.values), dtype=np.int64)
        return array.reshape(array.shape or (1,) * len(self.spans))

    def under(self, gate: Array) -> Scope:
        """The same scope, live only where ``gate`` holds as well."""
        live = gate if self.live is None else self.live & gate
        return Scope(self.ranges, self.spans, self.dense, live)

    def within(self, inner: dict[Axis, Span]) -> Scope:
        """The scope with the dimensions of ``inner`` behind its own."""
        live = self.live
        if live is not None:
            live = live.reshape(live.shape + (1,) * len(inner))
        return Scope(self.ranges, {**self.spans, **inner}, self.dense, live)

    def constant(self, value: Fraction) -> Step:
        """``value`` as an array of the number type, of extent 1 everywhere."""
        shape = (1,) * len(self.spans)
        return lambda _, number: np.full(shape, number.constant(value))


def require_small(index: Index, farthest: int) -> None:
    """Raise `LimitExceeded` where an index of axes up to ``farthest`` could exceed 64 bits."""
    if sum(abs(c) for _, c in index.terms) * max(farthest, 1) > LARGEST_INDEX:
        raise LimitExceeded(f"the index {index} grows too large")


def integer(bound: Index) -> int:
    """The integer that ``bound`` is; raises ``ValueError`` where it contains a size."""
    if bound.value is None:
        raise ValueError(f"the bound {bound} has no value; put sizes in with model.at_sizes()")
    return bound.value


def span_of(axis: Axis) -> Span:
    """The integer bounds of ``axis``."""
    return integer(axis.lo), integer(axis.hi)


def extent(span: Span) -> int:
    """How many values ``span`` has; 0 where it is empty."""
    return max(span[1] - span[0] + 1, 0)


def gather(expr: Access, scope: Scope) -> Step:
    """The elements that ``expr`` reads where the scope is live, and 1 elsewhere.

    Raises `OutOfRange` for a live read outside the tensor's range.
    """
    name, bounds = expr.tensor, tuple(scope.ranges[expr.tensor])
    found = _inside(expr.indices, tuple(scope.spans.items()), bounds)
    places = _clipped(expr, scope, bounds) if found is None else found
    ones = (1,) * len(scope.spans)

    def read(env: Mapping[str, Array], _: Numbers) -> Array:
        # Arithmetic on an object array without axes leaves a bare number, which has no reshape.
        return env[name][places] if places else np.reshape(env[name], ones)

    return read if scope.live is None else select(scope.live, read, 1, scope)


Places = tuple[Array, ...]
"""Where to read an array, one array of positions for each of its dimensions."""


def _inside(
    indices: tuple[Index, ...], spans: tuple[tuple[Axis, Span], ...], bounds: tuple[Span, ...]
) -> Places | None:
    """The places that these indices take, counted from the bounds; ``None`` if any is outside."""
    lengths = {a: extent(span) for a, span in spans}
    entries = sum(prod(lengths.get(a, 1) for a in index.axes) for index in indices)
    find = _remembered if entries <= MOST_ENTRIES else _places
    return find(indices, spans, bounds)


def _places(
    indices: tuple[Index, ...], spans: tuple[tuple[Axis, Span], ...], bounds: tuple[Span, ...]
) -> Places | None:
    grid = Scope({}, dict(spans), 0)
    found = []
    for index, (lo, hi) in zip(indices, bounds, strict=True):
        place = grid.at(index)
        if place.size and (place.min() < lo or place.max() > hi):
            return None
        found.append(place - lo)
    return tuple(found)


_remembered = lru_cache(maxsize=MOST_PLACES)(_places)


def _clipped(expr: Access, scope: Scope, bounds: tuple[Span, ...]) -> Places:
    """Places moved into the bounds. Raises `OutOfRange` for a live one outside."""
    places = []
    for position, (index, span) in enumerate(zip(expr.indices, bounds, strict=True)):
        place = scope.at(index)
        _refuse_outside(expr, position, place, span, scope)
        places.append(np.clip(place, *span) - span[0])
    return tuple(places)


def select(where: Array, step: Step, other: int, scope: Scope) -> Step:
    """What ``step`` gives where true, else ``other``: a choice, so that no infinity leaks in."""
    otherwise = scope.constant(Fraction(other))

    def chosen(env: Mapping[str, Array], number: Numbers) -> Array:
        (spread,) = alike((step(env, number),), np.shape(where), number)
        return number.xp.where(where, spread, otherwise(env, number))

    return chosen


def alike(arrays: tuple[Array, ...], shape: tuple[int, ...], number: Numbers) -> tuple[Array, ...]:
    """Arrays broadcast to one shape; autograd does not undo the broadcasting in `where`."""
    common = np.broadcast_shapes(shape, *[np.shape(a) for a in arrays])
    return tuple(
        [a if np.shape(a) == common else number.xp.broadcast_to(a, common) for a in arrays]
    )


def _refuse_outside(expr: Access, position: int, place: Array, bounds: Span, scope: Scope) -> None:
    """Raise `OutOfRange` at the first live position where ``place`` is not within ``bounds``."""
    outside = (place < bounds[0]) | (place > bounds[1])
    if scope.live is not None:
        outside, place = np.broadcast_arrays(outside & scope.live, place)
    if not outside.any():
        return
    first = np.unravel_index(int(np.argmax(outside)), outside.shape)
    index = expr.indices[position]
    at = {
        a: lo + int(n)
        for (a, (lo, _)), n in zip(scope.spans.items(), first, strict=True)
        if a in index.axes
    }
    raise OutOfRange(expr, position, int(place[first]), bounds, at)
