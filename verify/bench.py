"""What a model gives the judge: values, adjoints, and which of the engine's equations count.

A *sample* is one run of the model at integer sizes on random inputs, with every adjoint by
automatic differentiation of the interpreter. The engine's adjoint equations arrive as data; one
counts in a proof only if it gives the sample's adjoint on every sample, among them two small ones
of unequal extents where the model has sizes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

import numpy as np

from derive.equations import Equation, Model, adjoint_name, sized, slope_of
from derive.errors import Problem
from derive.evaluate import OutOfRange
from derive.expr import Expr
from derive.pipeline import definitions, gradients, jacobians
from derive.stand_in import concrete
from derive.steps import Derivation
from verify.branches import Fork, model_forks
from verify.draws import FARTHEST, finite
from verify.jacobians import needed_slopes, slopes_in
from verify.recent import Recent
from verify.restrictions import CONTINUOUS, Restriction, decides
from verify.samples import SEED, Sample, sample_at, take_sample
from verify.shapes import unequal_sizes
from verify.slope_trust import passes_slope
from verify.subject import Subject
from verify.trials import Trials
from verify.wholes import writes_vectors

__all__ = ["SEED", "Bench", "Sample", "sample_at", "sized", "take_sample"]

DRAWS = 4
"""Runs where restrictions leave inputs few different values."""
BRANCHING = ((2**14, FARTHEST), (2**18, 8))
"""Runs of what has branches, by the greatest number of terms of the model; larger ones `DRAWS`."""
SMALL_SAMPLES = 2
MOST_RESIZED = 16
"""Benches at other sizes that are kept."""


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
        self._origin: Bench | None = None
        self._restricted: dict[tuple[Restriction, ...], Bench] = {}
        self._jacobians: dict[str, dict[str, Equation]] = {}
        self._trusted_jacobians: dict[str, bool] = {}
        self._at: Recent[Bench] = Recent(MOST_RESIZED)
        self._given: Recent[Bench] = Recent(MOST_RESIZED)
        self._more: list[Sample] = []

    def restricted(self, *restrictions: Restriction) -> Bench:
        """The same model where inputs hold such values only; what is trusted stays so."""
        if restrictions not in self._restricted:
            self._restricted[restrictions] = self._with(self.model, restrictions)
        return self._restricted[restrictions]

    def _with(self, model: Model, restrictions: tuple[Restriction, ...]) -> Bench:
        """A bench that asks this one, or that from which this one was made, what holds for both."""
        bench = Bench(model, self.derivations, restrictions=restrictions)
        bench._origin = self.origin
        return bench

    @property
    def origin(self) -> Bench:
        """The bench that finds out what depends on neither sizes nor values: shapes to try, trust.

        An equation counts where it has passed at the first sizes and at two small, unequal shapes.
        """
        return self._origin or self

    @cached_property
    def concrete(self) -> Bench:
        """The bench of the model that code computes, with stand-ins for generic functions."""
        if not self.model.stand_ins:
            return self
        model = concrete(self.model)
        if self._origin is not None:
            return self._origin.concrete._with(model, self.restrictions)
        return Bench(model, gradients(model)).restricted(*self.restrictions)

    def given(self, tensor: str) -> Bench:
        """The model in which this computed tensor is only read: all behind it as it depends on."""

        def make() -> Bench:
            without = self.model.without({tensor})
            model = replace(without, parameters=(*without.parameters, tensor))
            return Bench(model, gradients(model), restrictions=self.restrictions)

        return self._given.get(tensor, make)

    @cached_property
    def writes_vectors(self) -> bool:
        """Whether the model writes vectors as a whole (`verify.wholes`)."""
        return self._origin.writes_vectors if self._origin else writes_vectors(self.model)

    @cached_property
    def of_loss(self) -> frozenset[str]:
        """The tensors on which the loss depends, itself among them; all where there is none."""
        if self._origin is not None:
            return self._origin.of_loss
        if self.model.loss is None:
            return frozenset(self.model.tensors)
        found, waiting = set(), [self.model.loss]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [r for e in self.model.equations if e.tensor == name for r in e.reads]
        return frozenset(found)

    @cached_property
    def sample(self) -> Sample:
        """The run at the model's own sizes."""
        return self._sample or take_sample(self.model, SEED, self.restrictions)

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        """Where the model decides between branches."""
        return model_forks(self.fixed)

    def decided(self, expr: Expr) -> bool:
        """Whether restrictions leave ``expr`` one value."""
        return bool(self.restrictions) and decides(self.restrictions, self.fixed, expr)

    def samples(self, branching: bool) -> Iterator[Sample]:
        """Runs at the model's own sizes, taken when first asked for.

        One, but more for what is ``branching`` and where inputs hold few different values.
        """
        yield self.sample
        for number in range(1, self._draws(branching)):
            while len(self._more) < number:
                one = take_sample(self.model, SEED, self.restrictions, len(self._more) + 1)
                self._more.append(one)
            if finite(self._more[number - 1].env):
                yield self._more[number - 1]

    def _draws(self, branching: bool) -> int:
        discrete = any(r.values not in CONTINUOUS for r in self.restrictions)
        if not branching:
            return DRAWS if discrete else 1
        work = self.trials.work
        return next((draws for most, draws in BRANCHING if work <= most), DRAWS)

    @cached_property
    def small(self) -> tuple[Sample, ...]:
        """Up to two runs at small, unequal sizes; none where the model has no sizes."""
        if self._origin is not None:
            return self._origin.small
        return tuple(islice(self._small_samples(), SMALL_SAMPLES))

    def _small_samples(self) -> Iterator[Sample]:
        for number, sizes in enumerate(self.unequal):
            try:
                yield take_sample(self.model.resized(**sizes), SEED + 1 + number)
            except (Problem, ValueError):
                continue  # these sizes do not fit this model: the next ones may

    @cached_property
    def elsewhere(self) -> tuple[Bench, ...]:
        """The model at the sizes of the small runs."""
        return tuple(self.at({s.name: n for s, n in run.sizes.items()}) for run in self.small)

    def at(self, sizes: Mapping[str, int]) -> Bench:
        """The same at other sizes; the last few are kept. Raises ``ValueError`` below the least."""

        def make() -> Bench:
            return self._with(self.model.resized(**sizes), self.restrictions)

        return self._at.get(tuple(sorted(sizes.items())), make)

    @cached_property
    def unequal(self) -> tuple[dict[str, int], ...]:
        """Small, unequal sizes, the smallest first (`verify.shapes`)."""
        return tuple(unequal_sizes(self.model)) if self._origin is None else self._origin.unequal

    @cached_property
    def trials(self) -> Trials:
        """Runs in residues at the model's own sizes, where the engine's adjoints are borne out."""
        adjoints = {n: sized(d.equation, self.model.sizes) for n, d in self.derivations.items()}
        sizes = {s.name: n for s, n in self.model.sizes.items()}
        return Trials(Subject(self.fixed, adjoints, self.restrictions), sizes)

    @cached_property
    def trusted(self) -> frozenset[str]:
        """The tensors whose engine adjoint is that of automatic differentiation on every sample."""
        if self._origin is not None:
            return self._origin.trusted
        samples = (*islice(self.samples(bool(self.forks)), DRAWS), *self.small)
        return frozenset(
            name
            for name, derivation in self.derivations.items()
            if all(_passes(derivation.equation, name, s) for s in samples)
        )

    @cached_property
    def known(self) -> dict[str, Equation]:
        """Equations that a proof for all sizes may use, least dependent first."""
        if self._origin is not None:
            return self._origin.known
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

    def slope_equations(self, names: tuple[str, ...]) -> dict[str, Equation]:
        """The engine's equations of these Jacobians and of all behind them, as it says."""
        if self._origin is not None:
            return self._origin.slope_equations(names)
        found: dict[str, Equation] = {}
        for above in dict.fromkeys((slope_of(n) or ("",))[0] for n in names):
            if above not in self._jacobians:
                derived = jacobians(self.model, above).values()
                self._jacobians[above] = {e.tensor: e for e in derived}
            found |= self._jacobians[above]
        return found

    def _trusted_slopes(self, names: tuple[str, ...]) -> dict[str, Equation]:
        """The engine's equations behind these Jacobians, so far as autograd bears them out."""
        found = self.slope_equations(names)
        return {n: found[n] for n in needed_slopes(names, found) if self._borne_out(n, found[n])}

    def _borne_out(self, name: str, slope: Equation) -> bool:
        """Whether the engine's Jacobian is that of autograd wherever it is looked at."""
        if self._origin is not None:
            return self._origin._borne_out(name, slope)
        if name not in self._trusted_jacobians:
            samples = self.small or (self.sample,)
            self._trusted_jacobians[name] = all(passes_slope(slope, s) for s in samples)
        return self._trusted_jacobians[name]


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
