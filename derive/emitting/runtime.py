"""Functions that an emitted module carries with it, word for word, as far as it uses them.

They work on NumPy and CuPy arrays and, where an array has no ``strides``, in any namespace of the array
API standard. No function writes to its arguments.
"""

from __future__ import annotations

import itertools
import math
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np

Array = Any
Arrays = dict[str, Array]
Extents = tuple[int, ...]
Shapes = dict[str, tuple[int | str, ...]]


def _logistic(x: Array, xp: Any) -> Array:
    """1 / (1 + exp(-x)); clipping keeps exp finite, and NaN stays NaN."""
    largest = math.floor(math.log(float(xp.finfo(x.dtype).max)))
    e = xp.exp(-xp.clip(x, -largest, None))
    e += 1
    return 1 / e


def _softplus(x: Array, xp: Any) -> Array:
    """log(1 + exp(x)), without overflow."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


def _leaky_relu(x: Array, xp: Any) -> Array:
    """x where x > 0, else x / 100."""
    return xp.where(x <= 0, x / 100, x)


def _step(x: Array, xp: Any) -> Array:
    """1 where x > 0, else 0; NaN stays NaN."""
    return xp.where(x > 0, 1, xp.where(x <= 0, 0, x))


def _at(
    rank: int, axes: Extents, offset: Extents, count: Extents, stride: Extents, dilation: Extents
) -> tuple[slice, ...]:
    """Index of the elements that lie at one offset of every window."""
    index = [slice(None)] * rank
    for axis, u, n, s, d in zip(axes, offset, count, stride, dilation, strict=True):
        index[axis] = slice(d * u, d * u + s * (n - 1) + 1, s)
    return tuple(index)


def _offsets(width: Extents) -> Iterator[Extents]:
    """All offsets within a window."""
    return itertools.product(*map(range, width))


def _windows(
    x: Array,
    axes: Extents,
    count: Extents,
    width: Extents,
    stride: Extents = (),
    dilation: Extents = (),
    *,
    xp: Any,
) -> Array:
    """All windows of x: w[..., u, ..., i, ...] = x[..., stride * i + dilation * u, ...].

    The offsets u come in front of the first windowed axis, the positions i in place of the axes. A view
    where arrays have strides, else a copy.
    """
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    first = axes[0]
    shape = list(x.shape)
    for axis, n in zip(axes, count, strict=True):
        shape[axis] = n
    shape[first:first] = width
    if not hasattr(x, "strides"):
        parts = [x[_at(x.ndim, axes, u, count, stride, dilation)] for u in _offsets(width)]
        return xp.reshape(xp.stack(parts, axis=first), tuple(shape))
    steps = list(x.strides)
    for axis, s in zip(axes, stride, strict=True):
        steps[axis] *= s
    steps[first:first] = [x.strides[a] * d for a, d in zip(axes, dilation, strict=True)]
    return xp.lib.stride_tricks.as_strided(x, tuple(shape), tuple(steps))


def _add_windows(
    w: Array, axes: Extents, stride: Extents = (), dilation: Extents = (), *, xp: Any
) -> Array:
    """The transpose of _windows: every window is added where it lies, one offset at a time."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    first, last = axes[0], axes[0] + len(axes)
    width = w.shape[first:last]
    shape = [*w.shape[:first], *w.shape[last:]]
    count = tuple(shape[axis] for axis in axes)
    for axis, n, m, s, d in zip(axes, count, width, stride, dilation, strict=True):
        shape[axis] = s * (n - 1) + d * (m - 1) + 1
    total = xp.zeros(tuple(shape), dtype=w.dtype)
    for u in _offsets(width):
        part = w[(*(slice(None),) * first, *u, ...)]
        total[_at(total.ndim, axes, u, count, stride, dilation)] += part
    return total


def _window_sums(
    x: Array,
    axes: Extents,
    count: Extents,
    width: Extents,
    stride: Extents = (),
    dilation: Extents = (),
) -> Array:
    """Sums over windows, s[..., i, ...] = sum over u of x[..., stride * i + dilation * u, ...]."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    for axis, n, m, s, d in zip(axes, count, width, stride, dilation, strict=True):
        total = x[_at(x.ndim, (axis,), (0,), (n,), (s,), (d,))]
        for u in range(1, m):
            total = total + x[_at(x.ndim, (axis,), (u,), (n,), (s,), (d,))]
        x = total
    return x


def _spread(
    x: Array,
    axes: Extents,
    width: Extents,
    stride: Extents = (),
    dilation: Extents = (),
    *,
    xp: Any,
) -> Array:
    """The transpose of _window_sums: element i is added at stride * i + dilation * u for every u."""
    stride = stride or (1,) * len(axes)
    dilation = dilation or (1,) * len(axes)
    for axis, m, s, d in zip(axes, width, stride, dilation, strict=True):
        shape = list(x.shape)
        n = shape[axis]
        shape[axis] = s * (n - 1) + d * (m - 1) + 1
        total = xp.zeros(tuple(shape), dtype=x.dtype)
        for u in range(m):
            total[_at(x.ndim, (axis,), (u,), (n,), (s,), (d,))] += x
        x = total
    return x


def _pad(x: Array, widths: tuple[tuple[int, int], ...], xp: Any) -> Array:
    """x with (before, after) zeros around every axis."""
    shape = tuple(n + sum(w) for n, w in zip(x.shape, widths, strict=True))
    inside = tuple(slice(w[0], w[0] + n) for n, w in zip(x.shape, widths, strict=True))
    padded = xp.zeros(shape, dtype=x.dtype)
    padded[inside] = x
    return padded


def _glorot(
    rng: np.random.Generator, shape: Extents, fan_in: int, fan_out: int, dtype: Any, xp: Any
) -> Array:
    """Uniform within ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)."""
    limit = math.sqrt(6 / (fan_in + fan_out))
    return xp.asarray(rng.uniform(-limit, limit, shape), dtype=dtype)


def _check(arrays: Arrays, shapes: Shapes) -> None:
    """Raise ValueError for a missing name, a shape that does not fit or mixed dtypes."""
    batch: int | str = "batch"
    first = next(iter(shapes))
    for name, shape in shapes.items():
        if name not in arrays:
            raise ValueError(f"{name} is missing, shape {_show(shape)}")
        actual = tuple(getattr(arrays[name], "shape", ()))
        if batch == "batch" and shape[:1] == ("batch",) and actual:
            batch = actual[0]
        if batch == 0 or actual != tuple(batch if n == "batch" else n for n in shape):
            raise ValueError(f"{name} has shape {_show(actual)}, expected {_show(shape)}")
        if arrays[name].dtype != arrays[first].dtype:
            dtypes = f"{arrays[first].dtype} ({first}) and {arrays[name].dtype} ({name})"
            raise ValueError(f"mixed dtypes: {dtypes}")


def _show(shape: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def _to_numpy(x: Array) -> np.ndarray:
    """The array on the host: CuPy's is copied from the device."""
    return x.get() if hasattr(x, "get") else np.asarray(x)


def _write(path: str | os.PathLike[str], arrays: dict[str, Any]) -> None:
    """Write an .npz file whole or not at all: into a temporary file, then renamed."""
    path = os.fspath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
