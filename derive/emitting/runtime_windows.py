"""Functions that an emitted module carries where windows slide over an array.

What `derive.emitting.runtime` says of its functions holds for these too.
"""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

Array = Any
Ints = tuple[int, ...]
Slices = tuple[slice, ...]


@functools.cache
def _places(
    rank: int, axes: Ints, count: Ints, width: Ints, stride: Ints, dilation: Ints
) -> tuple[Slices, ...]:
    """For every offset within a window, the index of the elements that lie there."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    windows = zip(count, width, stride, dilation, strict=True)
    starts = ((range(0, d * m, d), s * (n - 1) + 1, s) for n, m, s, d in windows)
    slots = ([slice(a, a + reach, s) for a in at] for at, reach, s in starts)
    places = []
    for offset in itertools.product(*slots):
        index = [slice(None)] * rank
        for axis, slot in zip(axes, offset, strict=True):
            index[axis] = slot
        places.append(tuple(index))
    return tuple(places)


def _windows(
    x: Array,
    axes: Ints,
    count: Ints,
    width: Ints,
    stride: Ints = (),
    dilation: Ints = (),
    *,
    xp: Any,
) -> Array:
    """Windows w[..., u, ..., i, ...] = x[..., stride * i + dilation * u, ...].

    The offsets u come in front of the first windowed axis, the positions i in place of
    the axes. A view where arrays have strides, else a copy.
    """
    places = (axes, count, width, stride, dilation)
    if hasattr(x, "strides"):
        return _strided(x, *_window_steps(x.shape, x.strides, *places), xp)
    first = axes[0]
    shape, _ = _window_steps(x.shape, (0,) * x.ndim, *places)
    parts = [x[at] for at in _places(x.ndim, *places)]
    return xp.reshape(xp.stack(parts, axis=first), shape)


@functools.lru_cache
def _window_steps(
    shape: Ints,
    steps: Ints,
    axes: Ints,
    count: Ints,
    width: Ints,
    stride: Ints,
    dilation: Ints,
) -> tuple[Ints, Ints]:
    """Shape and strides of _windows on an array of this shape and these strides."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    lengths, moves = list(shape), list(steps)
    for axis, n, s in zip(axes, count, stride, strict=True):
        lengths[axis] = n
        moves[axis] *= s
    first = axes[0]
    lengths[first:first] = width
    moves[first:first] = [steps[a] * d for a, d in zip(axes, dilation, strict=True)]
    return tuple(lengths), tuple(moves)


def _bands(
    x: Array, count: int, width: int, stride: int = 1, dilation: int = 1, *, xp: Any
) -> Array:
    """Matrices m[i]: those x[stride * i + dilation * u], u < width, below each other.

    A view where arrays have strides and there is no dilation, else a copy.
    """
    _, rows, columns = x.shape
    shape = (count, width * rows, columns)
    if dilation == 1 and hasattr(x, "strides"):
        return _strided(x, shape, (stride * x.strides[0], *x.strides[1:]), xp)
    reach = dilation * (width - 1) + 1
    starts = range(0, stride * count, stride)
    parts = [xp.reshape(x[a : a + reach : dilation, ...], shape[1:]) for a in starts]
    return xp.stack(parts)


def _strided(x: Array, shape: Ints, steps: Ints, xp: Any) -> Array:
    """The memory of x with other strides, given in bytes, which stay within x."""
    if isinstance(x, np.ndarray) and x.flags.c_contiguous:
        return np.ndarray(shape, x.dtype, x, 0, steps)  # as_strided takes a while
    return xp.lib.stride_tricks.as_strided(x, shape, steps)


@functools.lru_cache
def _landing(
    shape: Ints, axes: Ints, stride: Ints, dilation: Ints
) -> tuple[Ints, tuple[tuple[Any, Slices], ...]]:
    """The shape that windows of this shape cover, and where each offset lies."""
    first, last = axes[0], axes[0] + len(axes)
    covered = [*shape[:first], *shape[last:]]
    width, count = shape[first:last], tuple(covered[axis] for axis in axes)
    steps = zip(stride or (1,) * len(axes), dilation or (1,) * len(axes), strict=True)
    for axis, m, (s, d) in zip(axes, width, steps, strict=True):
        covered[axis] = s * (covered[axis] - 1) + d * (m - 1) + 1
    places = _places(len(covered), axes, count, width, stride, dilation)
    offsets = itertools.product(*map(range, width))
    before = (slice(None),) * first
    pairs = zip(((*before, *u, ...) for u in offsets), places, strict=True)
    return tuple(covered), tuple(pairs)


def _add_windows(
    w: Array,
    axes: Ints,
    stride: Ints = (),
    dilation: Ints = (),
    *,
    xp: Any,
) -> Array:
    """The transpose of _windows: what windows hold is added where they lie."""
    shape, pairs = _landing(tuple(w.shape), axes, stride, dilation)
    total = xp.zeros(shape, dtype=w.dtype)
    (offset, first), *rest = pairs
    total[first] = w[offset]
    for offset, at in rest:
        total[at] += w[offset]
    return total


def _window_sums(
    x: Array,
    axes: Ints,
    count: Ints,
    width: Ints,
    stride: Ints = (),
    dilation: Ints = (),
) -> Array:
    """Sums s[..., i, ...] = sum over u of x[..., stride * i + dilation * u, ...]."""
    for first, *rest in _along(x.ndim, axes, count, width, stride, dilation):
        total = x[first] + x[rest[0]] if rest else x[first]
        for at in rest[1:]:
            total += x[at]
        x = total
    return x


@functools.cache
def _along(
    rank: int, axes: Ints, count: Ints, width: Ints, stride: Ints, dilation: Ints
) -> tuple[tuple[Slices, ...], ...]:
    """For one axis after the other the places of its offsets."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    windows = zip(axes, count, width, stride, dilation, strict=True)
    return tuple(_places(rank, *((n,) for n in window)) for window in windows)


def _spread(
    x: Array,
    axes: Ints,
    width: Ints,
    stride: Ints = (),
    dilation: Ints = (),
    *,
    xp: Any,
) -> Array:
    """The transpose of _window_sums: every element is added at all offsets."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    for axis, m, s, d in zip(axes, width, stride, dilation, strict=True):
        shape, n = list(x.shape), x.shape[axis]
        shape[axis] = s * (n - 1) + d * (m - 1) + 1
        total = xp.zeros(tuple(shape), dtype=x.dtype)
        for at in _places(x.ndim, (axis,), (n,), (m,), (s,), (d,)):
            total[at] += x
        x = total
    return x
