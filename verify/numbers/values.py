"""The model's values: what is declared or defined for what it only reads, and what follows.

A `Run` computes tensors and adjoints on demand, exactly or with fifty digits, and says what is
missing. ``rounding`` changes values after they are computed, for the question whether a displayed
number is right if intermediate values were rounded first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from derive.arithmetic import Numbers as NumberType
from derive.equations import Equation, Model, adjoint_of
from derive.errors import Problem
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Access, Expr, accesses
from derive.given import Numbers
from derive.index import Axis
from derive.loops import Loop, blocks
from derive.reading.scope import Scope
from derive.run import Spot, fill
from derive.scope import Ranges
from verify.bench import Bench
from verify.jacobians import slope_ranges
from verify.numbers.precision import PRECISE, Generic
from verify.restrictions import named_tensor

Array = Any
"""An object array of fractions, numbers of fifty digits, or ``None`` where nothing is known."""
Rounding = Callable[[Array], Array]


FAR = (10**6, 10**7)
"""Numbers between which what has no value is taken, larger than what a deck shows."""


class NoValue(Exception):
    """``names`` have no value, or not at the places that are read."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


def declared_values(model: Model, scope: Scope, values: Mapping[str, Numbers]) -> dict[str, Array]:
    """Arrays for the tensors (and scalars) that front matter gives values; ``model`` is at sizes.

    Raises `Problem` for an unknown symbol, one that an equation computes, or a wrong shape.
    """
    found: dict[str, Array] = {}
    for latex, numbers in values.items():
        name, _ = named_tensor(latex, scope)
        if name in model.by_tensor:
            raise Problem(f"values: {latex} is computed by an equation, it cannot be given")
        array = _array(numbers)
        shape = shape_of(model, name)
        if array is None or array.shape != shape:
            wanted = "×".join(map(str, shape)) or "a number"
            raise Problem(f"values: {latex} is given in another shape", expected=wanted)
        found[name] = array
    return found


def shape_of(model: Model, name: str) -> tuple[int, ...]:
    """The shape of a tensor or adjoint of a model at sizes; a scalar of a context has none."""
    tensor = model.tensors.get(adjoint_of(name) or name)
    return () if tensor is None else tuple(e.value or 0 for e in tensor.extents)


def _array(numbers: Numbers) -> Array | None:
    """The nested rows as an array, ``None`` where they are ragged."""
    if not isinstance(numbers, tuple):
        out = np.empty((), dtype=object)
        out[()] = numbers
        return out
    parts = [part for n in numbers if (part := _array(n)) is not None]
    shapes = {part.shape for part in parts}
    if len(parts) < len(numbers) or len(shapes) > 1:
        return None
    out = np.empty((len(parts), *(parts[0].shape if parts else ())), dtype=object)
    for k, part in enumerate(parts):
        out[k] = part if part.shape else part.item()
    return out


def empty(shape: tuple[int, ...]) -> Array:
    """An array of which nothing is known yet."""
    return np.full(shape, None, dtype=object)


def _is_begun(array: Array) -> bool:
    """Whether some entries have a value, and some have none."""
    return len({v is None for v in array.reshape(-1)}) > 1


def _completed(given: Mapping[str, Array], names: Sequence[str]) -> Iterator[dict[str, Array]]:
    """The same with large numbers for what is missing, and with their negatives.

    Either way round they decide the sign of whatever depends on them.
    """
    for seed, sign in product(range(2), (1, -1)):
        draw = random.Random(seed)
        found = dict(given)
        for name in names:
            found[name] = given[name].copy()
            for at, value in np.ndenumerate(given[name]):
                if value is None:
                    found[name][at] = Fraction(sign * draw.choice((-1, 1)) * draw.randint(*FAR))
        yield found


@dataclass
class Run:
    """Values of a number type on demand; ``given`` are arrays by name."""

    bench: Bench
    given: Mapping[str, Array]
    rounding: Mapping[str, Rounding] = field(default_factory=dict)
    number: NumberType = PRECISE
    _known: dict[str, Array] = field(default_factory=dict)

    def with_rounding(self, rounding: Mapping[str, Rounding]) -> Run:
        """The same values, but those rounded; what does not depend on them is not done again."""
        touched: dict[str, bool] = {}
        kept = {n: v for n, v in self._known.items() if not self._depends(n, rounding, touched)}
        return Run(self.bench, self.given, rounding, self.number, kept)

    def _depends(self, name: str, on: Mapping[str, Rounding], found: dict[str, bool]) -> bool:
        """Whether a value is one of ``on`` or computed from one; slopes are taken to be."""
        if name not in found:
            found[name] = False  # until it is known
            equation = None if name in self.given else self._equation(name)
            reads = () if equation is None else equation.reads
            found[name] = (
                name in on or "/∂" in name or any(self._depends(r, on, found) for r in reads)
            )
        return found[name]

    def value(self, name: str) -> Array:
        """The tensor or adjoint of this name.

        Raises `NoValue` where something that it depends on has no value, and what `evaluate`
        raises.
        """
        if name not in self._known and name in self._loops and name not in self.given:
            self._known |= self._through(self._loops[name])
        if name not in self._known:
            array = self._computed(name)
            self._known[name] = self.rounding[name](array) if name in self.rounding else array
        return self._known[name]

    @cached_property
    def _loops(self) -> dict[str, Loop]:
        """The recurrences by what they compute, those of adjoints too."""
        forward = self.bench.fixed.blocks
        if not any(isinstance(b, Loop) for b in forward):
            return {}
        adjoints = [e for n, e in self.bench.known_here.items() if adjoint_of(n) is not None]
        found = (b for b in (*forward, *blocks(adjoints)) if isinstance(b, Loop))
        return {n: loop for loop in found for n in loop.tensors}

    def _through(self, loop: Loop) -> dict[str, Array]:
        """All that a recurrence computes, place by place."""
        reads = dict.fromkeys(r for e in loop.equations for r in e.reads if r not in loop.tensors)
        env = {name: self._read(name) for name in reads}

        def rounded(spot: Spot, value: Array) -> Array:
            rounding = self.rounding.get(spot.equation.tensor)
            return value if rounding is None else rounding(value)

        ranges = {**self._ranges(reads), **{n: self._all_ranges[n] for n in loop.tensors}}
        try:
            fill((loop,), env, ranges, number=self.number, finish=rounded)
        except Generic as problem:
            raise NoValue(problem.message) from problem
        return {n: self.number.asarray(env[n]) for n in loop.tensors}

    def _computed(self, name: str) -> Array:
        if name in self.given:
            if any(v is None for v in self.given[name].flat):
                raise NoValue(name)
            return self.number.asarray(self.given[name])
        equation = self._equation(name)
        if equation is None:
            raise NoValue(name)
        return self._at(equation.rhs, equation.axes)

    def reads(self, name: str) -> tuple[str, ...]:
        """What is read to compute this tensor or adjoint; nothing of what is given."""
        equation = None if name in self.given else self._equation(name)
        return () if equation is None else tuple(equation.reads)

    def _equation(self, name: str) -> Equation | None:
        model = self.bench.fixed
        if name in model.by_tensor:
            return model.by_tensor[name]
        return self.bench.known_here.get(name)

    def at(self, expr: Expr, axes: tuple[Axis, ...]) -> Array:
        """``expr`` over its free axes, where all that it depends on has a value.

        Of two filters one may be given: what is the same whatever the other is depends on the one
        alone. Raises as `value`.
        """
        try:
            return self._at(expr, axes)
        except NoValue as problem:
            partly = [n for n in problem.names if n in self.given and _is_begun(self.given[n])]
            if len(partly) < len(problem.names):
                raise
            runs = [replace(self, given=g, _known={}) for g in _completed(self.given, partly)]
            try:
                first, *others = [run._at(expr, axes) for run in runs]
            except Problem:  # numbers that large have no exponential: it depends on them
                raise problem from None
            if not all(np.array_equal(first, other) for other in others):
                raise
            return first

    def _at(self, expr: Expr, axes: tuple[Axis, ...]) -> Array:
        """`at` where everything that is read has a value."""
        names = dict.fromkeys(a.tensor for a in accesses(expr))
        env: dict[str, Array] = {}
        missing: list[str] = []
        for name in names:
            try:
                env[name] = self._read(name)
            except NoValue as problem:
                missing += problem.names
        if missing:
            raise NoValue(*dict.fromkeys(missing))
        try:
            found = evaluate(expr, axes, env, self._ranges(names), number=self.number)
        except Generic as problem:
            raise NoValue(problem.message) from problem
        return self.number.asarray(found)

    def _read(self, name: str) -> Array:
        if "/∂" not in name:
            return self.value(name)
        if name not in self._known:
            found = self.bench.known_here_of(Access(name, ())).get(name)
            if found is None:
                raise NoValue(name)
            self._known[name] = self._at(found.rhs, found.axes)
        return self._known[name]

    @cached_property
    def _all_ranges(self) -> Ranges:
        return integer_ranges(self.bench.fixed)

    def _ranges(self, names: Mapping[str, None]) -> Ranges:
        ranges = self._all_ranges
        scalars: dict[str, Any] = {n: () for n in names if n not in ranges and "/∂" not in n}
        slopes = {n: slope_ranges(n, ranges) for n in names if "/∂" in n}
        return {**ranges, **scalars, **slopes}
