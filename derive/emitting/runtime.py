"""Functions that an emitted module carries with it, word for word, as far as it uses them.

They work on NumPy and CuPy arrays and, where an array has no ``strides``, in any namespace of the
array API standard. No function writes to its arguments. Lines fit in 88 columns, as the emitted
module's do.
"""

from __future__ import annotations

import functools
import math
import os
import tempfile
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Array = Any
Arrays = dict[str, Array]
Ints = tuple[int, ...]
Shapes = dict[str, tuple[int | str, ...]]

INPUTS: Shapes = {}
PARAMETERS: Shapes = {}


@functools.cache
def _direct(xp: Any) -> Any:
    """NumPy without the functions around its methods, slower than small arrays.

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
    direct = types.ModuleType("direct")
    vars(direct).update(vars(np), **quick)
    return direct


def _fused(function: Callable[..., Array]) -> Callable[..., Array]:
    """A function of arrays and, last, xp: one kernel with CuPy 14 (cupy.fuse).

    Before, a number among the arguments would make 64 bits of 32 there.
    """

    @functools.cache
    def best(xp: Any) -> Callable[..., Array]:
        if getattr(xp, "fuse", None) is None or int(xp.__version__.split(".")[0]) < 14:
            return function
        fuse = xp.fuse(kernel_name=f"fused{function.__name__}")
        kernel = fuse(lambda *arrays: function(*arrays, xp))
        return lambda *arguments: kernel(*arguments[:-1])

    @functools.wraps(function)
    def call(*arguments: Any) -> Array:
        return best(arguments[-1])(*arguments)

    return call


@_fused
def _logistic(x: Array, xp: Any) -> Array:
    """1 / (1 + exp(-x)): 0 where exp overflows; NaN stays NaN."""
    e = -x
    into = {"out": e} if isinstance(e, np.ndarray) else {}
    with np.errstate(over="ignore"):
        e = xp.exp(e, **into)
    e += 1
    e **= -1
    return e


@_fused
def _softplus(x: Array, xp: Any) -> Array:
    """log(1 + exp(x)), without overflow."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


@_fused
def _leaky_relu(x: Array, xp: Any) -> Array:
    """x where x > 0, else x / 100."""
    return xp.where(x <= 0, x / 100, x)


@_fused
def _step(x: Array, xp: Any) -> Array:
    """1 where x > 0, else 0; NaN stays NaN."""
    return xp.where(x > 0, 1, xp.where(x <= 0, 0, x))


def _first_winner(x: Array, axes: int, xp: Any) -> Array:
    """1 at the first of the greatest elements over the last axes, else 0."""
    count = math.prod(x.shape[-axes:])
    first = xp.argmax(xp.reshape(x, (*x.shape[:-axes], count)), axis=-1)
    mask = xp.arange(count) == first[..., None]
    return xp.asarray(xp.reshape(mask, x.shape), dtype=x.dtype)


def _all_winners(x: Array, axes: int, xp: Any) -> Array:
    """1 at all of the greatest elements over the last axes, NaN before any, else 0."""
    greatest = xp.max(x, axis=tuple(range(-axes, 0)), keepdims=True)
    return xp.asarray((x == greatest) | xp.isnan(x), dtype=x.dtype)


def _winners_share(x: Array, axes: int, xp: Any) -> Array:
    """Equal parts of 1 at all of the greatest elements over the last axes, else 0."""
    mask = _all_winners(x, axes, xp)
    return mask / xp.sum(mask, axis=tuple(range(-axes, 0)), keepdims=True)


def _check(params: Arrays, inputs: Arrays, wanted: Iterable[str]) -> None:
    """Raise ValueError unless every array is there and fits, and all have one dtype."""
    arrays = {**inputs, **params}
    shapes = tuple([getattr(x, "shape", ()) for x in arrays.values()])
    dtypes = tuple([getattr(x, "dtype", None) for x in arrays.values()])
    if fault := _fault(tuple(wanted), tuple(arrays), shapes, dtypes):
        raise ValueError(fault)


@functools.lru_cache
def _fault(
    wanted: tuple[str, ...],
    names: tuple[str, ...],
    shapes: tuple[Ints, ...],
    kinds: tuple[Any, ...],
) -> str:
    """What is wrong with arrays of these shapes and dtypes; empty where nothing is."""
    given = dict(zip(names, zip(shapes, kinds, strict=True), strict=True))
    batch: int | str = "batch"
    dtypes = {}
    for name, shape in ({n: INPUTS[n] for n in wanted} | PARAMETERS).items():
        if name not in given:
            return f"{name} {_show(shape)} is missing"
        actual, dtype = given[name]
        dtypes[dtype] = name
        if batch == "batch" and shape[:1] == ("batch",) and actual:
            batch = actual[0]
        expected = (batch, *shape[1:]) if shape[:1] == ("batch",) else shape
        if actual != expected or batch == 0:
            return f"{name} has shape {_show(actual)}, not {_show(shape)}"
    known = all(str(dtype).endswith(("float32", "float64")) for dtype in dtypes)
    if len(dtypes) > 1 or not known:
        found = ", ".join(f"{name} is {dtype}" for dtype, name in dtypes.items())
        return f"all arrays must be float32, or all float64: {found}"
    return ""


def _show(shape: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def _to_numpy(x: Array) -> np.ndarray[Any, Any]:
    """The array on the host; CuPy's is copied from the device."""
    return x.get() if hasattr(x, "get") else np.asarray(x)


def _write(path: str | os.PathLike[str], arrays: Arrays) -> None:
    """Write an .npz file whole or not at all: first under another name."""
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
