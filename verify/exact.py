"""Rung 3: an identity tested modulo primes, entry by entry, at given sizes.

Both sides are evaluated at random residues, true values of every tensor and adjoints that a
dual-number pass has borne out. What agrees is proved at these sizes but for a probability that is
stated: functions are free atoms, so the identity holds for all of them (`derive.atoms`). What
differs is a hint and no refutation: atoms may depend on each other in ways that residues do not
know, ``tanh(2 z)`` on ``tanh(z)`` unless that law was put in. First everything is free, masks too;
laws are used only where it fails without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from derive.atoms import Choice
from derive.errors import LimitExceeded
from derive.expr import Expr, accesses
from derive.index import Axis
from derive.residues import Pole
from verify.coverage import Coverage
from verify.degree import Chance, Degrees
from verify.jacobians import slopes_in
from verify.subject import Law, Laws, laws_of, masked
from verify.trial import Trial
from verify.trials import Trials

TRIALS = 2
PATTERNS = 64
"""Trials where masks are 0 or 1; in them every mask must have every value."""
FEWEST_PATTERNS = 16
"""The same where roots leave no more points."""
MOST_TERMS = 2**24
"""Models whose equations have more terms than this in all are too large to be run."""
MOST_PATTERNS = 2**16
"""The same for masks that are 0 or 1, which need many trials."""
LIKELY = 1e-6
"""A chance to pass that is greater than this is no proof: degrees grow with every step of time."""
_LADDER = (
    frozenset[Law](),
    frozenset({Law.EXPONENTS}),
    frozenset({Law.ORDER}),
    frozenset({Law.EXPONENTS, Law.ORDER}),
)


class Finding(StrEnum):
    """What a test says; ``DIFFERS`` is a hint only."""

    HOLDS = "holds"
    DIFFERS = "differs"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Exactness:
    """What the test of one identity found.

    ``at`` are the index values where the sides differ first. ``error`` bounds the probability that
    a wrong identity would have passed; ``masks`` says which patterns of signs were seen.
    """

    finding: Finding
    reason: str = ""
    at: tuple[int, ...] | None = None
    primes: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    degree: int = 0
    error: float = 1.0
    sizes: Mapping[str, int] = field(default_factory=dict)
    laws: Laws = frozenset()
    masks: str = ""

    @property
    def holds(self) -> bool:
        """True where the identity is proved at these sizes."""
        return self.finding is Finding.HOLDS

    @property
    def detail(self) -> str:
        """One line for the evidence of a verdict."""
        if not self.holds:
            return self.reason
        primes = " and ".join(self.primes)
        sizes = ", ".join(f"{name} = {n}" for name, n in self.sizes.items())
        return (
            f"identical modulo {primes}, seeds {_span(self.seeds)}"
            + (f", at {sizes}" if sizes else "")
            + f"; degree at most {self.degree}, error below {self.error:.0e}"
            + (f"; {self.masks}" if self.masks else "")
        )


def _span(seeds: tuple[int, ...]) -> str:
    """``1, 2``, or ``1..64`` where there are many."""
    return ", ".join(map(str, seeds)) if len(seeds) <= TRIALS else f"{seeds[0]}..{seeds[-1]}"


def _together(errors: list[float], seen: int) -> float:
    """Of independent trials, of which ``seen`` at least had the pattern that matters."""
    return float(np.prod(sorted(errors, reverse=True)[: min(seen, TRIALS)]))


def identical(
    left: Expr, right: Expr, axes: tuple[Axis, ...], trials: Trials, scalars: tuple[str, ...] = ()
) -> Exactness:
    """Whether ``left = right`` for all values of ``axes``, at the subject's sizes.

    ``scalars`` are names that stand for any number. Raises what `derive.evaluate.evaluate` raises
    for a read out of range.
    """
    if trials.work > MOST_TERMS:
        return Exactness(Finding.NOT_APPLICABLE, f"too large: {trials.work} terms")
    if any(a.extent.value == 0 for a in axes):
        return Exactness(Finding.NOT_APPLICABLE, "there is no entry to compare")
    relevant = trials.laws | laws_of((left, right))
    found = Exactness(Finding.NOT_APPLICABLE, "every point meets a pole")
    for laws in _LADDER:
        if not laws <= relevant or trials.work > _most(laws):
            continue
        try:
            tried = _Test(left, right, axes, trials, scalars, laws).result()
        except LimitExceeded as problem:
            return Exactness(Finding.NOT_APPLICABLE, f"too large: {problem.message}")
        if tried.holds:
            return tried
        if tried.finding is Finding.DIFFERS or found.finding is Finding.NOT_APPLICABLE:
            found = tried
    return found


def _most(laws: Laws) -> int:
    return MOST_PATTERNS if Law.ORDER in laws else MOST_TERMS


class _Test:
    """One identity under one combination of laws."""

    def __init__(
        self,
        left: Expr,
        right: Expr,
        axes: tuple[Axis, ...],
        trials: Trials,
        scalars: tuple[str, ...],
        laws: Laws,
    ) -> None:
        self.trials = trials
        self.axes = axes
        self.scalars = scalars
        self.laws = laws
        self.left, self.right = (trials.subject.prepared(laws).expr(side) for side in (left, right))

    def result(self) -> Exactness:
        """Trials until one differs or enough agree."""
        agreed: list[Trial] = []
        coverage = Coverage()
        for trial in self.trials.trials(self.laws):
            missing = self._reads() - trial.env.keys()
            if missing:
                reason = f"{min(missing)} is not borne out by a dual-number pass"
                return Exactness(Finding.NOT_APPLICABLE, reason)
            try:
                at, choices = self._apart(trial.with_scalars(self.scalars))
            except Pole:
                continue
            if at is not None:
                return self._differs(at, trial)
            agreed.append(trial)
            coverage.see((*trial.choices, *choices))
            if len(agreed) == (PATTERNS if coverage.masks else TRIALS):
                return self._verdict(agreed, coverage)
        if coverage.masks and len(agreed) >= FEWEST_PATTERNS:
            return self._verdict(agreed, coverage)
        return Exactness(Finding.NOT_APPLICABLE, "every point meets a pole")

    def _verdict(self, agreed: list[Trial], coverage: Coverage) -> Exactness:
        if coverage.masks and not coverage.least:
            reason = f"no difference, but {coverage} in {len(agreed)} trials"
            return Exactness(Finding.NOT_APPLICABLE, reason)
        return self._holds(agreed, coverage)

    def _reads(self) -> set[str]:
        """The tensors and adjoints that a trial must have."""
        sides = self.left, self.right
        names = {a.tensor for side in sides for a in accesses(side)}
        return names - set(self.scalars) - set(slopes_in(*sides))

    def _apart(self, trial: Trial) -> tuple[tuple[int, ...] | None, tuple[Choice, ...]]:
        """The first index values at which the sides differ, and the masks met on the way."""
        before = len(trial.atoms.choices)
        left, right = (trial.values(side, self.axes) for side in (self.left, self.right))
        choices = tuple(trial.atoms.choices[before:])
        del trial.atoms.choices[before:]
        apart = np.atleast_1d(left != right)
        if not apart.any():
            return None, choices
        place = np.unravel_index(int(np.argmax(apart)), apart.shape)[: len(self.axes)]
        at = (int(n) + (a.lo.value or 0) for a, n in zip(self.axes, place, strict=False))
        return tuple(at), choices

    def _differs(self, at: tuple[int, ...], trial: Trial) -> Exactness:
        where = ", ".join(f"{a.name} = {n}" for a, n in zip(self.axes, at, strict=True))
        reason = f"the sides differ modulo {trial.atoms.field}" + (f" at {where}" if where else "")
        return Exactness(
            Finding.DIFFERS,
            reason,
            at,
            (str(trial.atoms.field),),
            (trial.atoms.seed,),
            sizes=self.trials.sizes,
            laws=self.laws,
        )

    def _holds(self, agreed: list[Trial], coverage: Coverage) -> Exactness:
        chance = self._chance()
        errors = [chance.error(t.atoms.field.prime) for t in agreed]
        if _together(errors, coverage.least if coverage.masks else TRIALS) > LIKELY:
            reason = f"no difference, but of degree {chance.degree} that proves nothing"
            return Exactness(Finding.NOT_APPLICABLE, reason)
        return Exactness(
            Finding.HOLDS,
            primes=tuple(dict.fromkeys(str(t.atoms.field) for t in agreed)),
            seeds=tuple(t.atoms.seed for t in agreed),
            degree=chance.degree,
            error=_together(errors, coverage.least if coverage.masks else TRIALS),
            sizes=self.trials.sizes,
            laws=self.laws,
            masks=self._masks(coverage, len(agreed)),
        )

    def _chance(self) -> Chance:
        prepared = self.trials.subject.prepared(self.laws)
        degrees = Degrees(prepared.blocks, (self.left, self.right))
        chance = degrees.chance(self.left, self.right, self.axes)
        return chance if Law.ORDER in self.laws else replace(chance, roots=0)

    def _masks(self, coverage: Coverage, trials: int) -> str:
        if coverage.masks:
            return f"{coverage} in {trials} patterns"
        free = masked((self.left, self.right, *self.trials.forward))
        return "masks are free: all patterns at once" if free else ""
