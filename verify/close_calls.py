"""Differences that may be no more than the rounding of automatic differentiation.

Where the terms of an adjoint cancel, as in the derivative of ``x / sqrt(x^2)``, its double is wrong
by more than its size tells. So small a difference refutes nothing by itself: fifty digits decide,
with the engine's adjoints where automatic differentiation bears them out.
"""

from __future__ import annotations

from itertools import islice

from verify.bench import Bench, Sample
from verify.compare import Identity, Outcome, proofs
from verify.fifty_digits import EQUAL, MOST_WORK, SAMPLES, apart, sides_in_fifty_digits
from verify.precise import DIGITS
from verify.verdict import Evidence, Status

RELATIVE = 1e-6
ABSOLUTE = 1e-9
"""A difference above both is no rounding."""


def settled(outcome: Outcome, link: Identity, bench: Bench) -> Outcome:
    """The outcome, but accepted where fifty digits see no difference on any sample."""
    if not _close(outcome) or bench.trials.work > MOST_WORK:
        return outcome
    samples = islice(bench.samples(bool(bench.forks)), SAMPLES)
    if not all(_equal(link, bench, sample) for sample in samples):
        return outcome
    seen = Evidence("fifty digits", "agrees", f"{DIGITS} digits see no difference")
    tried, proof = proofs(link, bench)
    here = "the model's sizes"
    if proof is not None:
        return Outcome(Status.PROVED, proof, here, (*tried, seen))
    return Outcome(Status.CONFIRMED, f"agrees to {DIGITS} digits", here, (seen, *tried))


def _close(outcome: Outcome) -> bool:
    """Whether numbers alone speak against the formula, and only just."""
    if outcome.status is Status.UNDECIDED:
        return any(e.method == "autograd" and e.outcome == "unclear" for e in outcome.evidence)
    if outcome.status is not Status.REFUTED:
        return False
    found = outcome.counterexample or {}
    left, right = found.get("left"), found.get("right")
    if not (isinstance(left, float) and isinstance(right, float)):
        return False
    apart = abs(left - right)
    return bool(apart <= ABSOLUTE or apart <= RELATIVE * max(abs(left), abs(right)))


def _equal(link: Identity, bench: Bench, sample: Sample) -> bool:
    """Whether the sides agree at the values of the sample, in fifty digits."""
    sides = sides_in_fifty_digits(link, bench, sample)
    return sides is not None and apart(sides)[1] <= EQUAL
