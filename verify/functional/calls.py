"""Calling what a user wrote: nothing it does may reach the caller but as a verdict.

`Subject` is the function as numbers see it: one value at a vector, one claimed gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.functional.arguments import Arguments, Leaf, Types, Unfit
from verify.functional.arrays import (
    EPS,
    Vector,
    backend,
    dtype_name,
    is_complex,
    is_real,
    shape_of,
    to_vector,
)
from verify.functional.trees import Misfit, leaves, matched, rebuilt
from verify.verdict import Status

ROUNDINGS = 16.0
"""Between the value that moves by one rounding of the arguments and what all roundings can do."""


class Raised(Exception):
    """A user's function raised; the message names the exception."""


def call(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """``function(*arguments)``. Raises `Raised` for whatever it raises.

    An attempt to leave the program is one of them; what interrupts it from outside is not.
    """
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except (Exception, SystemExit, GeneratorExit) as error:
        text = str(error).strip().splitlines()
        raise Raised(f"{type(error).__name__}{': ' + text[0] if text else ''}") from error


@dataclass(frozen=True)
class Loss:
    """A function with one number as its value, and its gradient."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]

    def weigh(self, outputs: Sequence[tuple[str, Any]]) -> tuple[float, float]:
        """The value and its magnitude. Raises `Unfit` for anything but one number."""
        if len(outputs) != 1 or np.prod(shape_of(outputs[0][1]), dtype=int) != 1:
            shapes = ", ".join(str(shape_of(leaf)) for _, leaf in outputs)
            raise Unfit(
                Status.ILL_FORMED,
                f"f gives arrays of shapes {shapes}, a gradient is of one number: use vjp_check",
            )
        value = float(to_vector(outputs[0][1])[0])
        return value, abs(value)

    def pull(self, arguments: Sequence[Any], outputs: Any) -> tuple[Any, ...]:
        """What the backward function is called with."""
        return tuple(arguments)


@dataclass(frozen=True)
class Pullback:
    """A function of any outputs and its vector-Jacobian product, at one upstream gradient."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    upstream: tuple[Vector, ...]

    def weigh(self, outputs: Sequence[tuple[str, Any]]) -> tuple[float, float]:
        """The outputs times the upstream gradient, and the magnitude of this sum."""
        terms = [u * to_vector(a) for u, (_, a) in zip(self.upstream, outputs, strict=True)]
        return sum(float(t.sum()) for t in terms), sum(float(np.abs(t).sum()) for t in terms)

    def pull(self, arguments: Sequence[Any], outputs: Any) -> tuple[Any, ...]:
        """The arguments and, as arrays like the outputs, the upstream gradient."""
        waiting = iter(self.upstream)
        built = (
            _like(leaf, next(waiting)) if is_real(leaf) else None for _, leaf in leaves(outputs, "")
        )
        return (*arguments, rebuilt(outputs, built))


Pairing = Loss | Pullback
"""How outputs become one number, and what the backward function is called with."""


def _like(leaf: Any, values: Vector) -> Any:
    kind = backend(leaf)
    assert kind is not None
    built = kind.build(values.reshape(shape_of(leaf)), leaf, dtype_name(leaf))
    return built.detach() if kind.name == "torch" else built


def real_outputs(outputs: Any, name: str = "f(…)") -> list[tuple[str, Any]]:
    """The floating-point arrays in what a function gave.

    Raises `Unfit` where there is none, or a complex one.
    """
    found = []
    for path, leaf in leaves(outputs, name):
        if is_complex(leaf):
            raise Unfit(Status.UNDECIDED, f"{path} is complex: only real functions are judged")
        if is_real(leaf):
            found.append((path, leaf))
    if not found:
        kinds = sorted({type(leaf).__name__ for _, leaf in leaves(outputs, name)})
        raise Unfit(
            Status.ILL_FORMED,
            f"f gives no floating-point array but {', '.join(kinds) or 'nothing'}",
        )
    return found


class Subject:
    """The pair of functions at arguments of one precision.

    ``eps`` is the unit of the arithmetic, ``grid`` that of the arguments. ``evaluations`` counts.
    """

    def __init__(self, pairing: Pairing, arguments: Arguments, types: Types) -> None:
        self.pairing = pairing
        self.arguments = arguments
        self.types = types
        self.evaluations = 0
        judged = [leaf for n, _, leaf in arguments.slots if n in arguments.wrt and is_real(leaf)]
        self.grid = max(EPS[types(leaf)] for leaf in judged)
        outputs = self._outputs(arguments.start)
        self.eps = max([self.grid, *(EPS[dtype_name(leaf)] for _, leaf in real_outputs(outputs))])
        self._shapes = _shapes(outputs)

    def paired(self, pairing: Pairing) -> Subject:
        """The same functions with another upstream gradient."""
        return Subject(pairing, self.arguments, self.types)

    def _outputs(self, x: Vector) -> Any:
        self.evaluations += 1
        return call(self.pairing.forward, self.arguments.build(x, self.types))

    def weighed(self, x: Vector) -> tuple[float, float]:
        """The value at ``x`` and its magnitude; not numbers where the function has no value."""
        try:
            outputs = self._outputs(x)
            if _shapes(outputs) != self._shapes:
                return np.nan, np.nan
            return self.pairing.weigh(real_outputs(outputs))
        except Raised:
            return np.nan, np.nan

    def value(self, x: Vector) -> float:
        """The value at ``x``, not a number where the function has none."""
        return self.weighed(x)[0]

    def claimed(self, x: Vector) -> Claimed:
        """The gradient that the user's function gives at ``x``, right after its forward pass.

        Raises `Raised`; `Unfit` where the result is no gradient of these arguments.
        """
        given = self.arguments.build(x, self.types)
        outputs = call(self.pairing.forward, given)
        arguments = self.pairing.pull(given, outputs)
        return gathered(call(self.pairing.backward, arguments), self.arguments, self.eps)


@dataclass(frozen=True)
class Claimed:
    """A claimed gradient as a vector; ``missing`` arrays were ``None`` and are read as zero."""

    vector: Vector
    eps: float
    missing: tuple[Leaf, ...] = ()
    found: tuple[Any, ...] = ()


def gathered(result: Any, arguments: Arguments, eps: float) -> Claimed:
    """What a backward function returned, matched to the arguments. Raises `Unfit`."""
    try:
        by_path = dict(_paired(result, arguments))
    except Misfit as misfit:
        raise Unfit(Status.ILL_FORMED, str(misfit)) from misfit
    vector = np.zeros(arguments.start.size)
    missing, found = [], []
    for leaf in arguments.leaves:
        array = by_path[leaf.path]
        found.append(array)
        if array is None:
            missing.append(leaf)
        else:
            vector[leaf.start : leaf.stop] = _entries(array, leaf)
            eps = max(eps, 0.0 if type(array) is int else EPS[dtype_name(array)])
    return Claimed(vector, eps, tuple(missing), tuple(found))


def _paired(result: Any, arguments: Arguments) -> list[tuple[str, Any]]:
    """Paths of the arguments with the gradients that stand there.

    There may be one for every argument, or one for every argument that is differentiated by, and
    where that is one argument, it alone.
    """
    judged = [arguments.given[n] for n in arguments.judged]
    names = [arguments.names[n] for n in arguments.judged]
    if not isinstance(result, list | tuple) or (len(judged) == 1 and _fits(result, judged[0])):
        parts: Sequence[Any] = (result,)
    elif len(result) == len(judged):
        parts = result
    elif len(result) == len(arguments.given):
        parts = [result[n] for n in arguments.judged]
    else:
        raise Misfit(f"{len(result)} gradients are given, there are {_count(names)}")
    if len(parts) != len(judged):
        raise Misfit(f"one gradient is given, there are {_count(names)}")
    paired: list[tuple[str, Any]] = []
    for part, like, name in zip(parts, judged, names, strict=True):
        paired += [
            (path.removeprefix("the gradient of "), leaf)
            for path, leaf in matched(part, like, f"the gradient of {name}")
        ]
    return paired


def _fits(result: Any, like: Any) -> bool:
    try:
        return bool(list(matched(result, like, "")))
    except Misfit:
        return False


def _count(names: Sequence[str]) -> str:
    plural = "s" if len(names) != 1 else ""
    return f"{len(names)} argument{plural} to differentiate by: {', '.join(names)}"


def _entries(array: Any, leaf: Leaf) -> Vector:
    """The entries of one claimed array. Raises `Unfit` unless it has the form of its argument."""
    what = f"the gradient of {leaf.path}"
    if type(array) is int and not leaf.shape:
        return np.array([float(array)])
    kind = backend(array)
    if kind is None:
        raise Unfit(Status.ILL_FORMED, f"{what} is a {type(array).__name__}, not an array")
    if shape_of(array) != leaf.shape:
        raise Unfit(
            Status.ILL_FORMED, f"{what} has shape {shape_of(array)} instead of {leaf.shape}"
        )
    if kind.name != leaf.library and not {kind.name, leaf.library} <= {"numpy", "python"}:
        raise Unfit(Status.ILL_FORMED, f"{what} is of {kind.name}, {leaf.path} of {leaf.library}")
    if not is_real(array):
        raise Unfit(
            Status.ILL_FORMED, f"{what} has the type {dtype_name(array)}, {leaf.path} {leaf.dtype}"
        )
    return to_vector(array)


def _shapes(outputs: Any) -> list[tuple[int, ...]]:
    return [shape_of(leaf) for _, leaf in leaves(outputs, "") if is_real(leaf)]
