r"""Convolutions and correlations that are written as functions: ``\text{Correlação}(A, B)``.

As operators they have a mode (valid, full, same) by name or by the shape that the place asks for;
where no mode has that shape, equal steps along both directions may: a correlation with a stride.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import IllFormed
from derive.expr import Summation, product
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.convolution import MODES, Shape, convolve, correlate, rot180
from derive.reading.scope import Scope
from derive.reading.surface import Call, Name, Words

KINDS = ("convolution", "correlation")
WINDOWS = frozenset((*KINDS, *(f"{mode} {kind}" for mode in MODES for kind in KINDS)))
"""The catalogue names of functions that slide one array over another."""


def with_mode(function: tuple[str, int], node: Call) -> tuple[tuple[str, int], Call]:
    """``conv2(a, b, 'full')``: the mode as part of the function."""
    *arrays, last = node.args
    text = last.text if isinstance(last, Words) else last.base if isinstance(last, Name) else ""
    mode = text.strip("'’ ")
    if function[0] not in KINDS or mode not in MODES or len(arrays) != 2:
        return function, node
    return (f"{mode} {function[0]}", function[1]), replace(node, args=tuple(arrays))


def slid(
    name: str, values: list[ArrayValue], scope: Scope, expected: Shape | None, at: int
) -> ArrayValue:
    """The function ``name`` of two arrays. Raises `IllFormed` for another number of arguments."""
    if len(values) != 2:
        raise IllFormed(f"a {name} takes 2 arrays, not {len(values)}", offset=at)
    left, right = values
    mode, _, kind = name.rpartition(" ")
    slide = convolve if kind == "convolution" else correlate
    try:
        return slide(left, right, expected, scope, at, mode)
    except ShapeMismatch:
        found = _step(left, right, expected)
        if expected is None or found is None or mode not in ("", "valid"):
            raise
        step, leaves = found
        rest = f", which leaves a rest of the {left.shape}" if leaves else ""
        scope.note(f"the {name} of {left.shape} and {right.shape} goes in steps of {step}{rest}")
        return _stepping(left, right if kind == "correlation" else rot180(right), expected, step)


def _step(left: ArrayValue, right: ArrayValue, expected: Shape | None) -> tuple[int, bool] | None:
    """The stride with which a window as large as ``right`` fits so often into ``left``.

    The second tells that a rest of ``left`` is not reached. A stride that leaves none is meant
    where there is one; otherwise there must be only one that fits.
    """
    if expected is None or not (left.rank == right.rank == len(expected)):
        return None
    exact: list[set[int]] = []
    fitting: list[set[int]] = []
    for large, small, wanted in zip(left.extents, right.extents, expected, strict=True):
        room, count = (large - small).value, (wanted - 1).value
        if room is None or count is None or room < 0 or count < 0 or (room and not count):
            return None
        if count:
            exact.append({room // count} if room % count == 0 else set())
            fitting.append({*range(room // (count + 1) + 1, room // count + 1)})
    for steps, leaves in ((exact, False), (fitting, True)):
        common = set.intersection(*steps) if steps else set()
        if len(common) == 1:
            return common.pop(), leaves
    return None


def _stepping(left: ArrayValue, right: ArrayValue, expected: Shape, step: int) -> ArrayValue:
    """``out(x) = sum_u left(first + step (x - 1) + u) right(u)``, x from 1, u from 0."""
    axes = tuple(Axis(a.name, Index.of(1), e) for a, e in zip(left.axes, expected, strict=True))
    inner = tuple(b.like() for b in right.axes)
    places = tuple(
        a.lo + (Index.of(x) - 1) * step + (Index.of(u) - u.lo)
        for a, x, u in zip(left.axes, axes, inner, strict=True)
    )
    kernel = right.at(tuple(Index.of(u) for u in inner))
    return ArrayValue(axes, Summation(inner, product(left.at(places), kernel)))
