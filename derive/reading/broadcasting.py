"""Two arrays that meet: open lengths settled, a bias spread over the rows of a matrix."""

from __future__ import annotations

from derive.expr import ONE
from derive.index import Axis
from derive.reading.arrays import ArrayValue, aligned, scalar
from derive.reading.lengths import is_ones, settled
from derive.reading.scope import Scope

Pair = tuple[ArrayValue, ArrayValue]


def met(left: ArrayValue, right: ArrayValue) -> Pair:
    """The two, to be combined element by element, with open lengths settled by each other."""
    if is_ones(left) and right.axes:
        return scalar(ONE), right
    if is_ones(right) and left.axes:
        return left, scalar(ONE)
    return settled(left, right.axes), settled(right, left.axes)


def met_in_product(left: ArrayValue, right: ArrayValue) -> Pair:
    """The two factors of a matrix product with the length that they share settled."""
    inner = _inner(left, last=True)
    outer = _inner(right, last=False)
    if inner is None or outer is None:
        return left, right
    return _with_length(left, inner, outer), _with_length(right, outer, inner)


def _inner(value: ArrayValue, last: bool) -> Axis | None:
    """The axis that a matrix product sums over; ``None`` for a length of one, not written."""
    if value.rank == 2:
        return value.axes[-1 if last else 0]
    return value.axes[0] if value.rank == 1 and value.row == last else None


def _with_length(value: ArrayValue, axis: Axis, like: Axis) -> ArrayValue:
    """``value`` with an open ``axis`` as long as ``like``; of the identity both axes."""
    both = tuple(like if a is axis or a.hi == axis.hi else a for a in value.axes)
    return settled(value, both)


def spread(left: ArrayValue, right: ArrayValue, scope: Scope) -> Pair:
    """A row that is added to every row of a matrix, or a column to every column, as a matrix."""
    for matrix, vector in ((left, right), (right, left)):
        if matrix.rank != 2 or vector.rank != 1:
            continue
        axis = matrix.axes[1 if vector.row else 0]
        if axis.extent != vector.axes[0].extent:
            continue
        body = aligned(vector, (axis,), "a sum")
        kind = "row" if vector.row else "column"
        scope.note(f"the {kind} of {axis.extent} meets every {kind} of the {matrix.shape}")
        wide = ArrayValue(matrix.axes, body)
        return (matrix, wide) if matrix is left else (wide, matrix)
    return left, right
