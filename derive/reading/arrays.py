"""Array-valued expressions: elementwise alignment, matrix products and transposes.

An array has its own axes with *literal* ranges: `S * K` computes with the indices as the author
counts them. Where two arrays of equal lengths but different origins meet element by element, one
shift per dimension aligns them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.errors import IllFormed
from derive.expr import Expr, Summation, Value, number, product, substitute
from derive.index import Axis, Index


class ShapeMismatch(IllFormed):
    """Shapes that do not fit; ``left`` and ``right`` are the extents."""


class OpenAxis(ShapeMismatch):
    """A function of vectors applied to a matrix: of each row or of each column, nobody says."""


@dataclass(frozen=True)
class ArrayValue:
    """``body`` over the array's own ``axes`` (and whatever indices are in scope).

    No axes: a number. One axis: a column, or a ``row``.
    """

    axes: tuple[Axis, ...]
    body: Expr
    row: bool = False

    @property
    def rank(self) -> int:
        """Number of dimensions."""
        return len(self.axes)

    @property
    def extents(self) -> tuple[Index, ...]:
        """Length of each dimension."""
        return tuple(a.extent for a in self.axes)

    @property
    def shape(self) -> str:
        """The shape for messages: ``10×192``, ``column of 10``, ``number``."""
        if not self.axes:
            return "a number"
        if self.rank == 1:
            return f"a {'row' if self.row else 'column'} of {self.extents[0]}"
        return "×".join(str(e) for e in self.extents)

    def map(self, function: Callable[[Expr], Expr]) -> ArrayValue:
        """``function`` applied element by element."""
        return ArrayValue(self.axes, function(self.body), self.row)

    def at(self, indices: tuple[Index, ...]) -> Expr:
        """The element at literal indices."""
        return substitute(self.body, dict(zip(self.axes, indices, strict=True)))


def scalar(body: Expr) -> ArrayValue:
    """A number as an array without dimensions."""
    return ArrayValue((), body)


def index_value(index: Index) -> ArrayValue:
    """An index or a size used as a number."""
    value = index.value
    return scalar(Value(index) if value is None else number(value))


def offsets(array: ArrayValue, axes: tuple[Axis, ...]) -> tuple[Index, ...]:
    """What is added to an index in ``axes`` to reach the same element of ``array``."""
    return tuple(mine.lo - other.lo for mine, other in zip(array.axes, axes, strict=True))


def aligned(array: ArrayValue, axes: tuple[Axis, ...], what: str, at: int | None = None) -> Expr:
    """``array``'s element over the given axes, shifted where the origins differ.

    Raises `ShapeMismatch` where the lengths are not equal.
    """
    if array.extents != tuple(a.extent for a in axes):
        other = ArrayValue(axes, array.body, array.row)
        turned = array.rank == 2 and array.extents[::-1] == other.extents
        raise ShapeMismatch(
            f"{what}: {array.shape} does not fit {other.shape}",
            offset=at,
            advice="the transpose would fit" if turned else "",
        )
    shifts = offsets(array, axes)
    return array.at(tuple(Index.of(a) + s for a, s in zip(axes, shifts, strict=True)))


def elementwise(
    left: ArrayValue,
    right: ArrayValue,
    combine: Callable[[Expr, Expr], Expr],
    what: str,
    at: int | None = None,
) -> ArrayValue:
    """``combine`` element by element; a number meets every element.

    Raises `ShapeMismatch` where the shapes differ, rows and columns included.
    """
    if not right.axes:
        return left.map(lambda body: combine(body, right.body))
    if not left.axes:
        return right.map(lambda body: combine(left.body, body))
    if not fits_elementwise(left, right):
        raise ShapeMismatch(f"{what}: {left.shape} does not fit {right.shape}", offset=at)
    body = combine(left.body, aligned(right, left.axes, what, at))
    return ArrayValue(left.axes, body, left.row)


def fits_elementwise(left: ArrayValue, right: ArrayValue) -> bool:
    """Whether the two have the same shape."""
    same = left.rank == right.rank and left.extents == right.extents
    return same and (left.rank != 1 or left.row == right.row)


def transpose(array: ArrayValue, at: int | None = None) -> ArrayValue:
    """Rows become columns. Raises `ShapeMismatch` for a number and beyond two dimensions."""
    if array.rank not in {1, 2}:
        raise ShapeMismatch(f"{array.shape} has no transpose", offset=at)
    if array.rank == 1:
        return ArrayValue(array.axes, array.body, not array.row)
    return ArrayValue(array.axes[::-1], array.body)


def _two(array: ArrayValue) -> tuple[Axis | None, Axis | None]:
    """The row and the column axis; ``None`` for a dimension of length one that is not written."""
    if array.rank == 2:
        return array.axes[0], array.axes[1]
    return (None, array.axes[0]) if array.row else (array.axes[0], None)


def fits_matmul(left: ArrayValue, right: ArrayValue) -> bool:
    """Whether the rows of ``left`` are as long as the columns of ``right``."""
    if not (0 < left.rank <= 2 and 0 < right.rank <= 2):
        return False
    inner, outer = _two(left)[1], _two(right)[0]
    one = Index.of(1)
    return (inner.extent if inner else one) == (outer.extent if outer else one)


def matmul(left: ArrayValue, right: ArrayValue, at: int | None = None) -> ArrayValue:
    """Matrix product; a column times a row is the outer product, a row times a column a number.

    Raises `ShapeMismatch` with both shapes, and says which transpose would fit.
    """
    if not (fits_matmul(left, right)):
        raise _mismatch(left, right, at)
    (top, inner), (outer, last) = _two(left), _two(right)
    first, second = left.body, right.body
    bound: tuple[Axis, ...] = ()
    if inner is not None and outer is not None:
        k = inner.like()
        bound = (k,)
        first = substitute(first, {inner: Index.of(k)})
        second = substitute(second, {outer: Index.of(k) + outer.lo - inner.lo})
    elif inner is not None:  # an axis of length one that only one side writes
        first = substitute(first, {inner: inner.lo})
    elif outer is not None:
        second = substitute(second, {outer: outer.lo})
    if top is not None and last is not None and top is last:
        fresh = last.like()
        second, last = substitute(second, {last: Index.of(fresh)}), fresh
    body = product(first, second)
    axes = tuple(a for a in (top, last) if a is not None)
    value = Summation(bound, body) if bound else body
    return ArrayValue(axes, value, row=top is None and last is not None)


def _mismatch(left: ArrayValue, right: ArrayValue, at: int | None) -> ShapeMismatch:
    advice = ""
    if left.rank <= 2 and right.rank <= 2:
        if fits_matmul(transpose(left), right):
            advice = "the transpose of the first factor would fit"
        elif fits_matmul(left, transpose(right)):
            advice = "the transpose of the second factor would fit"
        elif fits_matmul(transpose(left), transpose(right)):
            advice = "with both factors transposed the shapes would fit"
    message = f"matrix product of {left.shape} and {right.shape}: the shapes do not fit"
    return ShapeMismatch(message, offset=at, advice=advice)
