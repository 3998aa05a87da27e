"""A link in fifty digits, and what only these tell apart.

A term such as ``10^{-12}`` beside a sum is lost in the rounding of doubles, and far away
``\\min(t, 0.99999999)`` is as near to t as doubles are trusted there. What agrees in doubles and is
proved by nothing is looked at in fifty digits too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from derive.errors import LimitExceeded
from verify.bench import Bench, Sample
from verify.branches import forks
from verify.compare import Identity, Outcome, difference_text
from verify.pointwise import Pointwise
from verify.precise import DIGITS, FIFTY, NOT_PRECISELY
from verify.runs_alone import alone
from verify.verdict import Evidence, Status

EQUAL = 1e-25
"""Fifty digits less what may cancel."""
PLAIN = 1e-9
"""A relative difference from which the formula is wrong; below it a number may be rounded."""
MOST_WORK = 2**14
SAMPLES = 3
MOST_ALONE = 12

Sides = tuple[np.ndarray, np.ndarray]


def sides_in_fifty_digits(link: Identity, bench: Bench, sample: Sample) -> Sides | None:
    """Both sides at the values of the sample, of one shape; ``None`` where they have no such.

    The engine's adjoints count where automatic differentiation bears them out.
    """
    point = Pointwise(link, bench)
    values = {**sample.inputs, **{name: np.asarray(0.7) for name in link.scalars}}
    try:
        env = point.env(values, FIFTY)
        left, right = point.sides(env, FIFTY)
    except (*NOT_PRECISELY, LimitExceeded):
        return None
    if not point.borne_out(env, sample.with_values({n: values[n] for n in link.scalars})):
        return None
    left, right = np.broadcast_arrays(np.asarray(left), np.asarray(right))
    finite = all(abs(x) < math.inf for x in (*left.flat, *right.flat))
    return (left, right) if finite else None  # an infinity agrees with nothing


def apart(sides: Sides) -> tuple[int, float]:
    """The flat place where the sides lie farthest apart, and how far, relative to the largest."""
    left, right = sides
    largest = max(1, *(abs(x) for x in (*left.flat, *right.flat))) if left.size else 1
    sizes = [abs(a - b) for a, b in zip(left.flat, right.flat, strict=True)]
    place = max(range(len(sizes)), key=sizes.__getitem__, default=0)
    return place, float(sizes[place] / largest) if sizes else 0.0


def told_apart(outcome: Outcome, link: Identity, bench: Bench) -> Outcome:
    """The outcome of what only doubles bear out, but open or refuted where the digits differ."""
    if outcome.status is not Status.CONFIRMED or bench.trials.work > MOST_WORK:
        return outcome
    for sample in _samples(link, bench):
        sides = None if sample.kinked else sides_in_fifty_digits(link, bench, sample)
        place, far = (0, 0.0) if sides is None else apart(sides)
        if sides is not None and far > EQUAL:
            return _differs(link, sample, sides, place, far, outcome)
    return outcome


def _samples(link: Identity, bench: Bench) -> Iterator[Sample]:
    own = [f for side in (link.left, link.right) for f in forks(side, link.axes)]
    here = islice(bench.samples(bool(bench.forks)), SAMPLES)
    return chain(here, islice(alone(bench), MOST_ALONE)) if own else here


def _differs(
    link: Identity, sample: Sample, sides: Sides, place: int, far: float, outcome: Outcome
) -> Outcome:
    at = np.unravel_index(place, sides[0].shape)
    index = {a.name: int(n) + (a.lo.value or 0) for a, n in zip(link.axes, at, strict=True)}
    seen = Evidence("fifty digits", "differs", f"{DIGITS} digits lie {far:.1e} apart")
    evidence = (*outcome.evidence, seen)
    if far < PLAIN:
        message = f"agrees in double precision, but {DIGITS} digits differ by {far:.1e}"
        return Outcome(Status.UNDECIDED, message, None, evidence)
    left, right = (float(side.flat[place]) for side in sides)
    shown = {
        "index": index,
        "left": left,
        "right": right,
        "sizes": {s.name: n for s, n in sample.sizes.items()},
        "seed": sample.seed,
    }
    texts = (f"{left:.17g}", f"{right:.17g}")
    return Outcome(Status.REFUTED, difference_text(*texts, index), None, evidence, shown)
