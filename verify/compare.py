"""The ladder: a formula against its reference, as far up as this stage of the project goes.

Both sides are core expressions over the same free axes. Rung 2, equal normal forms after putting in
equations, is a proof; it counts only with adjoint equations that the bench trusts. Rung 4, numbers:
true values of every tensor and true adjoints. A formula is refuted only with a counterexample, two
values at one index that rounding cannot explain. Rung 3, the exact identity test modulo primes, is
a proof at the tested sizes (`verify.exact`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from derive.alpha import alpha_key
from derive.expr import Expr, Number, walk
from derive.index import Axis
from derive.prove import MOST_NODES, proves_equal
from verify.bench import Bench, Sample
from verify.branches import Seen, forks
from verify.clock import TimeUp
from verify.draws import FAR
from verify.exact import Exactness, Finding, identical
from verify.ranges import over_nothing
from verify.ties import under_every_rule, with_rule
from verify.verdict import Evidence, Status

CLEAR = 1e3
"""A difference refutes from this many times what rounding can do; between, nothing is said."""
PLAIN = 1e-3
DRAWS = 5
RUNS = 12
"""Runs that are looked at where a side has no value in the first."""
REACH = 2**20
"""Numbers in a formula that runs far away leave behind."""
ENOUGH = 8
"""Runs after which no more are made where every branch was taken."""
ENOUGH_NODES = 150
"""Expressions larger than this are not expanded where the exact test has proved the identity."""
NOT_FINITE = "a value is not finite, so that nothing can be compared"
_EXACTLY = {
    Finding.HOLDS: "agrees",
    Finding.DIFFERS: "unclear",
    Finding.NOT_APPLICABLE: "skipped",
}
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Identity:
    """``left = right`` for every value of ``axes``; ``scalars`` stand for any number."""

    axes: tuple[Axis, ...]
    left: Expr
    right: Expr
    scalars: tuple[str, ...] = ()

    @property
    def trivial(self) -> bool:
        """True where both sides are one and the same expression, up to names of bound axes."""
        return self.left == self.right or alpha_key(self.left) == alpha_key(self.right)


@dataclass(frozen=True)
class Difference:
    """Where two sides lie farthest apart: index values, both values, and what rounding explains."""

    at: tuple[int, ...]
    left: float
    right: float
    slack: float

    @property
    def size(self) -> float:
        """The distance; infinite where one side alone is not finite."""
        distance = abs(self.left - self.right)
        return distance if np.isfinite(distance) else float("inf")

    @property
    def agrees(self) -> bool:
        """True where rounding explains the distance."""
        return self.size <= self.slack < np.inf

    @property
    def differs(self) -> bool:
        """True where rounding cannot explain it."""
        return self.size > CLEAR * self.slack

    @property
    def plain(self) -> bool:
        """True where the sides are not even alike."""
        return self.size > PLAIN * max(abs(self.left), abs(self.right))


@dataclass(frozen=True)
class Outcome:
    """What the ladder says of one identity."""

    status: Status
    message: str
    scope: str | None = None
    evidence: tuple[Evidence, ...] = ()
    counterexample: dict[str, Any] | None = None
    conditions: tuple[str, ...] = ()


def difference(identity: Identity, sample: Sample) -> Difference:
    """The two sides on a sample, at the element where they lie farthest apart.

    Symbols for any number are drawn `DRAWS` times. Raises `derive.evaluate.OutOfRange` for a read
    outside, `LimitExceeded` for too large a sum.
    """
    draws = range(DRAWS if identity.scalars else 1)
    found = [_apart(identity, sample.with_scalars(identity.scalars, k)) for k in draws]
    return max(found, key=lambda d: d.size / max(d.slack, TINY))


def _apart(identity: Identity, sample: Sample) -> Difference:
    left = np.broadcast_arrays(sample.values(identity.left, identity.axes))[0]
    right = sample.values(identity.right, identity.axes)
    slack = sample.slack(identity.left, identity.axes) + sample.slack(identity.right, identity.axes)
    with np.errstate(invalid="ignore"):
        apart = np.abs(left - right)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    if not apart.size:
        return Difference((), 0.0, 0.0, slack)
    place = np.unravel_index(int(np.argmax(apart)), apart.shape)
    at = tuple(int(n) + (a.lo.value or 0) for a, n in zip(identity.axes, place, strict=True))
    return Difference(at, float(left[place]), float(right[place]), slack)


def plainly_differs(identity: Identity, sample: Sample) -> bool:
    """True where the sides lie so far apart that no rounding needs to be looked at."""
    sample = sample.with_scalars(identity.scalars)
    left, right = (sample.values(side, identity.axes) for side in (identity.left, identity.right))
    with np.errstate(invalid="ignore"):
        apart = np.max(np.abs(left - right), initial=0.0)
    return bool(
        apart > PLAIN * max(np.max(np.abs(left), initial=0.0), np.max(np.abs(right), initial=0.0))
    )


@dataclass(frozen=True)
class Compared:
    """What the runs say together: the deciding ``worst`` difference, and on which ``sample``.

    ``seen`` are the branches that were taken in all ``runs``; ``at_kink`` where the sides differ on
    kinks and ties alone; ``far`` where values went far beyond every number in the formula.
    """

    worst: Difference
    sample: Sample
    runs: int = 1
    seen: Seen | None = None
    at_kink: bool = False
    far: bool = False


def compared(identity: Identity, bench: Bench) -> Compared:
    """The two sides in numbers, run after run until they differ or every branch was taken."""
    own = [f for side in (identity.left, identity.right) for f in forks(side, identity.axes)]
    seen = Seen((*bench.forks, *own), bench.decided)
    first, on_kink = None, None
    runs = 0
    for runs, sample in enumerate(bench.samples(seen.forks > 0), start=1):
        worst = difference(identity, sample)
        here = Compared(worst, sample, runs)
        if sample.number >= FAR and not worst.plain:
            pass  # so far away rounding is not to be trusted, but every branch counts
        elif worst.differs and sample.kinked and not _whoever_wins(identity, sample):
            on_kink = on_kink or replace(here, at_kink=True)
        elif worst.differs or (first is None and not worst.agrees):
            return here
        first = first or here
        values = sample.with_scalars(identity.scalars).values
        seen.see(taken for taken, _ in (*sample.branches, *(fork.taken(values) for fork in own)))
        if seen.whole and seen.forks and runs >= ENOUGH:
            break
    assert first is not None  # there is one run at least
    free = sample.number >= FAR and not bench.restrictions
    none_lost = sample.number == runs - 1 or not own  # those without values were left out
    far = free and none_lost and all(_in_reach(fork.body) for fork in own)
    return on_kink or replace(first, runs=runs, seen=seen if seen.forks else None, far=far)


def _where_finite(identity: Identity, bench: Bench) -> Compared | None:
    """A run in which both sides have values that differ: ``ln(1 - z)`` has none for every z."""
    for sample in islice(bench.samples(branching=True), RUNS):
        found = difference(identity, sample)
        if found.differs and np.isfinite(found.size) and not sample.kinked:
            return Compared(found, sample)
    return None


def _whoever_wins(identity: Identity, sample: Sample) -> bool:
    """Whether the sides differ on a sample with ties by whatever rule these are decided."""
    found = []
    for rule, here in under_every_rule(sample):
        left, right = (with_rule(side, rule) for side in (identity.left, identity.right))
        found.append(difference(replace(identity, left=left, right=right), here).differs)
    return bool(found) and all(found)


def _in_reach(expr: Expr) -> bool:
    """Whether runs far away go beyond every number in ``expr``."""
    shown = [abs(n.value) for n in walk(expr) if isinstance(n, Number) and n.value]
    return all(1 / REACH <= value <= REACH for value in shown)


def climb(identity: Identity, bench: Bench) -> Outcome:
    """Judge an identity at the model's own sizes: numbers first, then the proof."""
    if (nothing := over_nothing(identity.axes)) is not None:
        return Outcome(Status.UNDECIDED, nothing)
    found = compared(identity, bench)
    worst = found.worst
    if worst.differs and not found.at_kink:
        return _refuted(identity, worst, found.sample)
    if not worst.agrees:
        message = f"the sides differ by {worst.size:.1e}, rounding explains {worst.slack:.1e}"
        if found.at_kink:
            message = "the sides differ only on kinks or ties, where a convention decides"
        elif not np.isfinite(worst.slack):
            if (other := _where_finite(identity, bench)) is not None:
                return _refuted(identity, other.worst, other.sample)
            message = NOT_FINITE
        doubt = Evidence("autograd", "unclear", _span(worst))
        return Outcome(Status.UNDECIDED, message, evidence=(doubt,))
    branches = f"; {found.seen} in {found.runs} runs" if found.seen else ""
    numbers = Evidence("autograd", "agrees", _span(worst) + branches)
    tried, proof = proofs(identity, bench)
    here = "the model's sizes"
    if proof is not None:
        return Outcome(Status.PROVED, proof, here, (*tried, numbers))
    unclear = any(e.outcome == "unclear" for e in tried)
    if found.seen and not found.seen.whole and unclear and not found.far:
        message = f"agrees, but {found.seen} in {found.runs} runs, and it may fail on the others"
        return Outcome(Status.UNDECIDED, message, evidence=(numbers, *tried))
    return Outcome(Status.CONFIRMED, "agrees with autograd", here, (numbers, *tried))


def proofs(identity: Identity, bench: Bench) -> tuple[tuple[Evidence, ...], str | None]:
    """What rungs 2 and 3 say, and what proves the identity, ``None`` where nothing does.

    The exact test comes first, because it is quick. Where it sees a difference nothing is proved:
    either side of that contradiction may be wrong. The time limit ends only the search.
    """
    exact, proved = Exactness(Finding.NOT_APPLICABLE, "no time left"), False
    detail = "no proof found in time"
    try:
        exact = identical(
            identity.left, identity.right, identity.axes, bench.trials, identity.scalars
        )
        known = bench.known_here_of(identity.left, identity.right)
        most = ENOUGH_NODES if exact.holds else MOST_NODES
        proved = proves_equal(identity.left, identity.right, identity.axes, known, most)
        detail = "both sides expand to the same normal form" if proved else "no proof found"
    except TimeUp:
        pass  # what was found by then stands
    normal = Evidence("normal forms", "agrees" if proved else "skipped", detail)
    modulo = Evidence("exact test", _EXACTLY[exact.finding], exact.detail)
    message = "equal normal forms" if proved else "identical modulo two primes"
    valid = exact.holds or (proved and exact.finding is not Finding.DIFFERS)
    return (normal, modulo), message if valid else None


def _span(worst: Difference) -> str:
    return f"largest difference {worst.size:.1e}, rounding explains {worst.slack:.1e}"


def _refuted(identity: Identity, worst: Difference, sample: Sample) -> Outcome:
    index = {a.name: n for a, n in zip(identity.axes, worst.at, strict=True)}
    message = difference_text(worst.left, worst.right, index)
    counterexample = {
        "index": index,
        "left": _number(worst.left),
        "right": _number(worst.right),
        "sizes": {s.name: n for s, n in sample.sizes.items()},
        "seed": sample.seed,
        **({"run": sample.number} if sample.number else {}),
    }
    evidence = (Evidence("autograd", "differs", _span(worst)),)
    return Outcome(Status.REFUTED, message, None, evidence, counterexample)


def difference_text(left: float | str, right: float | str, at: Mapping[str, int]) -> str:
    """``the sides differ: 1/2 against 1 at i = 1``."""
    sides = (s if isinstance(s, str) else f"{s:.6g}" for s in (left, right))
    where = ", ".join(f"{name} = {n}" for name, n in at.items())
    text = f"the sides differ: {' against '.join(sides)}"
    return f"{text} at {where}" if where else text


def _number(value: float) -> float | str:
    """JSON has no infinities."""
    return value if np.isfinite(value) else str(value)
