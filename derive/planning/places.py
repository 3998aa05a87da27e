"""Where an index lands: positions in an array's dimension, counted from 0, as strided axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.errors import IllFormed
from derive.index import Axis, Index


@dataclass(frozen=True)
class Stride:
    """``step`` positions (at least one) for every value of ``axis``; backwards where reversed."""

    axis: Axis
    step: int
    count: int
    reverse: bool


@dataclass(frozen=True)
class Place:
    """Positions ``start + sum step_a * t_a`` in a dimension of length ``extent``.

    ``t_a`` counts the values of an axis from 0, from its upper end where the stride is reversed.
    Strides come widest first; of axes with a single value one is kept where there is no other.
    """

    start: int
    extent: int
    strides: tuple[Stride, ...]

    @property
    def stop(self) -> int:
        """One past the last position."""
        return self.start + sum(s.step * (s.count - 1) for s in self.strides) + 1

    @property
    def is_radix(self) -> bool:
        """True where the positions are consecutive and each is met once, as digits of a number."""
        unit = 1
        for stride in reversed(self.strides):
            if stride.step != unit:
                return False
            unit *= stride.count
        return True


def integer(index: Index) -> int:
    """The integer that an index without symbols is.

    Raises `IllFormed` where it depends on the number of samples.
    """
    if index.value is None:
        raise IllFormed(f"{index} is not a number: only whole batches can be indexed by a size")
    return index.value


def place(index: Index, lo: Index, hi: Index) -> Place:
    """Where ``index`` lands in a dimension that runs over ``lo..hi``."""
    start = integer(index.constant - lo)
    strides = []
    for axis in index.axes:
        step = integer(index.coefficient(axis))
        count = integer(axis.extent)
        start += step * integer(axis.lo if step > 0 else axis.hi)
        strides.append(Stride(axis, abs(step), count, step < 0 and count > 1))
    moving = [s for s in strides if s.count > 1]
    return Place(start, integer(hi - lo + 1), widest_first(moving or strides)[: len(moving) or 1])


def widest_first(strides: Iterable[Stride]) -> tuple[Stride, ...]:
    """Strides from the widest step to the narrowest, the longer axis first where they are equal."""
    return tuple(sorted(strides, key=lambda s: (-s.step, -s.count, s.axis.uid)))


def is_whole(index: Index, lo: Index, hi: Index) -> Axis | None:
    """The axis that runs once, forwards, over all of ``lo..hi``, if ``index`` is one."""
    for axis in index.axes:
        if index == Index.of(axis) and (axis.lo, axis.hi) == (lo, hi):
            return axis
    return None
