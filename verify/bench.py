"""What a model gives the judge: values, adjoints, and which of the engine's equations count.

A *sample* is one run of the model at integer sizes on random inputs, with every adjoint by
automatic differentiation of the interpreter. The engine's adjoint equations arrive as data; one
counts in a proof only if it gives the sample's adjoint on every sample, among them two small ones
of unequal extents where the model has sizes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

import numpy as np

from derive.equations import Equation, Model, adjoint_name, slope_of
from derive.errors import Problem
from derive.evaluate import OutOfRange, Ranges, evaluate, integer_ranges, run
from derive.expr import Expr, resize
from derive.index import Axis, Index, Size
from derive.pipeline import definitions, jacobians
from derive.steps import Derivation
from verify.branches import Fork, model_forks
from verify.differences import Difference, finite_difference
from verify.draws import drawn, finite
from verify.jacobians import needed_slopes, slope_ranges, slope_values, slopes_in
from verify.oracles import autograd_gradients
from verify.restrictions import Restriction, Values
from verify.shapes import unequal_sizes
from verify.subject import Subject
from verify.tolerance import UNIT, magnitude, model_roundings, roundings
from verify.trials import Trials
from verify.wholes import writes_vectors

SEED = 20240607
DRAWS = 4
"""Runs where restrictions leave inputs few different values."""
BRANCHING = ((2**14, 24), (2**18, 8))
"""Runs of what has branches, by the greatest number of terms of the model; larger ones `DRAWS`."""
SMALL_SAMPLES = 2
Along = tuple[np.ndarray, Difference | None]


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
    _slopes: dict[str, np.ndarray] = field(default_factory=dict, compare=False)

    @cached_property
    def roundings(self) -> int:
        """Roundings behind any entry of ``env``."""
        return model_roundings(self.model)

    @cached_property
    def branches(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """What every fork of the model decides here, and where it does so on a kink or a tie."""
        return [fork.taken(self.values) for fork in model_forks(self.model)]

    @property
    def kinked(self) -> bool:
        """Whether the run lies on a kink or a tie, where a derivative is a convention."""
        return any(bool(kinks.any()) for _, kinks in self.branches)

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

    Raises `Problem` where the sizes do not fit.
    """
    fixed = model.at_sizes()
    values = drawn(fixed, seed, number)
    rng = np.random.default_rng((seed, number))
    for restriction in restrictions:
        values[restriction.tensor] = restriction.drawn(values[restriction.tensor], rng)
    return replace(sample_at(model, values, seed), number=number)


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
        self._more: list[Sample] = []

    def restricted(self, *restrictions: Restriction) -> Bench:
        """The same model where inputs hold such values only; what is trusted stays so."""
        if restrictions not in self._restricted:
            bench = Bench(self.model, self.derivations, restrictions=restrictions)
            bench._whole = self._whole or self
            self._restricted[restrictions] = bench
        return self._restricted[restrictions]

    @cached_property
    def writes_vectors(self) -> bool:
        """Whether the model writes vectors as a whole (`verify.wholes`)."""
        return writes_vectors(self.model) if self._whole is None else self._whole.writes_vectors

    @cached_property
    def sample(self) -> Sample:
        """The run at the model's own sizes."""
        return self._sample or take_sample(self.model, SEED, self.restrictions)

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        """Where the model decides between branches."""
        return model_forks(self.fixed)

    def samples(self, branching: bool) -> Iterator[Sample]:
        """Runs at the own sizes, taken when first asked for: one, but more for what is ``branching``.

        The same where inputs hold few different values.
        """
        yield self.sample
        for number in range(1, self._draws(branching)):
            while len(self._more) < number:
                one = take_sample(self.model, SEED, self.restrictions, len(self._more) + 1)
                self._more.append(one)
            if finite(self._more[number - 1].env):
                yield self._more[number - 1]

    def _draws(self, branching: bool) -> int:
        discrete = any(r.values is not Values.SUM_TO_ONE for r in self.restrictions)
        if not branching:
            return DRAWS if discrete else 1
        work = self.trials.work
        return next((draws for most, draws in BRANCHING if work <= most), DRAWS)

    @cached_property
    def small(self) -> tuple[Sample, ...]:
        """Up to two runs at small, unequal sizes; none where the model has no sizes."""
        return tuple(islice(self._small_samples(), SMALL_SAMPLES))

    def _small_samples(self) -> Iterator[Sample]:
        for number, sizes in enumerate(unequal_sizes(self.model)):
            try:
                yield take_sample(self.model.resized(**sizes), SEED + 1 + number)
            except (Problem, ValueError):
                continue  # these sizes do not fit this model: the next ones may

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
        samples = (*islice(self.samples(bool(self.forks)), DRAWS), *self.small)
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
