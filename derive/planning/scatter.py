"""The chain rule as it stands: a sum whose deltas say where each product is added.

``∂S[a] = sum over i, u of ∂z[i] k[u] [i + u = a]`` is computed as the products over (i, u) and one
shifted addition for every offset of the window; nothing is read outside, so nothing needs padding.
A flattening is the special case in which every place is met once: a reshape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.expr import Delta, Expr, Guard, substitute
from derive.index import Axis, Index, surely_nonnegative
from derive.planning.arrays import ALL, Array, Cut, Slice, Sliced
from derive.planning.expressions import Reader, contraction
from derive.planning.labelled import Labelled, full, ordered, reshaped
from derive.planning.places import Place, Stride, is_whole, place
from derive.planning.windows import AddedWindows, Placed, Spread, Window


@dataclass(frozen=True)
class Scatter:
    """``sum over axes of the product of factors``, added where every target axis is its index."""

    axes: tuple[Axis, ...]
    factors: tuple[Expr, ...]
    targets: tuple[tuple[Axis, Index], ...]


def scattered(
    axes: Sequence[Axis], factors: Sequence[Expr], free: Sequence[Axis], reader: Reader
) -> Labelled:
    """One term with deltas, as an array over the free axes on which it depends."""
    term = _with_targets(*_renamed(tuple(axes), tuple(factors)), free)
    spots = {t: place(i, t.lo, t.hi) for t, i in term.targets if is_whole(i, t.lo, t.hi) is None}
    names = {a: t for t, i in term.targets if (a := is_whole(i, t.lo, t.hi)) is not None}
    moving = {s.axis for spot in spots.values() for s in spot.strides}
    order = _order(free, names, spots)
    bound = [a for a in term.axes if a not in moving and a not in names]
    values = contraction(bound, term.factors, order, reader)
    renamed = tuple(names.get(a, a) for a in values.axes)
    return _Canvas(Labelled(values.array, renamed), spots, tuple(free)).painted()


def _order(
    free: Sequence[Axis], names: dict[Axis, Axis], spots: dict[Axis, Place]
) -> tuple[Axis, ...]:
    """Free axes in order; where a target is met by strides, those: offsets before positions."""
    back = {t: a for a, t in names.items()}
    offsets: list[Axis] = []
    order: list[Axis] = []
    first: int | None = None
    for axis in free:
        if axis not in spots:
            order.append(back.get(axis, axis))
            continue
        strides = spots[axis].strides
        if len(strides) == 2 and not spots[axis].is_radix:
            u, i = _offset_first(strides)
            first = len(order) if first is None else first
            offsets.append(u.axis)
            order.append(i.axis)
        else:
            order += [s.axis for s in strides]
    first = first or 0
    return (*order[:first], *offsets, *order[first:])


def _offset_first(strides: Sequence[Stride]) -> list[Stride]:
    """The shorter axis first: the loop runs over it."""
    return sorted(strides, key=lambda s: (s.count, s.step))


def _renamed(
    axes: tuple[Axis, ...], factors: tuple[Expr, ...]
) -> tuple[tuple[Axis, ...], tuple[Expr, ...]]:
    """Without the deltas that only rename a summed axis: the index never leaves its range."""
    for delta in (f for f in factors if isinstance(f, Delta)):
        for axis in axes:
            sign = delta.index.coefficient(axis).value
            if sign not in (1, -1):
                continue
            solution = delta.index.without(axis) * -sign
            inside = surely_nonnegative(solution - axis.lo) and surely_nonnegative(
                axis.hi - solution
            )
            if inside:
                rest = tuple(substitute(f, {axis: solution}) for f in factors if f is not delta)
                return _renamed(tuple(a for a in axes if a is not axis), rest)
    return axes, factors


def _with_targets(
    axes: tuple[Axis, ...], factors: tuple[Expr, ...], free: Sequence[Axis]
) -> Scatter:
    """Choose a target for each delta; one that has none stays a factor, and becomes a mask."""
    targets: dict[Axis, Index] = {}
    kept: list[Expr] = []
    used: set[Axis] = set()
    for factor in factors:
        target = _target(factor, axes, free, used) if isinstance(factor, Delta) else None
        if target is None:
            kept.append(factor)
            continue
        axis, solution = target
        targets[axis] = solution
        used |= {axis, *solution.axes}
    if targets:
        kept = [substitute(f, targets) for f in kept]
    guards = {b for t, i in targets.items() for b in (i - t.lo, t.hi - i)}
    kept = [f for f in kept if not (isinstance(f, Guard) and f.index in guards)]
    return Scatter(axes, tuple(kept), tuple(targets.items()))


def _target(
    delta: Delta, axes: Sequence[Axis], free: Sequence[Axis], used: set[Axis]
) -> tuple[Axis, Index] | None:
    """A free axis that the delta gives as an index in summed axes, none of them used elsewhere."""
    for axis in free:
        sign = delta.index.coefficient(axis).value
        if sign in (1, -1) and axis not in used:
            solution = delta.index.without(axis) * -sign
            if solution.axes <= set(axes) - used:
                return axis, solution
    return None


class _Canvas:
    """Turns values over strides into values over the targets, one kind of step after the other."""

    def __init__(self, values: Labelled, spots: dict[Axis, Place], free: tuple[Axis, ...]) -> None:
        self.values = values
        self.spots = spots
        self.free = free

    def painted(self) -> Labelled:
        """The array over the free axes."""
        self._turn_around()
        self._repeat_what_is_missing()
        self._join_digits()
        self._spread()
        while any(len(spot.strides) > 1 for spot in self.spots.values()):
            self._add_windows()
        return self._placed()

    def _turn_around(self) -> None:
        """Reverse the dimensions whose stride runs backwards."""
        backwards = {
            s.axis for spot in self.spots.values() for s in spot.strides if s.reverse
        } & set(self.values.axes)
        if backwards:
            cuts = tuple(
                Slice(n - 1, n, -1) if a in backwards and (n := a.extent.value) else ALL
                for a in self.values.axes
            )
            self.values = Labelled(Sliced(self.values.array, cuts), self.values.axes)

    def _repeat_what_is_missing(self) -> None:
        """Along strides on which the values do not depend, unless `Spread` does it."""
        missing: list[Axis] = []
        for spot in self.spots.values():
            absent = [s.axis for s in spot.strides if s.axis not in self.values.axes]
            if not (len(spot.strides) == 2 and len(absent) == 1):
                missing += absent
        if missing:
            self.values = full(self.values, (*missing, *self.values.axes))

    def _join_digits(self) -> None:
        """Dimensions that are digits of a number become one."""
        for target, spot in self.spots.items():
            digits = tuple(s.axis for s in spot.strides)
            if len(digits) < 2 or not spot.is_radix or not set(digits) <= set(self.values.axes):
                continue
            axes = list(self.values.axes)
            first = axes.index(digits[0])
            rest = [a for a in axes if a not in digits]
            first -= sum(a in digits for a in axes[:first])
            self.values = ordered(self.values, (*rest[:first], *digits, *rest[first:]))
            count = spot.stop - spot.start
            joined = Axis(target.name, Index.of(1), Index.of(count))
            shape = (*(a.extent for a in rest[:first]), Index.of(count))
            shape = (*shape, *(a.extent for a in rest[first:]))
            axes = [*rest[:first], joined, *rest[first:]]
            self.values = Labelled(reshaped(self.values.array, shape), tuple(axes))
            self._single(target, joined, count)

    def _single(self, target: Axis, axis: Axis, count: int) -> None:
        """From now on the target is met along one axis, with step one."""
        spot = self.spots[target]
        strides = (Stride(axis, 1, count, False),) if count > 1 else ()
        self.spots[target] = Place(spot.start, spot.extent, strides)

    def _spread(self) -> None:
        """Where the values do not depend on the offset, every element is added at all of them."""
        windows, axes = [], list(self.values.axes)
        for target, spot in self.spots.items():
            present = [s for s in spot.strides if s.axis in self.values.axes]
            if len(spot.strides) != 2 or len(present) != 1:
                continue
            (i,) = present
            (u,) = (s for s in spot.strides if s is not i)
            window = Window(axes.index(i.axis), i.count, u.count, i.step, u.step)
            windows.append(window)
            joined = Axis(target.name, Index.of(1), Index.of(window.span))
            axes[window.dim] = joined
            self._single(target, joined, window.span)
        if windows:
            windows.sort(key=lambda w: w.dim)
            self.values = Labelled(Spread(self.values.array, tuple(windows)), tuple(axes))

    def _add_windows(self) -> None:
        """One addition for each offset of the shorter axis, over all targets that have two left."""
        pairs = []
        for target, spot in self.spots.items():
            if len(spot.strides) > 1:
                u, i = _offset_first(spot.strides)[:2]
                pairs.append((target, u, i))
        axes = [a for a in self.values.axes if all(a is not u.axis for _, u, _ in pairs)]
        pairs.sort(key=lambda pair: axes.index(pair[2].axis))
        first = axes.index(pairs[0][2].axis)
        offsets = [u.axis for _, u, _ in pairs]
        self.values = ordered(self.values, (*axes[:first], *offsets, *axes[first:]))
        windows = []
        for target, u, i in pairs:
            window = Window(axes.index(i.axis), i.count, u.count, i.step, u.step)
            windows.append(window)
            joined = Axis(target.name, Index.of(1), Index.of(window.span))
            axes[window.dim] = joined
            spot = self.spots[target]
            rest = tuple(s for s in spot.strides if s not in (u, i))
            strides = (*rest, Stride(joined, 1, window.span, False))
            self.spots[target] = Place(spot.start, spot.extent, strides)
        self.values = Labelled(AddedWindows(self.values.array, tuple(windows)), tuple(axes))

    def _placed(self) -> Labelled:
        """Into zeros where the places do not fill the range; what falls outside is cut off."""
        axes = list(self.values.axes)
        array = self.values.array
        cuts: dict[Axis, Cut] = {}
        for target, spot in self.spots.items():
            if not spot.strides:
                cuts[target] = spot.start
                continue
            (s,) = spot.strides
            d = axes.index(s.axis)
            array, spot = _cropped(array, d, spot)
            axes[d] = target
            if (spot.start, spot.stop, s.step) != (0, spot.extent, 1):
                cuts[target] = Slice(spot.start, spot.strides[0].count, s.step)
        if not cuts:
            return Labelled(array, tuple(axes))
        present = [a for a in self.free if a in axes or a in cuts]
        dropped = [a for a in present if isinstance(cuts.get(a), int)]
        values = ordered(Labelled(array, tuple(axes)), [a for a in present if a not in dropped])
        places = tuple(cuts.get(a, ALL) for a in present)
        dims = tuple(a.extent for a in present)
        return Labelled(Placed(values.array, places, dims), tuple(present))


def _cropped(array: Array, dim: int, spot: Place) -> tuple[Array, Place]:
    """Without the positions below 0 or beyond the extent."""
    (s,) = spot.strides
    below = max(0, -(spot.start // s.step)) if spot.start < 0 else 0
    above = max(0, -((spot.extent - spot.stop) // s.step)) if spot.stop > spot.extent else 0
    if not below and not above:
        return array, spot
    count = s.count - below - above
    cuts: list[Cut] = [ALL] * len(array.shape)
    cuts[dim] = Slice(below, count, 1)
    kept = Place(spot.start + below * s.step, spot.extent, (Stride(s.axis, s.step, count, False),))
    return Sliced(array, tuple(cuts)), kept
