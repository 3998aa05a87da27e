"""Runs of a model: values and, by automatic differentiation of the interpreter, every adjoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from derive.equations import Model, adjoint_name
from derive.evaluate import Ranges, evaluate, integer_ranges
from derive.expr import Apply, Expr, accesses, walk
from derive.index import Axis, Size
from derive.run import run
from verify.branches import model_forks
from verify.differences import Difference, finite_difference
from verify.draws import drawn
from verify.jacobians import slope_ranges, slope_values, slopes_in
from verify.oracles import autograd_gradients
from verify.read_parts import Part, part_read
from verify.restrictions import Restriction
from verify.tolerance import UNIT, magnitude, model_roundings, roundings

SEED = 20240607
MOST_HALVINGS = 12
LARGE_EXPONENT = 100.0
Along = tuple[np.ndarray, Difference | None]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sample:
    """One run: ``env`` has every tensor's value and, under its adjoint name, its adjoint."""

    model: Model
    sizes: Mapping[Size, int]
    inputs: Mapping[str, np.ndarray]
    env: Mapping[str, np.ndarray]
    ranges: Ranges
    seed: int
    number: int = 0
    _along: dict[str, Along] = field(default_factory=dict, compare=False)
    _slopes: dict[tuple[str, Part], np.ndarray] = field(default_factory=dict, compare=False)

    @cached_property
    def roundings(self) -> int:
        """Roundings behind any entry of ``env``."""
        return model_roundings(self.model)

    @cached_property
    def branches(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """What every fork of the model decides here, and where it does so on a kink or a tie."""
        return [fork.taken(self.values) for fork in model_forks(self.model)]

    @property
    def bent(self) -> bool:
        """Whether the run lies on a kink that is no tie of a maximum."""
        pairs = zip(model_forks(self.model), self.branches, strict=True)
        return any(bool(kinks.any()) for fork, (_, kinks) in pairs if not fork.window)

    @property
    def kinked(self) -> bool:
        """Whether the run lies on a kink or a tie, where a derivative is a convention."""
        return any(bool(kinks.any()) for _, kinks in self.branches)

    def with_scalars(self, names: tuple[str, ...], draw: int = 0) -> Sample:
        """The sample with a positive random number for each of ``names``."""
        if not names:
            return self
        rng = np.random.default_rng((self.seed, draw))
        return self.with_values({name: np.asarray(rng.uniform(0.1, 2.0)) for name in names})

    def with_values(self, numbers: Mapping[str, np.ndarray]) -> Sample:
        """The sample with these numbers for symbols that no tensor has."""
        return self.with_arrays({name: (number, ()) for name, number in numbers.items()})

    def with_arrays(self, arrays: Mapping[str, tuple[np.ndarray, Spans]]) -> Sample:
        """The sample with these arrays, and where they start and end, for what no tensor is."""
        values = {name: array for name, (array, _) in arrays.items()}
        spans = {name: at for name, (_, at) in arrays.items()}
        return replace(self, env={**self.env, **values}, ranges={**self.ranges, **spans})

    def values(self, expr: Expr, axes: tuple[Axis, ...]) -> np.ndarray:
        """``expr`` over its free ``axes``."""
        env, ranges = self.env, self.ranges
        for name in slopes_in(expr):
            part = part_read(name, (expr,), slope_ranges(name, self.ranges))
            env = {**env, name: self.slope(name, part)}
            ranges = {**ranges, name: part}
        return np.asarray(evaluate(expr, axes, env, ranges))

    def slope(self, name: str, part: Part | None = None) -> np.ndarray:
        """The Jacobian of this name, or a part of it, by automatic differentiation."""
        key = (name, part or slope_ranges(name, self.ranges))
        if key not in self._slopes:
            self._slopes[key] = slope_values(self.model, self.env, name, key[1])
        return self._slopes[key]

    def pair(
        self, left: Expr, right: Expr, axes: tuple[Axis, ...], at: Mapping[str, int]
    ) -> tuple[float, float]:
        """Both sides at the index values ``at``, by the names of ``axes``."""
        place = tuple(at[a.name] - (a.lo.value or 0) for a in axes)
        return float(self.values(left, axes)[place]), float(self.values(right, axes)[place])

    def along(self, tensor: str) -> Along:
        """A random direction in ``tensor``, and the loss's derivative along it by differences."""
        if tensor not in self._along:
            rng = np.random.default_rng((self.seed, *tensor.encode()))
            direction = rng.normal(size=self.env[tensor].shape)
            seen = finite_difference(self.model, self.inputs, tensor, direction)
            self._along[tensor] = (direction, seen)
        return self._along[tensor]

    def slack(self, expr: Expr, axes: tuple[Axis, ...]) -> float:
        """How far rounding can move any element of ``expr`` (see `verify.tolerance`)."""
        steps = self.roundings + roundings(expr)
        with np.errstate(invalid="ignore"):
            largest = np.max(self.values(magnitude(expr), axes), initial=0.0)
        return UNIT * steps * float(largest)


def take_sample(
    model: Model, seed: int = SEED, restrictions: tuple[Restriction, ...] = (), number: int = 0
) -> Sample:
    """A run of ``model`` at the values of its sizes, by the manner of its ``number``.

    Where exponentials would be taken of large numbers all values are moved nearer to 0: the
    derivative of 1/exp(500) vanishes in doubles, that of a softmax with it. Raises `Problem` where
    the sizes do not fit.
    """
    fixed = model.at_sizes()
    values = drawn(fixed, seed, number)
    rng = np.random.default_rng((seed, number))
    ordinary = drawn(fixed, seed + number) if number and restrictions else values
    for restriction in restrictions:
        name = restriction.tensor
        values[name] = ordinary[name] = restriction.drawn(ordinary[name], rng)
    held = {r.tensor for r in restrictions}
    raised = _raised(fixed)
    for _ in range(MOST_HALVINGS if raised else 0):
        env = run(fixed, values)
        if max(float(np.max(np.abs(env[n]), initial=0.0)) for n in raised) <= LARGE_EXPONENT:
            break
        values = {n: a if n in held else a / 2 for n, a in values.items()}
    return replace(sample_at(model, values, seed), number=number)


@cache
def _raised_in(rhs: Expr) -> frozenset[str]:
    raised = (n for n in walk(rhs) if isinstance(n, Apply) and n.function == "exp")
    return frozenset(a.tensor for n in raised for a in accesses(n))


def _raised(model: Model) -> frozenset[str]:
    """The tensors of which exponentials are taken."""
    return frozenset().union(*(_raised_in(e.rhs) for e in model.equations))


def sample_at(model: Model, values: Mapping[str, np.ndarray], seed: int = SEED) -> Sample:
    """The run of ``model`` on these values of what it reads only. Raises as `take_sample`."""
    fixed = model.at_sizes()
    adjoints = autograd_gradients(fixed, values)
    env = {**run(fixed, values), **{adjoint_name(n): a for n, a in adjoints.items()}}
    return Sample(fixed, model.sizes, dict(values), env, integer_ranges(fixed), seed)
