"""Arrays whose dimensions carry the running indices of the equation that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derive.index import ONE, Axis, Index
from derive.planning.arrays import (
    ALL,
    Array,
    Broadcast,
    Cut,
    Map,
    Permuted,
    Reshaped,
    Slice,
    Sliced,
    Summed,
    Unary,
)
from derive.planning.windows import Windows


@dataclass(frozen=True)
class Labelled:
    """``array`` with one axis for each dimension."""

    array: Array
    axes: tuple[Axis, ...]


def ordered(item: Labelled, axes: Iterable[Axis]) -> Labelled:
    """Dimensions in the order of ``axes``; those that the item lacks are left out."""
    kept = tuple(a for a in axes if a in item.axes)
    if kept == item.axes:
        return item
    return Labelled(permuted(item.array, tuple(item.axes.index(a) for a in kept)), kept)


def permuted(array: Array, order: tuple[int, ...]) -> Array:
    """A permutation: merged with one directly inside, a reshape where only lengths of one move."""
    if isinstance(array, Permuted):
        return permuted(array.source, tuple(array.order[d] for d in order))
    if order == tuple(range(len(order))):
        return array
    if isinstance(array, Sliced) and _only_adds(array):
        return _permuted_inside(array, order)
    moving = [d for d in order if array.shape[d] != ONE]
    if moving == sorted(moving):
        return reshaped(array, tuple(array.shape[d] for d in order))
    return Permuted(array, order)


def _permuted_inside(array: Sliced, order: tuple[int, ...]) -> Array:
    """A permutation of what is there, then the added dimensions."""
    there = [d for d, cut in enumerate(array.cuts) if cut == ALL]
    inner = tuple(there.index(d) for d in order if d in there)
    return Sliced(permuted(array.source, inner), tuple(array.cuts[d] for d in order))


def reshaped(array: Array, dims: tuple[Index, ...]) -> Array:
    """A reshape, merged with one directly inside; none where the shape is the same already."""
    while isinstance(array, Reshaped) or _only_adds(array):
        assert isinstance(array, Unary)
        array = array.source
    return array if array.shape == dims else Reshaped(array, dims)


def _only_adds(array: Array) -> bool:
    """True for an indexing that only adds dimensions of length one."""
    return isinstance(array, Sliced) and all(cut in (None, ALL) for cut in array.cuts)


def aligned(item: Labelled, axes: Sequence[Axis]) -> Array:
    """An array that broadcasts against one over ``axes``: missing dimensions have length one."""
    array = ordered(item, axes).array
    if not item.axes:
        return array
    present = [a in item.axes for a in axes]
    first = present.index(True)
    cuts: list[Cut] = [ALL if here else None for here in present[first:]]
    return array if all(cuts) else Sliced(array, tuple(cuts))


def full(item: Labelled, axes: Sequence[Axis]) -> Labelled:
    """All of ``axes``, in order; where the item lacks one, it is repeated."""
    array = aligned(item, axes)
    dims = tuple(a.extent for a in axes)
    return Labelled(array if array.shape == dims else Broadcast(array, dims), tuple(axes))


def turned(item: Labelled, dims: Sequence[int]) -> Labelled:
    """The item with these dimensions in reverse."""
    if not dims:
        return item
    extents = [n.value or 0 for n in item.array.shape]
    cuts = (Slice(n - 1, n, -1) if d in dims and n > 1 else ALL for d, n in enumerate(extents))
    return Labelled(Sliced(item.array, tuple(cuts)), item.axes)


def mapped(function: str, items: Sequence[Labelled], order: Sequence[Axis]) -> Labelled:
    """``function`` elementwise; the result has the axes of all items, in the given order."""
    union = {a for item in items for a in item.axes}
    axes = tuple(a for a in order if a in union)
    return Labelled(Map(function, tuple(aligned(item, axes) for item in items)), axes)


def summed(item: Labelled, over: Iterable[Axis]) -> Labelled:
    """The sum over axes that the item has."""
    dims = tuple(sorted(item.axes.index(a) for a in over))
    if not dims:
        return item
    rest = tuple(a for d, a in enumerate(item.axes) if d not in dims)
    return Labelled(Summed(item.array, dims), rest)


def memory_order(item: Labelled) -> tuple[Axis, ...] | None:
    """The axes from slowest to fastest where the elements lie in C order, else None."""
    array = item.array
    if isinstance(array, Permuted):
        back = {d: a for a, d in zip(item.axes, array.order, strict=True)}
        return memory_order(Labelled(array.source, tuple(back[d] for d in range(len(back)))))
    return None if isinstance(array, Sliced | Windows | Broadcast) else item.axes
