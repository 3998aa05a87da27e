"""What a model gives the judge: values, adjoints, and which of the engine's equations count.

A *sample* is one run of the model at integer sizes on random inputs, with every adjoint by
automatic differentiation of the interpreter. The engine's adjoint equations arrive as data; one
counts in a proof only if it gives the sample's adjoint on every sample, among them two small ones
of unequal extents where the model has sizes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from math import prod

import numpy as np

from derive.equations import Equation, Model, adjoint_name, slope_of
from derive.errors import Problem
from derive.evaluate import OutOfRange, Ranges, evaluate, integer_ranges, run
from derive.expr import Expr, resize
from derive.index import Axis, Index, Size
from derive.pipeline import definitions, jacobians
from derive.steps import Derivation
from verify.differences import Difference, finite_difference
from verify.jacobians import needed_slopes, slope_ranges, slope_values, slopes_in
from verify.oracles import autograd_gradients, random_values
from verify.restrictions import Restriction, Values
from verify.subject import Subject
from verify.tolerance import UNIT, magnitude, model_roundings, roundings
from verify.trials import Trials

SEED = 20240607
DRAWS = 4
"""Runs where restrictions leave inputs few different values."""
SMALL_SAMPLES = 2
SMALL_CHOICES = 60


@dataclass(frozen=True)
class Sample:
    """One run: ``env`` has every tensor's value and, under its adjoint name, its adjoint."""

    model: Model
    sizes: Mapping[Size, int]
    inputs: Mapping[str, np.ndarray]
    env: Mapping[str, np.ndarray]
    ranges: Ranges
    seed: int
    _along: dict[str, tuple[np.ndarray, Difference | None]] = field(
        default_factory=dict, compare=False
    )
    _slopes: dict[str, np.ndarray] = field(default_factory=dict, compare=False)

    @cached_property
    def roundings(self) -> int:
        """Roundings behind any entry of ``env``."""
        return model_roundings(self.model)

    def with_scalars(self, names: tuple[str, ...], draw: int = 0) -> Sample:
        """The sample with a positive random number for each of ``names``."""
        if not names:
            return self
        rng = np.random.default_rng((self.seed, draw))
        numbers = {name: np.asarray(rng.uniform(0.1, 2.0)) for name in names}
        bounds: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(names, ())
        return replace(self, env={**self.env, **numbers}, ranges={**self.ranges, **bounds})

    def values(self, expr: Expr, axes: tuple[Axis, ...]) -> np.ndarray:
        """``expr`` over its free ``axes``."""
        slopes = slopes_in(expr)
        env = {**self.env, **{n: self.slope(n) for n in slopes}} if slopes else self.env
        ranges = {**self.ranges, **{n: slope_ranges(n, self.ranges) for n in slopes}}
        return np.asarray(evaluate(expr, axes, env, ranges))

    def slope(self, name: str) -> np.ndarray:
        """The Jacobian of this name by automatic differentiation."""
        if name not in self._slopes:
            self._slopes[name] = slope_values(self.model, self.env, name)
        return self._slopes[name]

    def pair(
        self, left: Expr, right: Expr, axes: tuple[Axis, ...], at: Mapping[str, int]
    ) -> tuple[float, float]:
        """Both sides at the index values ``at``, by the names of ``axes``."""
        place = tuple(at[a.name] - (a.lo.value or 0) for a in axes)
        return float(self.values(left, axes)[place]), float(self.values(right, axes)[place])

    def along(self, tensor: str) -> tuple[np.ndarray, Difference | None]:
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
    model: Model, seed: int = SEED, restrictions: tuple[Restriction, ...] = ()
) -> Sample:
    """A run of ``model`` at the values of its sizes. Raises `Problem` where these do not fit."""
    fixed = model.at_sizes()
    rng = np.random.default_rng(seed)
    values = random_values(fixed, rng)
    for restriction in restrictions:
        values[restriction.tensor] = restriction.drawn(values[restriction.tensor], rng)
    return sample_at(model, values, seed)


def sample_at(model: Model, values: Mapping[str, np.ndarray], seed: int = SEED) -> Sample:
    """The run of ``model`` on these values of what it reads only. Raises as `take_sample`."""
    fixed = model.at_sizes()
    adjoints = autograd_gradients(fixed, values)
    env = {**run(fixed, values), **{adjoint_name(n): a for n, a in adjoints.items()}}
    return Sample(fixed, model.sizes, dict(values), env, integer_ranges(fixed), seed)


class Bench:
    """One model on the judge's bench. Samples and trust are computed once, when first needed."""

    def __init__(
        self,
        model: Model,
        derivations: Mapping[str, Derivation],
        sample: Sample | None = None,
        restrictions: tuple[Restriction, ...] = (),
    ) -> None:
        self.model = model
        self.fixed = model.at_sizes()
        self.derivations = derivations
        self.restrictions = restrictions
        self._sample = sample
        self._whole: Bench | None = None
        self._restricted: dict[tuple[Restriction, ...], Bench] = {}
        self._jacobians: dict[str, dict[str, Equation]] = {}

    def restricted(self, *restrictions: Restriction) -> Bench:
        """The same model where inputs hold such values only; what is trusted stays so."""
        if restrictions not in self._restricted:
            bench = Bench(self.model, self.derivations, restrictions=restrictions)
            bench._whole = self._whole or self
            self._restricted[restrictions] = bench
        return self._restricted[restrictions]

    @cached_property
    def sample(self) -> Sample:
        """The run at the model's own sizes."""
        return self._sample or take_sample(self.model, SEED, self.restrictions)

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Runs at the model's own sizes: one, but more where inputs hold few different values."""
        if all(r.values is Values.SUM_TO_ONE for r in self.restrictions):
            return (self.sample,)
        more = (take_sample(self.model, SEED + n, self.restrictions) for n in range(1, DRAWS))
        return (self.sample, *more)

    @cached_property
    def small(self) -> tuple[Sample, ...]:
        """Up to two runs at small, unequal sizes; none where the model has no sizes."""
        return tuple(islice(_small_samples(self.model), SMALL_SAMPLES))

    @cached_property
    def elsewhere(self) -> tuple[Bench, ...]:
        """The model at the sizes of the small runs."""
        sizes = ({s.name: n for s, n in sample.sizes.items()} for sample in self.small)
        models = (self.model.resized(**s) for s in sizes)
        return tuple(Bench(m, self.derivations, None, self.restrictions) for m in models)

    @cached_property
    def trials(self) -> Trials:
        """Runs in residues at the model's own sizes, where the engine's adjoints are borne out."""
        adjoints = {n: sized(d.equation, self.model.sizes) for n, d in self.derivations.items()}
        sizes = {s.name: n for s, n in self.model.sizes.items()}
        return Trials(Subject(self.fixed, adjoints, self.restrictions), sizes)

    @cached_property
    def trusted(self) -> frozenset[str]:
        """The tensors whose engine adjoint is that of automatic differentiation on every sample."""
        if self._whole is not None:
            return self._whole.trusted
        samples = (self.sample, *self.small)
        return frozenset(
            name
            for name, derivation in self.derivations.items()
            if all(_passes(derivation.equation, name, s) for s in samples)
        )

    @cached_property
    def known(self) -> dict[str, Equation]:
        """Equations that a proof for all sizes may use, least dependent first."""
        checked = {n: d for n, d in self.derivations.items() if n in self.trusted}
        return definitions(self.model, checked)

    @cached_property
    def known_here(self) -> dict[str, Equation]:
        """The same at the model's own sizes."""
        return {name: sized(e, self.model.sizes) for name, e in self.known.items()}

    def known_of(self, *exprs: Expr) -> dict[str, Equation]:
        """`known`, with the equations of the Jacobians that ``exprs`` read."""
        slopes = self._trusted_slopes(slopes_in(*exprs))
        return {**self.known, **slopes} if slopes else self.known

    def known_here_of(self, *exprs: Expr) -> dict[str, Equation]:
        """The same at the model's own sizes."""
        slopes = self._trusted_slopes(slopes_in(*exprs))
        here = {name: sized(e, self.model.sizes) for name, e in slopes.items()}
        return {**self.known_here, **here} if here else self.known_here

    def _trusted_slopes(self, names: tuple[str, ...]) -> dict[str, Equation]:
        """The engine's equations behind these Jacobians, so far as autograd bears them out."""
        found: dict[str, Equation] = {}
        for above in dict.fromkeys((slope_of(n) or ("",))[0] for n in names):
            if above not in self._jacobians:
                derived = jacobians(self.model, above).values()
                self._jacobians[above] = {e.tensor: e for e in derived}
            found |= self._jacobians[above]
        samples = self.small or (self.sample,)
        return {
            n: found[n]
            for n in needed_slopes(names, found)
            if all(_passes_slope(found[n], s) for s in samples)
        }


def sized(equation: Equation, sizes: Mapping[Size, int]) -> Equation:
    """The equation with the values of its sizes put in."""
    values = {size: Index.of(n) for size, n in sizes.items()}
    axes = tuple(
        Axis(a.name, a.lo.substitute(values), a.hi.substitute(values)) for a in equation.axes
    )
    along = {old: Index.of(new) for old, new in zip(equation.axes, axes, strict=True)}
    return replace(equation, axes=axes, rhs=resize(equation.rhs, values, along))


def _passes(equation: Equation, name: str, sample: Sample) -> bool:
    """Whether the engine's equation gives the adjoint that automatic differentiation gives."""
    here = sized(equation, sample.sizes)
    want = sample.env[adjoint_name(name)]
    try:
        got = sample.values(here.rhs, here.axes)
    except OutOfRange:
        return False
    slack = sample.slack(here.rhs, here.axes)
    return bool(np.all(np.abs(got - want) <= slack))


def _passes_slope(equation: Equation, sample: Sample) -> bool:
    """Whether the engine's Jacobian is that of automatic differentiation."""
    here = sized(equation, sample.sizes)
    got, want = sample.values(here.rhs, here.axes), sample.slope(equation.tensor)
    return bool(np.all(np.abs(got - want) <= sample.slack(here.rhs, here.axes)))


def _small_samples(model: Model) -> Iterator[Sample]:
    """Runs at small, unequal sizes, no two alike, those with the fewest entries first.

    No size is 1, because slips vanish there.
    """
    if not model.sizes:
        return
    shuffle = random.Random(SEED)
    drawn = (_unequal(model, shuffle) for _ in range(SMALL_CHOICES))
    choices = {tuple(sizes.values()): sizes for sizes in drawn}.values()
    for number, sizes in enumerate(sorted(choices, key=lambda c: _entries(model, c))):
        try:
            yield take_sample(model.resized(**sizes), SEED + 1 + number)
        except (Problem, ValueError):
            continue  # these sizes do not fit this model: the next ones may


def _unequal(model: Model, shuffle: random.Random) -> dict[str, int]:
    """2, 3, 4, 5, 2, … from any of them, given to the sizes in some order, at least their least."""
    start = shuffle.randrange(4)
    values = [2 + (start + k) % 4 for k in range(len(model.sizes))]
    shuffle.shuffle(values)
    return {s.name: max(v, s.least) for s, v in zip(model.sizes, values, strict=True)}


def _entries(model: Model, sizes: Mapping[str, int]) -> int:
    """Number of entries of all tensors at these sizes."""
    values = {s: Index.of(sizes[s.name]) for s in model.sizes}
    counts = [
        prod(e.substitute(values).value or 0 for e in t.extents) for t in model.tensors.values()
    ]
    return sum(counts)
