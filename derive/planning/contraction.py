"""A product of two arrays summed over shared axes, as one (stacked) matrix product.

The axes fall into four groups: *stack* (in front of both matrices), rows of the left, columns of
the right, and *inner* (summed). Several groupings compute the same; the one with the least copying
is taken, with `NOMINAL` samples in mind. Measured on two cores: for convolutions the batch as stack
and columns ``(samples, offsets, positions)`` take half the time of one large product or
`tensordot`, which copy the windows in short runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product as choices
from math import prod

from derive.index import Axis
from derive.planning.arrays import Array, Copied, MatMul, Permuted, Summed, walk
from derive.planning.book import Book, root
from derive.planning.cost import NOMINAL
from derive.planning.elementwise import marked, multiplied
from derive.planning.labelled import (
    Labelled,
    memory_order,
    ordered,
    permuted,
    reshaped,
    summed,
)
from derive.planning.strips import Strips, extent, matrices, strips
from derive.planning.windows import Windows, is_padded

CALL = 250
"""Cost of one small matrix product, in copied elements."""

SHORT_RUNS = 2
"""Cost of one element of a result whose last axis will not be the last."""

MANY_RESULTS, FEW_ROWS = 1200, 32
"""A product of rows by rows is slow from so many results on, unless both matrices are large."""

Axes = tuple[Axis, ...]


@dataclass(frozen=True)
class Grouping:
    """``result[stack, rows, columns] = sum over inner of left[…] @ right[…]``."""

    left: Labelled
    right: Labelled
    stack: Axes
    rows: Axes
    inner: Axes
    columns: Axes


def contract(
    a: Labelled, b: Labelled, over: AbstractSet[Axis], order: Sequence[Axis], book: Book
) -> Labelled:
    """``sum over over of a * b``; the result has the other axes, in an order that costs least."""
    inner = over & set(a.axes) & set(b.axes)
    if not inner:
        return multiplied((a, b), order)
    a, b = marked(a), marked(b)
    groupings = _groupings(a, b, inner, order)
    best = min(groupings, key=lambda g: _cost(g, over, order, book))
    if not best.rows and not best.columns and len((*best.stack, *best.inner)) > 1:
        return summed(multiplied((a, b), order), inner)
    return _product(best, over, book)


def _groupings(
    a: Labelled, b: Labelled, inner: AbstractSet[Axis], order: Sequence[Axis]
) -> list[Grouping]:
    shared = [x for x in order if x in a.axes and x in b.axes and x not in inner]
    outer = [a.axes[0], b.axes[0], *(s.position for s in map(strips, (a, b)) if s)]
    extras = [(), *((x,) for x in dict.fromkeys(outer) if x not in shared)]
    result = []
    for extra, (left, right) in choices(extras, ((a, b), (b, a))):
        stack = (*extra, *shared)

        def group(item: Labelled, wanted: AbstractSet[Axis], stack: Axes = stack) -> Axes:
            return tuple(x for x in item.axes if x in wanted and x not in stack)

        rows = group(left, set(left.axes) - inner)
        columns = group(right, set(right.axes) - inner)
        for guide in (left, right):
            result.append(Grouping(left, right, stack, rows, group(guide, inner), columns))
    return [g for g in result if g.inner]


def _cost(g: Grouping, over: AbstractSet[Axis], order: Sequence[Axis], book: Book) -> int:
    """Elements copied, and a charge for every small product in the stack."""
    copied = 0
    for item, first, second in ((g.left, g.rows, g.inner), (g.right, g.inner, g.columns)):
        if not _is_free(item, g.stack, first, second, book):
            found = _strips(item, g.stack, first, second)
            copied += _count(found.item.axes if found else item.axes)
    result = tuple(x for x in (*g.stack, *g.rows, *g.columns) if x not in over)
    summed_stack = len(result) < len((*g.stack, *g.rows, *g.columns))
    if summed_stack:
        copied += _count((*g.stack, *g.rows, *g.columns))
    wanted = tuple(x for x in order if x in result)
    if result != wanted:
        copied += _count(result) * (1 if result[-1:] == wanted[-1:] else SHORT_RUNS)
    return copied + CALL * _count(g.stack)


def _count(axes: Sequence[Axis]) -> int:
    return prod(a.extent.evaluate(lambda _: NOMINAL) for a in axes)


def _is_free(item: Labelled, stack: Axes, first: Axes, second: Axes, book: Book) -> bool:
    """True where the matrices are there already or are only another view of the elements."""
    if _stored(item, stack, first, second) in book.known:
        return True
    memory = memory_order(item)
    return memory is not None and all(_is_run(g, memory) for g in (first, second))


def _is_run(group: Axes, memory: Axes) -> bool:
    places = [memory.index(a) for a in group]
    return places == list(range(places[0], places[0] + len(group))) if places else True


def _last_stays_last(item: Labelled, first: Axes, second: Axes) -> bool:
    return not first or item.axes[-1] not in first


def _kept(item: Labelled, first: Axes, second: Axes) -> tuple[Axes, Axes]:
    """The two groups in the order in which they are stored: the last axis stays last."""
    return (first, second) if _last_stays_last(item, first, second) else (second, first)


def _strips(item: Labelled, stack: Axes, first: Axes, second: Axes) -> Strips | None:
    """How the matrices are windows over strips, where they are."""
    found = strips(item)
    rows = _kept(item, first, second)[0]
    return found if found and stack == (found.position,) and rows[:1] == (found.offset,) else None


def _stored(item: Labelled, stack: Axes, first: Axes, second: Axes) -> Array:
    """The item as a stack of matrices, transposed where that keeps its last axis last."""
    first, second = _kept(item, first, second)
    stack = tuple(x for x in stack if x in item.axes)
    arranged = ordered(item, (*stack, *first, *second))
    dims = [x.extent for x in stack]
    dims += [extent(group) for group in (first, second) if group or stack]
    return reshaped(arranged.array, tuple(dims))


def _matrix(item: Labelled, stack: Axes, first: Axes, second: Axes, book: Book) -> Array:
    """The item with dimensions (stack, first, second); copies of windows are kept for later use."""
    array = _stored(item, stack, first, second)
    if any(isinstance(node, Windows) for node in walk(array)):
        array = _columns(array, item, stack, first, second, book)
    if _last_stays_last(item, first, second) or len(array.shape) < 2:
        return array
    return _other_way(array)


def _columns(
    array: Array, item: Labelled, stack: Axes, first: Axes, second: Axes, book: Book
) -> Array:
    """The matrices under a name: those that are there, or views of strips, or a copy."""
    name = f"{root(array)}_columns"
    found = _strips(item, stack, first, second)
    if array not in book.known and found:
        book.known[array] = book.bind(name, matrices(found, *_kept(item, first, second), book))
    return book.bind(name, array)


def _product(g: Grouping, over: AbstractSet[Axis], book: Book) -> Labelled:
    left = _matrix(g.left, g.stack, g.rows, g.inner, book)
    right = _matrix(g.right, g.stack, g.inner, g.columns, book)
    padded = tuple(k for k, item in enumerate((g.left, g.right)) if is_padded(item.array))
    axes = (*g.stack, *g.rows, *g.columns)
    if _wants_columns(g, left, right):
        left, right = _other_way(right), Copied(_other_way(left))
        padded = tuple(1 - k for k in reversed(padded))
        axes = (*g.stack, *g.columns, *g.rows)
    result: Array = MatMul(left, right, padded)
    if gone := tuple(d for d, a in enumerate(g.stack) if a in over):
        result = Summed(result, gone)
    axes = tuple(a for a in axes if a not in over)
    return Labelled(reshaped(result, tuple(a.extent for a in axes)), axes)


def _wants_columns(g: Grouping, left: Array, right: Array) -> bool:
    """True where rows meet rows, for many results, and those of the left are few.

    Measured with OpenBLAS on the kernels' gradient of 12 maps from 150 columns over 512 positions,
    one core: 400 µs, and 200 with the transpose of the left copied, in float32; 520 and 340 in
    float64. Below `MANY_RESULTS` it has a way of its own, with more rows copying takes as long.
    """
    rows, columns = _count(g.rows), _count(g.columns)
    rows_by_rows = isinstance(right, Permuted) and not isinstance(left, Permuted)
    return bool(g.rows) and rows_by_rows and rows <= FEW_ROWS and rows * columns > MANY_RESULTS


def _other_way(array: Array) -> Array:
    """The transpose of every matrix of a stack."""
    rank = len(array.shape)
    return permuted(array, (*range(rank - 2), rank - 1, rank - 2))
