r"""What guards say, for display: windows that bound a summation axis, and double inequalities.

``[2a - i >= 0] [i + 1 - 2a >= 0]`` holds ``a`` in ``ceil(i/2)..floor((i+1)/2)``, one point
because the window is as wide as the stride. Guards with coefficient one stay inequalities,
``[1 <= i+u <= n]``: their limits would be no shorter than they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derive.index import Axis, Index, surely_nonnegative


@dataclass(frozen=True)
class Window:
    """``ceil(low / stride) <= axis <= floor(high / stride)``, as two ``guards`` say.

    ``fits_low`` and ``fits_high`` tell whether that surely stays in the axis's own range.
    """

    axis: Axis
    low: Index
    high: Index
    stride: Index
    guards: tuple[Index, Index]

    @property
    def is_point(self) -> bool:
        """Exactly one multiple of the stride lies in ``low..high``."""
        return self.high - self.low + 1 == self.stride

    @property
    def rounds_down(self) -> bool:
        """A point is said as a floor where that has less to say than a ceiling."""
        return len(self.high.terms) < len(self.low.terms)

    @property
    def fits_low(self) -> bool:
        """The least value is surely not below the axis's range."""
        return surely_nonnegative(self.low + self.stride - 1 - self.stride * self.axis.lo)

    @property
    def fits_high(self) -> bool:
        """The greatest value is surely not above the axis's range."""
        return surely_nonnegative(self.stride * (self.axis.hi + 1) - 1 - self.high)

    @property
    def starts_inside(self) -> bool:
        """The least value is surely not below the range's start, so that alone is the limit."""
        return surely_nonnegative(self.stride * self.axis.lo - self.low)

    @property
    def ends_inside(self) -> bool:
        """The greatest value is surely not below the range's end, so that alone is the limit."""
        return surely_nonnegative(self.high - self.stride * self.axis.hi)


def window(axis: Axis, guards: Sequence[Index], others: Iterable[Axis]) -> Window | None:
    """The window in which two of ``guards`` hold ``axis``; ``None`` where none or of stride one.

    A guard that also contains one of ``others``, axes bound beside it, gives no limit.
    """
    hidden = frozenset(others) - {axis}
    for below in guards:
        stride = below.coefficient(axis)
        if hidden & below.axes or stride.value == 1 or not surely_nonnegative(stride - 1):
            continue
        for above in guards:
            if above.coefficient(axis) == -stride and not hidden & above.axes:
                low, high = -below.without(axis), above.without(axis)
                return Window(axis, low, high, stride, (below, above))
    return None


@dataclass(frozen=True)
class Inequality:
    """``low <= body <= high``; a side may be missing."""

    low: Index | None
    body: Index
    high: Index | None


def inequalities(guards: Sequence[Index], read: Sequence[Index]) -> list[Inequality]:
    """The guards as few inequalities, pairs merged, about an index of ``read`` where one fits."""
    found: list[Inequality] = []
    rest = list(guards)
    while rest:
        guard = rest.pop(0)
        moving = _moving(guard)
        twin = next((g for g in rest if _moving(g) == -moving and moving.terms), None)
        if twin is not None:
            rest.remove(twin)
        found.append(_about(guard, twin, _chosen(moving, read)))
    return found


def _moving(index: Index) -> Index:
    """The part that runs with the axes."""
    return index - index.constant


def _chosen(moving: Index, read: Sequence[Index]) -> Index:
    """An index that is read and runs like ``±moving``; else that itself, with a leading plus."""
    for index in read:
        if moving.terms and _moving(index) in (moving, -moving):
            return index
    positive = sum(c > 0 for _, c in moving.terms) * 2 >= len(moving.terms)
    return moving if positive else -moving


def _about(guard: Index, twin: Index | None, body: Index) -> Inequality:
    if _moving(guard) == _moving(body):  # guard is body - low
        high = None if twin is None else body + twin
        return Inequality(body - guard, body, high)
    return Inequality(None if twin is None else body - twin, body, body + guard)
