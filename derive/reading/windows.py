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
        step = _step(left, right, expected)
        if expected is None or step is None or mode not in ("", "valid"):
            raise
        scope.note(f"the {name} of {left.shape} and {right.shape} goes in steps of {step}")
        return _stepping(left, right if kind == "correlation" else rot180(right), expected, step)


def _step(left: ArrayValue, right: ArrayValue, expected: Shape | None) -> int | None:
    """The stride with which a window as large as ``right`` fits so often into ``left``."""
    if expected is None or not (left.rank == right.rank == len(expected)):
        return None
    steps = set()
    for large, small, wanted in zip(left.extents, right.extents, expected, strict=True):
        room, count = (large - small).value, (wanted - 1).value
        if room is None or count is None or room < 0 or count < 0:
            return None
        if count and room % count:
            return None
        if count:
            steps.add(room // count)
        elif room:
            return None
    return steps.pop() if len(steps) == 1 else None


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
