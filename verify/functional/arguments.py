"""A user's arguments as one vector of doubles, and back into arrays of their own kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from verify.functional.arrays import (
    BACKENDS,
    EPS,
    Vector,
    backend,
    dtype_name,
    is_complex,
    is_real,
    same_bits,
    shape_of,
    to_vector,
)
from verify.functional.trees import leaves, rebuilt
from verify.verdict import Status

Types = Callable[[Any], str]
"""Which type an array of the arguments is built with."""

TINY = 1e-100
"""Entries below this say nothing about how far arguments may be moved."""


class Unfit(Exception):
    """There is nothing to compare: the ``status`` and the message of the verdict."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


def own_type(leaf: Any) -> str:
    """The type that the user gave."""
    return dtype_name(leaf)


def double_type(leaf: Any) -> str:
    """Double precision, whatever the user gave."""
    return "float64" if EPS[dtype_name(leaf)] > EPS["float64"] else dtype_name(leaf)


@dataclass(frozen=True)
class Leaf:
    """One array that is differentiated by: entries ``start`` to ``stop`` of the vector."""

    path: str
    argument: int
    shape: tuple[int, ...]
    dtype: str
    library: str
    start: int

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def stop(self) -> int:
        return self.start + self.size

    def index(self, entry: int) -> tuple[int, ...]:
        """Where entry number ``entry`` of the whole vector stands in this array."""
        return tuple(int(n) for n in np.unravel_index(entry - self.start, self.shape))

    def named(self, entry: int) -> str:
        """The entry as Python would reach it."""
        index = self.index(entry)
        return f"{self.path}[{', '.join(map(str, index))}]" if index else self.path


class Arguments:
    """What the user's functions are called with; ``wrt`` are the numbers of those judged.

    Raises `Unfit` where nothing can be differentiated by.
    """

    def __init__(
        self, f: Callable[..., Any], given: Sequence[Any], wrt: Sequence[int] | None
    ) -> None:
        self.given = tuple(given)
        self.names = parameter_names(f, len(given))
        self.wrt = frozenset(range(len(given)) if wrt is None else wrt)
        if not self.wrt <= set(range(len(given))):
            raise Unfit(
                Status.ILL_FORMED, f"wrt={sorted(self.wrt)}, but there are {len(given)} arguments"
            )
        self.slots = [
            (number, path, leaf)
            for number, (name, tree) in enumerate(zip(self.names, self.given, strict=True))
            for path, leaf in leaves(tree, name)
        ]
        self.leaves = tuple(self._judged())
        if not sum(leaf.size for leaf in self.leaves):
            none = "no argument is a floating-point array to differentiate by"
            empty = "every array to differentiate by is empty"
            raise Unfit(Status.ILL_FORMED, empty if self.leaves else none)
        self.judged = sorted({leaf.argument for leaf in self.leaves})

    def _judged(self) -> Iterator[Leaf]:
        start = 0
        for number, path, leaf in self.slots:
            if number not in self.wrt:
                continue
            if is_complex(leaf):
                raise Unfit(
                    Status.UNDECIDED, f"{path} is complex: its real and imaginary part are needed"
                )
            kind = backend(leaf)
            if kind is not None and is_real(leaf):
                yield Leaf(path, number, shape_of(leaf), dtype_name(leaf), kind.name, start)
                start += prod(shape_of(leaf))

    @cached_property
    def start(self) -> Vector:
        """The arrays given, as a vector."""
        judged = {leaf.path for leaf in self.leaves}
        return np.concatenate([to_vector(a) for _, path, a in self.slots if path in judged])

    @cached_property
    def typical(self) -> Vector:
        """For each entry the size that entries of its array have; 1 where all of it is zero."""
        sizes = np.abs(self.start)
        for leaf in self.leaves:
            sizes[leaf.start : leaf.stop] = _spread(sizes[leaf.start : leaf.stop])
        return sizes

    @cached_property
    def scale(self) -> Vector:
        """For each entry its own size, or that of its array where it is zero or next to it."""
        sizes = np.abs(self.start)
        own = (sizes > 1e-9 * self.typical) & np.isfinite(sizes)
        return np.where(own, sizes, self.typical)

    def longest(self, direction: Vector) -> float:
        """How many of this step are as long as entries of their arrays, at least one."""
        moved = direction != 0
        size = np.maximum(self.scale, self.typical)[moved] / np.abs(direction[moved])
        return max(float(np.min(size, initial=np.inf)), 1.0) if moved.any() else 1.0

    def build(self, x: Vector, types: Types) -> tuple[Any, ...]:
        """Fresh arguments with the entries of ``x``; constants are copied."""
        values = self._values(x, types)
        return tuple(rebuilt(tree, values) for tree in self.given)

    def _values(self, x: Vector, types: Types) -> Iterator[Any]:
        judged = iter(self.leaves)
        for number, _, leaf in self.slots:
            kind = backend(leaf)
            if kind is None:
                yield leaf
            elif not is_real(leaf):
                yield kind.copy(leaf)
            elif number in self.wrt:
                here = next(judged)
                yield kind.build(x[here.start : here.stop].reshape(here.shape), leaf, types(leaf))
            elif types(leaf) == dtype_name(leaf):
                yield kind.copy(leaf)
            else:
                yield kind.build(to_vector(leaf).reshape(shape_of(leaf)), leaf, types(leaf))

    def changed(self, before: Sequence[Any], after: Sequence[Any]) -> str | None:
        """The path of the first array that differs between two calls' arguments."""
        pairs = zip(_flat(before), _flat(after), strict=True)
        for (one, other), (_, path, _) in zip(pairs, self.slots, strict=True):
            if not same_bits(one, other):
                return path
        return None

    def double(self) -> AbstractContextManager[Any]:
        """A context in which every library at hand has double precision."""
        stack = ExitStack()
        for name in sorted({leaf.library for leaf in self.leaves}):
            stack.enter_context(BACKENDS[name].double())
        return stack

    def leaf_of(self, entry: int) -> Leaf:
        """The array that an entry of the vector belongs to."""
        return next(leaf for leaf in self.leaves if leaf.start <= entry < leaf.stop)


def _flat(trees: Sequence[Any]) -> list[Any]:
    return [leaf for tree in trees for _, leaf in leaves(tree, "")]


def _spread(sizes: Vector) -> float:
    """The root mean square of what is finite and not nearly zero; 1 without any."""
    kept = sizes[np.isfinite(sizes) & (sizes > TINY)]
    largest = float(np.max(kept, initial=0.0))
    return largest * float(np.sqrt(np.mean((kept / largest) ** 2))) if kept.size else 1.0


def parameter_names(f: Callable[..., Any], count: int) -> tuple[str, ...]:
    """The names of ``f``'s first ``count`` positional parameters, or numbers where it has none."""
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # builtins and ufuncs do not always say
        parameters = []
    names = [p.name for p in parameters if p.kind in plain][:count]
    return (*names, *(f"x{number}" for number in range(len(names), count)))
