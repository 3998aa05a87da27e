"""An access as a view: slices, reversed dimensions, digits as a reshape, windows as strides.

``A[s*i + d*u + c]`` becomes an array with a dimension for i and one for u. Positions outside the
array are zeros, added before; that is what a guard in front of the access means.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from derive.equations import Range
from derive.index import ONE, Axis, Index
from derive.planning.arrays import ALL, Array, Cut, Padded, Slice, Sliced
from derive.planning.labelled import Labelled, permuted, reshaped
from derive.planning.places import Place, Stride, integer, is_whole, place
from derive.planning.windows import Window, Windows, WindowSum

Dimension = Axis | Place
"""A dimension read whole along one axis, or at places."""


def view(
    source: Array,
    indices: Sequence[Index],
    ranges: Sequence[Range],
    summed: AbstractSet[Axis] = frozenset(),
) -> Labelled:
    """The elements ``source[indices]`` with one dimension for each axis that occurs.

    Axes in ``summed`` are wanted only as a sum over them: those that slide a window along another
    axis are summed here and are missing in the result; others are left to the caller.
    """
    source, ranges = _padded(source, indices, ranges)
    source, indices, ranges = _without_repeats(source, indices, ranges)
    dims: list[Dimension] = [
        is_whole(i, lo, hi) or place(i, lo, hi) for i, (lo, hi) in zip(indices, ranges, strict=True)
    ]
    source, dims = _cut(source, dims)
    source, dims = _window_sums(source, dims, summed)
    source, dims = _digits(source, dims)
    while any(isinstance(d, Place) and len(d.strides) > 1 for d in dims):
        source, dims = _windows(source, dims)
    return _reversed(_single_positions(source, dims, indices))


def _padded(
    source: Array, indices: Sequence[Index], ranges: Sequence[Range]
) -> tuple[Array, Sequence[Range]]:
    """Zeros in front and behind where an index leaves its range, and the ranges with them."""
    widths, wider = [], []
    for index, (lo, hi) in zip(indices, ranges, strict=True):
        before = after = 0
        if is_whole(index, lo, hi) is None:
            spot = place(index, lo, hi)
            before, after = max(0, -spot.start), max(0, spot.stop - spot.extent)
        widths.append((before, after))
        wider.append((lo - before, hi + after))
    return (Padded(source, tuple(widths)) if any(map(any, widths)) else source), wider


def _cut(source: Array, dims: list[Dimension]) -> tuple[Array, list[Dimension]]:
    """One basic indexing: single positions, strided slices, and the part that windows move over.

    Afterwards every place starts at 0 and fills its dimension; one with a single stride has step
    one.
    """
    cuts: list[Cut] = []
    left: list[Dimension] = []
    for item in dims:
        if isinstance(item, Axis):
            cuts.append(ALL)
            left.append(item)
        elif not item.strides:
            cuts.append(item.start)
        elif len(item.strides) == 1:
            (s,) = item.strides
            cuts.append(_slice(item, s))
            left.append(Place(0, s.count, (Stride(s.axis, 1, s.count, False),)))
        else:
            length = item.stop - item.start
            cuts.append(ALL if length == item.extent else Slice(item.start, length, 1))
            left.append(Place(0, length, item.strides))
    return (source if all(c == ALL for c in cuts) else Sliced(source, tuple(cuts))), left


def _slice(item: Place, s: Stride) -> Cut:
    """The slice for a place with one stride; ``ALL`` where it is everything, forwards."""
    if s.reverse:
        return Slice(item.stop - 1, s.count, -s.step)
    if (item.start, s.step, s.count) == (0, 1, item.extent):
        return ALL
    return Slice(item.start, s.count, s.step)


def _window_sums(
    source: Array, dims: list[Dimension], summed: AbstractSet[Axis]
) -> tuple[Array, list[Dimension]]:
    """Sum the window along a dimension where its offset is wanted only as a sum."""
    windows = []
    for d, item in enumerate(dims):
        if not isinstance(item, Place) or len(item.strides) != 2:
            continue
        kept = [s for s in item.strides if s.axis not in summed]
        if len(kept) == 1:
            (i,) = kept
            (u,) = (s for s in item.strides if s is not i)
            windows.append(Window(d, i.count, u.count, i.step, u.step))
            dims[d] = Place(0, i.count, (Stride(i.axis, 1, i.count, i.reverse),))
    return (WindowSum(source, tuple(windows)) if windows else source), dims


def _digits(source: Array, dims: list[Dimension]) -> tuple[Array, list[Dimension]]:
    """Reshape dimensions that are read as the digits of a number, each position once."""
    shape: list[Index] = []
    left: list[Dimension] = []
    for extent, item in zip(source.shape, dims, strict=True):
        if isinstance(item, Place) and len(item.strides) > 1 and item.is_radix:
            shape += [Index.of(s.count) for s in item.strides]
            left += [
                Place(0, s.count, (Stride(s.axis, 1, s.count, s.reverse),)) for s in item.strides
            ]
        else:
            shape.append(extent)
            left.append(item)
    return reshaped(source, tuple(shape)), left


def _windows(source: Array, dims: list[Dimension]) -> tuple[Array, list[Dimension]]:
    """One `Windows` over all dimensions with at least two strides; the offset is the shorter."""
    windows: list[Window] = []
    offsets: list[Dimension] = []
    left: list[Dimension] = []
    for d, item in enumerate(dims):
        if isinstance(item, Axis) or len(item.strides) == 1:
            left.append(item)
            continue
        u = min(item.strides, key=lambda s: (s.count, s.step))
        rest = tuple(s for s in item.strides if s is not u)
        offsets.append(Place(0, u.count, (Stride(u.axis, 1, u.count, u.reverse),)))
        if len(rest) == 1:
            (i,) = rest
            windows.append(Window(d, i.count, u.count, i.step, u.step))
            left.append(Place(0, i.count, (Stride(i.axis, 1, i.count, i.reverse),)))
        else:
            positions = Place(0, 0, rest).stop
            windows.append(Window(d, positions, u.count, 1, u.step))
            left.append(Place(0, positions, rest))
    first = windows[0].dim
    return Windows(source, tuple(windows)), [*left[:first], *offsets, *left[first:]]


def _single_positions(
    source: Array, dims: list[Dimension], indices: Sequence[Index]
) -> tuple[Array, list[tuple[Axis, bool]]]:
    """Axes with their direction; those of a single value that `place` left out get length one."""
    labels = [
        (item, False) if isinstance(item, Axis) else (item.strides[0].axis, item.strides[0].reverse)
        for item in dims
    ]
    present = {axis for axis, _ in labels}
    absent = (a for i in indices for a in sorted(i.axes - present, key=lambda a: a.uid))
    points = [a for a in absent if a.extent == ONE]
    if points:
        beside = {a for i in indices if i.axes & set(points) for a in i.axes}
        first = next((d for d, (a, _) in enumerate(labels) if a in beside), 0)
        cuts: list[Cut] = [ALL] * len(labels)
        cuts[first:first] = [None] * len(points)
        source = Sliced(source, tuple(cuts))
        labels[first:first] = [(a, False) for a in points]
    return source, labels


def _reversed(item: tuple[Array, list[tuple[Axis, bool]]]) -> Labelled:
    """Turn dimensions around whose axis runs backwards."""
    source, labels = item
    if any(reverse for _, reverse in labels):
        cuts = tuple(
            Slice(integer(axis.extent) - 1, integer(axis.extent), -1) if reverse else ALL
            for axis, reverse in labels
        )
        source = Sliced(source, cuts)
    return Labelled(source, tuple(axis for axis, _ in labels))


def _without_repeats(
    source: Array, indices: Sequence[Index], ranges: Sequence[Range]
) -> tuple[Array, Sequence[Index], Sequence[Range]]:
    """Join two dimensions that share an axis, ``A[i, i + j]``, into one that is read at strides."""
    for k, index in enumerate(indices):
        for m in range(k + 1, len(indices)):
            if index.axes & indices[m].axes:
                return _without_repeats(*_joined(source, indices, ranges, k, m))
    return source, indices, ranges


def _joined(
    source: Array, indices: Sequence[Index], ranges: Sequence[Range], k: int, m: int
) -> tuple[Array, Sequence[Index], Sequence[Range]]:
    """Dimensions ``k < m`` as one of length ``e_k * e_m`` at position k, counted from 0."""
    order = [d for d in range(len(indices)) if d != m]
    order.insert(k + 1, m)
    array = permuted(source, tuple(order))
    width = array.shape[k + 1]
    merged = (indices[k] - ranges[k][0]) * width + indices[m] - ranges[m][0]
    dims = (*array.shape[:k], array.shape[k] * width, *array.shape[k + 2 :])
    bounds = (Index.of(0), array.shape[k] * width - 1)

    rest = [d for d in range(len(indices)) if d not in (k, m)]
    new_indices = [indices[d] for d in rest]
    new_ranges = [ranges[d] for d in rest]
    new_indices.insert(k, merged)
    new_ranges.insert(k, bounds)
    return reshaped(array, dims), new_indices, new_ranges
