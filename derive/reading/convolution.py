"""Convolution, correlation and rotation on literal indices, and the vectorisation of maps.

    (A * B)(x) = sum_u A(x - u) B(u)    (A corr B)(x) = sum_u A(x + u) B(u)    rot180(A)(x) = A(-x)

*valid* takes the x at which the smaller array lies inside the larger one, *full* all at which they
overlap (the larger is then zero outside, which the core says with guards), *same* the middle of
full, as many as the larger has.
"""

from __future__ import annotations

from derive.expr import Delta, Expr, Guard, Summation, product
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.scope import Scope

Shape = tuple[Index, ...]
MODES = ("valid", "full", "same")


def rot180(array: ArrayValue) -> ArrayValue:
    """``out(x) = A(-x)`` over the negated ranges."""
    axes = tuple(Axis(a.name, -a.hi, -a.lo) for a in array.axes)
    return ArrayValue(axes, array.at(tuple(-Index.of(a) for a in axes)), array.row)


def convolve(
    left: ArrayValue,
    right: ArrayValue,
    expected: Shape | None,
    scope: Scope,
    at: int | None = None,
    mode: str = "",
) -> ArrayValue:
    """``left * right`` in the mode that gives the ``expected`` shape.

    Raises `ShapeMismatch` where the dimensions differ in number, neither array is surely the larger
    or no mode gives the shape.
    """
    _same_rank(left, right, at)
    large, small = _ordered(left, right, scope, at)
    chosen = mode or _mode(large, small, expected, "convolution", scope, at)
    bounds = []
    for a, b in zip(large.axes, small.axes, strict=True):
        full = (a.lo + b.lo, a.hi + b.hi)
        valid = (a.lo + b.hi, a.hi + b.lo)
        bounds.append({"full": full, "valid": valid}.get(chosen) or _middle(full, a, b, at))
    axes = tuple(Axis(a.name, *r) for a, r in zip(large.axes, bounds, strict=True))
    inner = tuple(b.like() for b in small.axes)
    places = tuple(Index.of(x) - u for x, u in zip(axes, inner, strict=True))
    return _windowed(large, places, small, inner, axes, guarded=chosen != "valid")


def correlate(
    left: ArrayValue,
    right: ArrayValue,
    expected: Shape | None,
    scope: Scope,
    at: int | None = None,
    mode: str = "",
) -> ArrayValue:
    """``out(x) = sum_u left(x + u) right(u)``; modes and errors as in `convolve`."""
    return convolve(left, rot180(right), expected, scope, at, mode)


def vectorise(array: ArrayValue, columns: bool) -> ArrayValue:
    """All elements in one column, indices from 1.

    The first axis (the map) runs slowest; within a map the scan goes down each column (``columns``)
    or along each row. ``out[m] = sum_t [m = place(t)] A[t]``.
    """
    inner = tuple(a.like() for a in array.axes)
    place, total = _place(inner, columns)
    m = Axis("m", Index.of(1), total)
    body = array.at(tuple(Index.of(a) for a in inner))
    return ArrayValue((m,), Summation(inner, product(Delta(Index.of(m) - place), body)))


def unvectorise(
    vector: ArrayValue, expected: Shape, columns: bool, at: int | None = None
) -> ArrayValue:
    """The inverse of `vectorise` for an array of the ``expected`` shape, indices from 1.

    Raises `ShapeMismatch` where the vector has another number of elements.
    """
    axes = tuple(
        Axis(n, Index.of(1), e) for n, e in zip(_names(len(expected)), expected, strict=True)
    )
    place, total = _place(axes, columns)
    if vector.rank != 1 or vector.row or vector.extents[0] != total:
        target = "×".join(str(e) for e in expected)
        raise ShapeMismatch(
            f"{vector.shape} cannot be reshaped to {target}, which has {total} elements", offset=at
        )
    return ArrayValue(axes, vector.at((place - 1 + vector.axes[0].lo,)))


def _names(rank: int) -> tuple[str, ...]:
    return tuple("qijkl"[-rank:] if rank != 3 else "qij") if rank <= 5 else ("i",) * rank


def _place(axes: tuple[Axis, ...], columns: bool) -> tuple[Index, Index]:
    """The position (from 1) of an element in the scan, and the number of elements."""
    maps, inside = (axes[:-2], axes[-2:])
    fastest_first = (inside if columns else inside[::-1]) + maps[::-1]
    place, stride = Index.of(1), Index.of(1)
    for a in fastest_first:
        place = place + stride * (Index.of(a) - a.lo)
        stride = stride * a.extent
    return place, stride


def _same_rank(left: ArrayValue, right: ArrayValue, at: int | None) -> None:
    if left.rank != right.rank or not left.rank:
        raise ShapeMismatch(
            f"convolution of {left.shape} and {right.shape}: the numbers of dimensions differ",
            offset=at,
        )


def _ordered(
    left: ArrayValue, right: ArrayValue, scope: Scope, at: int | None
) -> tuple[ArrayValue, ArrayValue]:
    """The larger and the smaller array (the order does not matter to the sum)."""
    for large, small in ((left, right), (right, left)):
        pairs = zip(large.extents, small.extents, strict=True)
        if all(scope.holds(a - b) for a, b in pairs):
            return large, small
    raise ShapeMismatch(
        f"convolution of {left.shape} and {right.shape}: neither surely contains the other",
        offset=at,
    )


def _mode(
    large: ArrayValue,
    small: ArrayValue,
    expected: Shape | None,
    what: str,
    scope: Scope,
    at: int | None,
) -> str:
    pairs = list(zip(large.extents, small.extents, strict=True))
    shapes: dict[str, Shape] = {
        "valid": tuple(a - b + 1 for a, b in pairs),
        "full": tuple(a + b - 1 for a, b in pairs),
        "same": large.extents,
    }
    if expected is None or len(expected) != large.rank:
        scope.note(f"the {what} of {large.shape} and {small.shape} is taken as valid")
        return "valid"
    for mode in MODES:
        if shapes[mode] == expected:
            scope.note(f"the {what} of {large.shape} and {small.shape} is the {mode} one")
            return mode
    listed = ", ".join(f"{m} {'×'.join(map(str, s))}" for m, s in shapes.items())
    wanted = "×".join(map(str, expected))
    raise ShapeMismatch(
        f"the {what} of {large.shape} and {small.shape} has no mode of shape {wanted}: "
        f"it gives {listed}",
        offset=at,
    )


def _middle(full: tuple[Index, Index], a: Axis, b: Axis, at: int | None) -> tuple[Index, Index]:
    width = b.extent.value
    if width is None:
        raise ShapeMismatch("a 'same' convolution needs a kernel of known length", offset=at)
    start = full[0] + (width - 1) // 2
    return start, start + a.extent - 1


def _windowed(
    large: ArrayValue,
    places: tuple[Index, ...],
    small: ArrayValue,
    inner: tuple[Axis, ...],
    axes: tuple[Axis, ...],
    guarded: bool,
) -> ArrayValue:
    guards: list[Expr] = []
    if guarded:
        for place, a in zip(places, large.axes, strict=True):
            guards += [Guard(place - a.lo), Guard(a.hi - place)]
    window = large.at(places)
    kernel = small.at(tuple(Index.of(u) for u in inner))
    return ArrayValue(axes, Summation(inner, product(*guards, window, kernel)))
