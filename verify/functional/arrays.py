"""Arrays of NumPy, CuPy, PyTorch and JAX, to and from NumPy: a table with one row for each library.

A library is touched only where an array of its own is at hand, hence never imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Entries = NDArray[np.intp]

EPS = {
    "bfloat16": 2.0**-7,
    "float16": 2.0**-10,
    "float32": 2.0**-23,
    "float64": 2.0**-52,
    "float": 2.0**-52,
    "longdouble": 2.0**-52,
    "float128": 2.0**-52,
}
"""Distance from 1 to the next number; more than double precision is not asked for."""


@dataclass(frozen=True)
class Backend:
    """How one library's arrays are read, built and copied.

    ``host`` gives a NumPy array; ``build(values, like, dtype)`` an array as ``like`` (same device)
    of that type; ``copy`` one that may be written to; ``double`` a context where float64 exists.
    """

    name: str
    host: Callable[[Any], NDArray[Any]]
    build: Callable[[Vector, Any, str], Any]
    copy: Callable[[Any], Any]
    double: Callable[[], AbstractContextManager[Any]] = nullcontext


def _numpy_build(values: Vector, like: Any, dtype: str) -> Any:
    built = np.array(values, dtype=dtype)
    return built[()] if isinstance(like, np.generic) else built


def _numpy_copy(array: Any) -> Any:
    return array if isinstance(array, np.generic) else np.array(array)


def _python_build(values: Vector, _like: Any, _dtype: str) -> float:
    return float(values)


def _cupy_build(values: Vector, like: Any, dtype: str) -> Any:
    with like.device:
        return sys.modules["cupy"].asarray(values, dtype=dtype)


def _torch_host(tensor: Any) -> NDArray[Any]:
    tensor = tensor.detach().cpu()
    wide = tensor.double() if tensor.is_floating_point() else tensor
    dense = wide.to_dense() if wide.layout is not sys.modules["torch"].strided else wide
    host: NDArray[Any] = dense.resolve_conj().numpy()
    return host


def _torch_build(values: Vector, like: Any, dtype: str) -> Any:
    torch = sys.modules["torch"]
    tensor = torch.tensor(values, dtype=getattr(torch, dtype), device=like.device)
    return tensor.requires_grad_(like.requires_grad)


def _torch_copy(tensor: Any) -> Any:
    return tensor.detach().clone().requires_grad_(tensor.requires_grad)


def _jax_build(values: Vector, like: Any, dtype: str) -> Any:
    jax = sys.modules["jax"]
    return jax.device_put(np.asarray(values, dtype=_numpy_type(dtype, like)), like.device)


def _numpy_type(dtype: str, like: Any) -> Any:
    """NumPy has no name of its own for bfloat16; JAX's arrays carry the type."""
    return dtype if dtype != "bfloat16" else like.dtype


def _jax_double() -> AbstractContextManager[Any]:
    context: AbstractContextManager[Any] = sys.modules["jax"].enable_x64(True)
    return context


def _same(array: Any) -> Any:
    return array


BACKENDS = {
    "numpy": Backend("numpy", np.asarray, _numpy_build, _numpy_copy),
    "python": Backend("python", np.asarray, _python_build, _same),
    "cupy": Backend("cupy", lambda a: a.get(), _cupy_build, lambda a: a.copy()),
    "torch": Backend("torch", _torch_host, _torch_build, _torch_copy),
    "jax": Backend("jax", np.asarray, _jax_build, _same, _jax_double),
}

_ROOTS = {"numpy": "numpy", "cupy": "cupy", "torch": "torch", "jax": "jax", "jaxlib": "jax"}


def backend(leaf: object) -> Backend | None:
    """The library that ``leaf`` is an array (or number) of; ``None`` for anything else."""
    if type(leaf) is float:
        return BACKENDS["python"]
    root = type(leaf).__module__.partition(".")[0]
    return BACKENDS.get(_ROOTS.get(root, "")) if hasattr(leaf, "dtype") else None


def dtype_name(leaf: Any) -> str:
    """The type of the entries, such as ``float32``, in the same words for every library."""
    return "float" if type(leaf) is float else str(leaf.dtype).rpartition(".")[2]


def is_real(leaf: object) -> bool:
    """True for arrays and numbers that a derivative can be taken by."""
    return backend(leaf) is not None and dtype_name(leaf) in EPS


def is_complex(leaf: object) -> bool:
    """True for complex arrays."""
    return type(leaf) is complex or (
        backend(leaf) is not None and dtype_name(leaf).startswith("complex")
    )


def shape_of(leaf: Any) -> tuple[int, ...]:
    """Its shape; a number has shape ()."""
    return () if type(leaf) is float else tuple(leaf.shape)


def to_vector(leaf: Any) -> Vector:
    """The entries in double precision, flat."""
    kind = backend(leaf)
    host = np.asarray(leaf) if kind is None else kind.host(leaf)
    return np.asarray(host, dtype=np.float64).reshape(-1)


def same_bits(one: Any, other: Any) -> bool:
    """Whether two arrays of one library hold the same entries (a NaN equals itself)."""
    kind = backend(one)
    if kind is None or one is other:
        return True
    here, there = kind.host(one), kind.host(other)
    if here.dtype.char == "g":  # extended precision, of which some bytes say nothing
        return np.array_equal(here, there, equal_nan=True)
    return here.shape == there.shape and here.tobytes() == there.tobytes()
