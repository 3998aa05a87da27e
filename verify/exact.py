"""Rung 3: an identity tested modulo primes, entry by entry, at given sizes.

Both sides are evaluated at random residues, true values of every tensor and adjoints that a
dual-number pass has borne out. What agrees is proved at these sizes but for a probability that is
stated: functions are free atoms, so the identity holds for all of them (`derive.atoms`). What
differs is a hint and no refutation: atoms may depend on each other in ways that residues do not
know, ``tanh(2 z)`` on ``tanh(z)`` unless that law was put in. First everything is free, masks too;
laws are used only where it fails without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from derive.arithmetic import Array
from derive.atoms import Choice
from derive.errors import LimitExceeded
from derive.expr import Expr, accesses
from derive.index import Axis
from derive.residues import MERSENNE, ORDERED, ORDERED_TOO, Pole
from verify.degree import Chance, Degrees
from verify.subject import Law, Laws, Prepared, Subject, laws_of, prepared
from verify.trial import Trial, take_trial

SEED = 1
TRIALS = 2
MOST_TRIALS = 48
"""Patterns of masks that are drawn at most until each mask has had every value."""
MOST_POINTS = 200
"""Points that are tried in all where poles, or roots of what has none, are met."""
MOST_ENTRIES = 2**14
"""Models with more entries are not run under `Law.ORDER`, which needs many trials."""
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
            f"identical modulo {primes}, seeds {', '.join(map(str, self.seeds))}"
            + (f", at {sizes}" if sizes else "")
            + f"; degree at most {self.degree}, error below {self.error:.0e}"
            + (f"; {self.masks}" if self.masks else "")
        )


class Exact:
    """A subject's trials under every combination of laws, taken when first needed."""

    def __init__(self, subject: Subject, sizes: Mapping[str, int] | None = None) -> None:
        self.subject = subject
        self.sizes = dict(sizes or {})
        self.laws = laws_of(e.rhs for e in subject.model.equations)
        self._prepared: dict[Laws, Prepared] = {}
        self._trials: dict[Laws, list[Trial]] = {}
        self._points: dict[Laws, Iterator[Trial]] = {}

    def prepared(self, laws: Laws) -> Prepared:
        """The subject's equations under these laws."""
        if laws not in self._prepared:
            self._prepared[laws] = prepared(self.subject, laws)
        return self._prepared[laws]

    def trials(self, laws: Laws) -> Iterator[Trial]:
        """One trial after the other, as many as there are points without poles."""
        taken = self._trials.setdefault(laws, [])
        points = self._points.setdefault(laws, self._fresh(laws))
        number = 0
        while True:
            while len(taken) <= number:
                trial = next(points, None)
                if trial is None:
                    return
                taken.append(trial)
            yield taken[number]
            number += 1

    def _fresh(self, laws: Laws) -> Iterator[Trial]:
        fields = (ORDERED, ORDERED_TOO) if Law.ORDER in laws else (MERSENNE, ORDERED)
        for number in range(MOST_POINTS):
            try:
                yield take_trial(self.prepared(laws), fields[number % 2], SEED + number)
            except Pole:
                continue

    @property
    def entries(self) -> int:
        """Number of entries of all tensors."""
        extents = (t.extents for t in self.subject.model.tensors.values())
        return sum(int(np.prod([n.value or 0 for n in e], dtype=np.int64)) for e in extents)


def identical(
    left: Expr, right: Expr, axes: tuple[Axis, ...], exact: Exact, scalars: tuple[str, ...] = ()
) -> Exactness:
    """Whether ``left = right`` for all values of ``axes``, at the subject's sizes.

    ``scalars`` are names that stand for any number. Raises what `derive.evaluate.evaluate` raises
    for a read out of range.
    """
    relevant = exact.laws | laws_of((left, right))
    found = Exactness(Finding.NOT_APPLICABLE, "every point meets a pole")
    for laws in _LADDER:
        if not laws <= relevant or (Law.ORDER in laws and exact.entries > MOST_ENTRIES):
            continue
        try:
            tried = _Test(left, right, axes, exact, scalars, laws).result()
        except LimitExceeded as problem:
            return Exactness(Finding.NOT_APPLICABLE, f"too large: {problem.message}")
        if tried.holds:
            return tried
        if tried.finding is Finding.DIFFERS or found.finding is Finding.NOT_APPLICABLE:
            found = tried
    return found


class _Test:
    """One identity under one combination of laws."""

    def __init__(
        self,
        left: Expr,
        right: Expr,
        axes: tuple[Axis, ...],
        exact: Exact,
        scalars: tuple[str, ...],
        laws: Laws,
    ) -> None:
        self.exact = exact
        self.axes = axes
        self.scalars = scalars
        self.laws = laws
        self.left, self.right = (exact.prepared(laws).expr(side) for side in (left, right))

    def result(self) -> Exactness:
        """Trials until one differs or enough agree."""
        agreed: list[Trial] = []
        coverage = _Coverage()
        most = MOST_TRIALS if Law.ORDER in self.laws else TRIALS
        for trial in self.exact.trials(self.laws):
            missing = self._reads() - trial.env.keys() - set(self.scalars)
            if missing:
                reason = f"the adjoint {min(missing)} is not borne out by the dual-number pass"
                return Exactness(Finding.NOT_APPLICABLE, reason)
            try:
                at, choices = self._apart(trial.with_scalars(self.scalars))
            except Pole:
                continue
            if at is not None:
                return self._differs(at, trial)
            agreed.append(trial)
            coverage.see((*trial.choices, *choices))
            if len(agreed) >= most or (len(agreed) >= TRIALS and coverage.complete):
                break
        if len(agreed) < TRIALS:
            return Exactness(Finding.NOT_APPLICABLE, "every point meets a pole")
        if not coverage.complete:
            reason = f"no difference, but {coverage} in {len(agreed)} trials"
            return Exactness(Finding.NOT_APPLICABLE, reason)
        return self._holds(agreed, coverage)

    def _reads(self) -> set[str]:
        return {a.tensor for side in (self.left, self.right) for a in accesses(side)}

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
            sizes=self.exact.sizes,
            laws=self.laws,
        )

    def _holds(self, agreed: list[Trial], coverage: _Coverage) -> Exactness:
        chance = self._chance()
        errors = [chance.error(t.atoms.field.prime) for t in agreed]
        return Exactness(
            Finding.HOLDS,
            primes=tuple(dict.fromkeys(str(t.atoms.field) for t in agreed)),
            seeds=tuple(t.atoms.seed for t in agreed),
            degree=chance.degree,
            # A pattern of masks may have been seen once only.
            error=max(errors) if coverage.choices else float(np.prod(errors[:TRIALS])),
            sizes=self.exact.sizes,
            laws=self.laws,
            masks=self._masks(coverage, len(agreed)),
        )

    def _chance(self) -> Chance:
        prepared = self.exact.prepared(self.laws)
        degrees = Degrees(prepared.equations, (self.left, self.right))
        chance = degrees.chance(self.left, self.right, self.axes)
        return chance if Law.ORDER in self.laws else replace(chance, roots=0)

    def _masks(self, coverage: _Coverage, trials: int) -> str:
        if coverage.choices:
            return f"{coverage} in {trials} patterns"
        return "masks are free: all patterns at once" if Law.ORDER in self.exact.laws else ""


class _Coverage:
    """Which values every mask has had."""

    def __init__(self) -> None:
        self.seen: list[Array] = []

    def see(self, choices: Iterable[Choice]) -> None:
        """Add what one trial drew; always the same masks in the same order."""
        for number, choice in enumerate(choices):
            options = np.arange(choice.options)
            here = np.reshape(choice.taken, (-1, 1)) == options
            if number < len(self.seen):
                self.seen[number] = self.seen[number] | here
            else:
                self.seen.append(here)

    @property
    def choices(self) -> int:
        """Number of masks."""
        return sum(len(seen) for seen in self.seen)

    @property
    def complete(self) -> bool:
        """True where every mask has had every value."""
        return all(seen.all() for seen in self.seen)

    def __str__(self) -> str:
        whole = sum(int(seen.all(axis=1).sum()) for seen in self.seen)
        return f"{whole} of {self.choices} masks took every value"
