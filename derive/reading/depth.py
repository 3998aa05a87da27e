"""Banks of filters without a depth of their own: every filter sees the sum over the depth.

    (X @ F)(x, y, n) = sum_{u, v} F(u, v, n) sum_m X(x + u, y + v, m)

The last axis of both is the depth: of the left channels, of the right one for each filter. An array
without a depth has one layer.
"""

from __future__ import annotations

from collections.abc import Callable

from derive.expr import Summation
from derive.index import Index
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.convolution import Shape

OVER_DEPTH = " over depth"
PLANE = 2

Window = Callable[[ArrayValue, ArrayValue, Shape | None], ArrayValue]


def over_depth(
    left: ArrayValue, right: ArrayValue, expected: Shape | None, window: Window, at: int | None
) -> ArrayValue:
    """``window`` of the sum over the left's depth with every filter of the right.

    Raises `ShapeMismatch` for arrays of other than two or three dimensions, and as ``window``.
    """
    for array in (left, right):
        if array.rank not in (PLANE, PLANE + 1):
            raise ShapeMismatch(f"filters of two sides do not act on {array.shape}", offset=at)
    plane = None if expected is None else expected[:PLANE]
    one = window(_flattened(left), ArrayValue(right.axes[:PLANE], right.body), plane)
    return ArrayValue((*one.axes, *right.axes[PLANE:]), one.body)


def _flattened(array: ArrayValue) -> ArrayValue:
    """The sum over the depth."""
    if array.rank == PLANE:
        return array
    inner = array.axes[PLANE].like()
    places = (*map(Index.of, array.axes[:PLANE]), Index.of(inner))
    return ArrayValue(array.axes[:PLANE], Summation((inner,), array.at(places)))
