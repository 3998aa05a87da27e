"""A stand-in for CuPy where there is no device: arrays that NumPy computes and nobody looks into.

An `OnDevice` array refuses what CuPy refuses (NumPy's arrays beside its own) and also what CuPy
does in silence: to become a number, a truth value or an array of NumPy, for each of these waits for
the device and copies. What is copied on purpose is counted in ``transfers``. ``fuse`` is as strict
as `cupy.fuse`: inside, there are elementwise functions of arrays and numbers and nothing else.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

ELEMENTWISE = frozenset(
    "abs add cos divide equal exp greater greater_equal isfinite isinf isnan less less_equal log "
    "log10 log1p logical_and logical_not logical_or maximum minimum multiply negative power sign "
    "signbit sin sqrt subtract tanh where".split()
)
"""What may stand in a fused function; all of it is CuPy's as well."""

OTHERS = frozenset(
    "any all argmax arange ascontiguousarray empty empty_like max mean min moveaxis ones repeat "
    "reshape stack sum zeros zeros_like".split()
)
"""What else there is, as far as emitted code may use it. Of `repeat` CuPy takes numbers only."""

OPERATIONS = "add sub mul truediv pow matmul and or"
COMPARISONS = "lt le gt ge eq ne"


class HiddenTransfer(TypeError):
    """Something would have copied from the device, or waited for it."""


class Counts:
    """How many kernels ran, and how many arrays came or went."""

    def __init__(self) -> None:
        self.kernels = self.transfers = 0


def _refused(*_: object, **__: object) -> Any:
    raise HiddenTransfer("an array on the device is no number, truth value or array of NumPy")


class OnDevice:
    """An array of a `Device`."""

    __array_ufunc__ = None
    __array__ = __bool__ = __int__ = __float__ = __index__ = __complex__ = __iter__ = _refused
    item = tolist = __contains__ = __round__ = __array_function__ = _refused
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, host: Any, home: Device) -> None:
        self._host, self._home = np.asarray(host), home

    shape = property(lambda self: self._host.shape)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    dtype = property(lambda self: self._host.dtype)
    strides = property(lambda self: self._host.strides)
    flags = property(lambda self: self._host.flags)

    @property
    def T(self) -> OnDevice:
        return OnDevice(self._host.T, self._home)

    def __len__(self) -> int:
        return len(self._host)

    def __repr__(self) -> str:
        return f"<{self.dtype} {self.shape} on the device>"

    def transpose(self, order: tuple[int, ...]) -> OnDevice:
        return OnDevice(self._host.transpose(order), self._home)

    def get(self) -> Any:
        """A copy on the host, which is counted."""
        self._home.counts.transfers += 1
        return self._host.copy()

    def __getitem__(self, places: Any) -> OnDevice:
        return OnDevice(self._host[_plain(places)], self._home)

    def __setitem__(self, places: Any, value: Any) -> None:
        if self._host[_plain(places)] is not value:
            self._host[_plain(places)] = self._home.opened(value)
        self._home.counts.kernels += 1

    def __neg__(self) -> OnDevice:
        return self._home.run(operator.neg, self)

    def __invert__(self) -> OnDevice:
        return self._home.run(operator.invert, self)


def _plain(places: Any) -> Any:
    """Slices and integers: to index with an array is another function, or waits for the device."""
    for place in places if isinstance(places, tuple) else (places,):
        if not (place is None or place is Ellipsis or isinstance(place, slice | int)):
            raise HiddenTransfer(f"an index of type {type(place).__name__}")
    return places


class Device:
    """The namespace: ``Device()`` is to emitted code what the module ``cupy`` is."""

    def __init__(self, version: str = "14.2.0") -> None:
        self.counts, self.__version__ = Counts(), version
        tricks = SimpleNamespace(as_strided=self._as_strided)
        self.lib = SimpleNamespace(stride_tricks=tricks)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in ELEMENTWISE | OTHERS:
            raise AttributeError(f"{name} is not there, or copies from the device")

        def function(*arguments: Any, **options: Any) -> Any:
            if any(isinstance(a, Traced) for a in arguments):
                return _traced(name, getattr(np, name), arguments, options)
            return self.run(getattr(np, name), *arguments, **options)

        return function

    def opened(self, value: Any) -> Any:
        """What is computed with: the array behind an `OnDevice`, a number as it is."""
        if isinstance(value, OnDevice):
            return value._host
        if isinstance(value, list | tuple):
            return type(value)(self.opened(v) for v in value)
        # A NumPy number is refused: it has a dtype, and 64 bits of it would spread.
        if isinstance(value, np.generic | np.ndarray):
            raise TypeError(f"Unsupported type {type(value)}")
        return value

    def run(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> OnDevice:
        """One operation on the device."""
        self.counts.kernels += 1
        with np.errstate(all="ignore"):  # a device raises no flags
            return OnDevice(function(*map(self.opened, arguments), **options), self)

    def asarray(self, value: Any, dtype: Any = None) -> OnDevice:
        """From the host, which is counted, or another dtype."""
        if isinstance(value, OnDevice):
            return OnDevice(value._host.astype(dtype or value.dtype, copy=False), self)
        self.counts.transfers += 1
        return OnDevice(np.array(value, dtype=dtype), self)

    def full(self, shape: Any, value: float, dtype: Any) -> OnDevice:
        """CuPy clears the memory where the value equals zero, be it negative."""
        return self.run(np.full, shape, value or 0.0, dtype=dtype)

    def _as_strided(self, x: OnDevice, shape: Any, strides: Any) -> OnDevice:
        return OnDevice(np.lib.stride_tricks.as_strided(x._host, shape, strides), self)

    def fuse(self, kernel_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """As `cupy.fuse`: one kernel for a function."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *arguments: self._fused(kernel_name, function, arguments)

        return decorate

    def _fused(self, name: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        assert name.isidentifier()
        if any(isinstance(a, Traced) for a in arguments):
            return function(*arguments)  # one fused function in another
        shapes = [a.shape for a in arguments if isinstance(a, OnDevice)]
        if not shapes:
            raise TypeError(f"{name} has no array to compute with")
        whole = np.broadcast_shapes(*shapes)
        self.counts.kernels += 1
        with np.errstate(all="ignore"):
            found = function(*(Traced(self.opened(a), whole) for a in arguments))
        results = found if isinstance(found, tuple) else (found,)
        for result in results:
            if result is not None and np.shape(result.host) != whole:
                raise TypeError(f"{name}: a result of shape {np.shape(result.host)}, not {whole}")
        opened = tuple(None if r is None else OnDevice(r.host, self) for r in results)
        return opened if isinstance(found, tuple) else opened[0]


class Traced:
    """What a fused function is called with: it knows operators and nothing else."""

    __array_ufunc__ = None
    __array__ = __bool__ = __int__ = __float__ = __index__ = __iter__ = __getitem__ = _refused
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, host: Any, whole: tuple[int, ...]) -> None:
        if not isinstance(host, np.ndarray | bool | int | float) or isinstance(host, np.generic):
            raise TypeError(f"{type(host).__name__} in a fused function")
        self.host, self.whole = host, whole

    def __neg__(self) -> Traced:
        return _traced("negative", np.negative, (self,), {})

    def __invert__(self) -> Traced:
        return _traced("logical_not", np.invert, (self,), {})

    def __rpow__(self, _: object) -> Any:
        raise TypeError("cupy.fuse knows no number to the power of an array")


def _traced(name: str, function: Any, arguments: tuple[Any, ...], options: Any) -> Traced:
    if name not in ELEMENTWISE or options:
        raise TypeError(f"{name} {options} in a fused function")
    whole = next(a.whole for a in arguments if isinstance(a, Traced))
    hosts = [a.host if isinstance(a, Traced) else Traced(a, whole).host for a in arguments]
    if not any(isinstance(host, np.ndarray) for host in hosts):
        raise TypeError(f"{name} of numbers has 64 bits in a fused function, and all after it")
    return Traced(np.asarray(function(*hosts)), whole)


def _binary(function: Callable[[Any, Any], Any], *, swapped: bool) -> Callable[[Any, Any], Any]:
    def operation(x: Any, y: Any) -> Any:
        pair = (y, x) if swapped else (x, y)
        if isinstance(x, OnDevice):
            return x._home.run(function, *pair)
        return _traced("add", function, pair, {})

    return operation


def _in_place(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def operation(x: Any, y: Any) -> Any:
        if isinstance(x, OnDevice):
            x._home.counts.kernels += 1
            with np.errstate(all="ignore"):
                function(x._host, x._home.opened(y))
            return x
        if np.shape(x.host) != x.whole:
            raise TypeError("a fused function writes to an array that is broadcast")
        function(x.host, y.host if isinstance(y, Traced) else y)
        return x

    return operation


for _name in f"{OPERATIONS} {COMPARISONS}".split():
    _function = getattr(operator, f"__{_name}__")
    for _kind in (OnDevice, Traced) if _name != "matmul" else (OnDevice,):
        setattr(_kind, f"__{_name}__", _binary(_function, swapped=False))
        if _name in COMPARISONS.split():
            continue
        if f"__r{_name}__" not in vars(_kind):
            setattr(_kind, f"__r{_name}__", _binary(_function, swapped=True))
        setattr(_kind, f"__i{_name}__", _in_place(getattr(operator, f"__i{_name}__")))
