"""Functions that an emitted module carries with it, word for word, as far as it uses them.

They work on NumPy and CuPy arrays and, where an array has no ``strides``, in any namespace of the
array API standard. No function writes to its arguments. Lines fit in 88 columns, as the emitted
module's do.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
import tempfile
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

Array = Any
Arrays = dict[str, Array]
Ints = tuple[int, ...]
Slices = tuple[slice, ...]
Shapes = dict[str, tuple[int | str, ...]]

INPUTS: Shapes = {}
PARAMETERS: Shapes = {}


@functools.cache
def _direct(xp: Any) -> Any:
    """NumPy without the functions around its methods, which take longer than small arrays.

    Another namespace is what it is.
    """
    if xp is not np:
        return xp
    quick = {
        "reshape": lambda x, shape: x.reshape(shape),
        "repeat": lambda x, count, axis: x.repeat(count, axis=axis),
        "sum": functools.partial(np.add.reduce, axis=None),
        "max": functools.partial(np.maximum.reduce, axis=None),
    }
    return types.SimpleNamespace(**vars(np) | quick)


def _logistic(x: Array, xp: Any) -> Array:
    """1 / (1 + exp(-x)): 0 where exp overflows; NaN stays NaN."""
    e = -x
    into = {"out": e} if isinstance(e, np.ndarray) else {}
    with np.errstate(over="ignore"):
        e = xp.exp(e, **into)
    e += 1
    e **= -1
    return e


def _softplus(x: Array, xp: Any) -> Array:
    """log(1 + exp(x)), without overflow."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


def _leaky_relu(x: Array, xp: Any) -> Array:
    """x where x > 0, else x / 100."""
    return xp.where(x <= 0, x / 100, x)


def _step(x: Array, xp: Any) -> Array:
    """1 where x > 0, else 0; NaN stays NaN."""
    return xp.where(x > 0, 1, xp.where(x <= 0, 0, x))


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
    """Of windows of this shape, the shape that they cover, and where each offset lies."""
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
    """The transpose of _windows: each window is added where it lies, offset by offset."""
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


def _first_winner(x: Array, axes: int, xp: Any) -> Array:
    """1 at the first of the greatest elements over the last axes, else 0."""
    count = math.prod(x.shape[-axes:])
    first = xp.argmax(xp.reshape(x, (*x.shape[:-axes], count)), axis=-1)
    mask = xp.arange(count) == first[..., None]
    return xp.asarray(xp.reshape(mask, x.shape), dtype=x.dtype)


def _all_winners(x: Array, axes: int, xp: Any) -> Array:
    """1 at all of the greatest elements over the last axes, else 0."""
    greatest = xp.max(x, axis=tuple(range(-axes, 0)), keepdims=True)
    return xp.asarray(x == greatest, dtype=x.dtype)


def _winners_share(x: Array, axes: int, xp: Any) -> Array:
    """Equal parts of 1 at all of the greatest elements over the last axes, else 0."""
    mask = _all_winners(x, axes, xp)
    return mask / xp.sum(mask, axis=tuple(range(-axes, 0)), keepdims=True)


def _check(params: Arrays, inputs: Arrays, wanted: Iterable[str]) -> None:
    """Raise ValueError unless every array is there and fits, and all have one dtype."""
    arrays = {**inputs, **params}
    given = tuple(
        (name, getattr(x, "shape", ()), getattr(x, "dtype", None))
        for name, x in arrays.items()
    )
    if fault := _fault(given, tuple(wanted)):
        raise ValueError(fault)


@functools.lru_cache
def _fault(given: tuple[tuple[str, Ints, Any], ...], wanted: tuple[str, ...]) -> str:
    """What is wrong with arrays of these names, shapes and dtypes; empty if nothing is."""
    shapes = {name: INPUTS[name] for name in wanted} | PARAMETERS
    found = {name: (tuple(shape), dtype) for name, shape, dtype in given}
    batch: int | str = "batch"
    dtypes = {}
    for name, shape in shapes.items():
        if name not in found:
            return f"{name} {_show(shape)} is missing"
        actual, dtypes[found[name][1]] = found[name][0], name
        if batch == "batch" and shape[:1] == ("batch",) and actual:
            batch = actual[0]
        expected = (batch, *shape[1:]) if shape[:1] == ("batch",) else shape
        if actual != expected or batch == 0:
            return f"{name} has shape {_show(actual)}, not {_show(shape)}"
    known = all(str(dtype).endswith(("float32", "float64")) for dtype in dtypes)
    if len(dtypes) > 1 or not known:
        kinds = ", ".join(f"{name} is {dtype}" for dtype, name in dtypes.items())
        return f"all arrays must be float32, or all float64: {kinds}"
    return ""


def _show(shape: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def _to_numpy(x: Array) -> np.ndarray[Any, Any]:
    """The array on the host; CuPy's is copied from the device."""
    return x.get() if hasattr(x, "get") else np.asarray(x)


def _write(path: str | os.PathLike[str], arrays: Arrays) -> None:
    """Write an .npz file whole or not at all: under another name first, then renamed."""
    path = os.fspath(path)
    folder = os.path.dirname(path) or "."
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
