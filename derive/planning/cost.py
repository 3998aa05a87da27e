"""What a statement costs: enough to choose between two ways of computing one thing.

The unit is about a nanosecond on one core. Windows are copied and added row by row, and a row costs
a start as well as its elements. Fitted to the input gradient of a 5x5 convolution of 12 maps into 6
of 12x12 pixels, samples last: 12 µs a sample by shifted additions, 30 by padded windows (float64).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from derive.planning.arrays import (
    Array,
    Copied,
    MatMul,
    Name,
    Permuted,
    Reshaped,
    Shape,
    Sliced,
    size,
    walk,
)
from derive.planning.book import Statement
from derive.planning.windows import AddedWindows, Bands, Windows

NOMINAL = 32
"""Samples assumed where two ways are compared."""

ADD_ROW, ADD = 16.0, 0.8
COPY_ROW, COPY = 8.0, 0.7
FLOP = 1 / 30


def elements(shape: Shape, batch: int = NOMINAL) -> int:
    """Number of elements at this many samples."""
    count: int = size(shape).evaluate(lambda _: batch)
    return count


def cost(statements: Sequence[Statement]) -> float:
    """Time of these statements; views are free."""
    views = {s.target.name for s in statements if is_scattered(s.value, frozenset())}
    return sum(_cost(node, views) for s in statements for node in walk(s.value))


def _cost(node: Array, views: AbstractSet[str]) -> float:
    if isinstance(node, Name | Sliced | Windows | Bands | Permuted):
        return 0
    if isinstance(node, Reshaped):
        copies = is_scattered(node.source, views)
        return _by_rows(node.source, COPY_ROW, COPY) if copies else 0
    if isinstance(node, Copied):
        return _by_rows(node.source, COPY_ROW, COPY)
    if isinstance(node, AddedWindows):
        return _by_rows(node.source, ADD_ROW, ADD)
    if isinstance(node, MatMul):
        flops: int = node.flops.evaluate(lambda _: NOMINAL)
        return COPY * elements(node.shape) + FLOP * flops
    return COPY * (elements(node.shape) + sum(elements(a.shape) for a in node.operands))


def _by_rows(array: Array, row: float, element: float) -> float:
    return row * elements(array.shape[:-1]) + element * elements(array.shape)


def is_view(array: Array, views: AbstractSet[str]) -> bool:
    """True where the value is a variable's memory seen in another way; ``views`` are scattered."""
    if isinstance(array, Reshaped):
        return not is_scattered(array.source, views) and is_view(array.source, views)
    if isinstance(array, Sliced | Windows | Bands | Permuted):
        return is_view(array.source, views)
    return isinstance(array, Name)


def is_scattered(array: Array, views: AbstractSet[str]) -> bool:
    """True for a view whose elements do not follow each other: reshaping it copies."""
    if isinstance(array, Name):
        return array.name in views
    return isinstance(array, Sliced | Windows | Bands | Permuted)
