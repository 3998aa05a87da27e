"""Windows along rows as overlapping matrices: the copy that a convolution needs, made small.

The columns of ``z[i, p, j, n] = sum_{u, q, v} A[i + u, q, j + v, n] k[p, q, u, v]`` hold every
element once for each (u, v). A *strip* holds the windows of one row along j only, as a matrix with
rows (q, v) and columns (j, n); strips of consecutive rows lie behind each other, so the matrix with
rows (u, q, v) that belongs to i is a part of memory, and that of i + 1 overlaps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from derive.index import ONE, Axis, Index
from derive.planning.arrays import Array, Copied, Padded
from derive.planning.book import Book, root
from derive.planning.labelled import Labelled, ordered, reshaped
from derive.planning.windows import Bands, Window, Windows

Axes = tuple[Axis, ...]


@dataclass(frozen=True)
class Strips:
    """Windows over rows ``i + u``: i is the ``position``, u the ``offset``; ``item`` is copied."""

    position: Axis
    offset: Axis
    row: Axis
    item: Labelled
    rows: Window


def strips(item: Labelled) -> Strips | None:
    """How windows that slide along the first dimension, and maybe others, are taken apart."""
    array = item.array
    if not isinstance(array, Windows) or array.windows[0].dim != 0:
        return None
    rows, *others = array.windows
    count = len(array.windows)
    row = Axis(item.axes[count].name, ONE, array.source.shape[0])
    labels = [row, *item.axes[count + 1 :]]
    source = array.source
    if others:
        first = others[0].dim
        labels[first:first] = item.axes[1:count]
        source = Windows(source, tuple(others))
    inner = Labelled(source, tuple(labels))
    return Strips(item.axes[count], item.axes[0], row, inner, rows)


def matrices(found: Strips, first: Axes, second: Axes, book: Book) -> Array:
    """The matrices over (position, first, second), a view of strips that are copied once."""
    inner = ordered(found.item, (found.row, *first[1:], *second))
    # A padded array is new and in order; any other may be a view, which a reshape may leave one.
    copy = inner.array if isinstance(inner.array, Padded) else Copied(inner.array)
    dims = (found.row.extent, extent(first[1:]), extent(second))
    strips = book.bind(f"{root(copy)}_strips", reshaped(copy, dims))
    return Bands(strips, found.rows)


def extent(group: Axes) -> Index:
    """The number of elements over some axes."""
    return prod((a.extent for a in group), start=ONE)
