"""A formula's own thresholds, looked at from both sides.

``[x > -0.01]`` for ``[x > 0]`` agrees on every run that no draw puts between the two. Between a run
on one side of a threshold of the formula and a run on the other lies a place where it switches;
there the model has to switch as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice

import numpy as np

from derive.errors import Problem
from verify.bench import SEED, Bench, Sample, sample_at
from verify.branches import Fork, forks
from verify.compare import Identity, Outcome, difference, difference_text
from verify.values_shown import shown_values
from verify.verdict import Evidence, Status

SAMPLES = 32
HALVINGS = 44
"""Until the two sides are as near as a difference of values in double precision may be."""
MOST_WORK = 2**14
MOST_FORKS = 4
MOST_VALUES = 200


def seen_switching(outcome: Outcome, link: Identity, bench: Bench) -> Outcome:
    """The outcome, but refuted where the formula switches and what it is compared with does not.

    Asked of what agrees with automatic differentiation and was not proved.
    """
    sides = (link.left, link.right)
    own = [f for side in sides for f in forks(side, link.axes) if not f.window]
    far = bench.restrictions or bench.trials.work > MOST_WORK
    if outcome.status is not Status.CONFIRMED or not own or far:
        return outcome
    samples = [s.with_scalars(link.scalars) for s in islice(bench.samples(True), SAMPLES)]
    for fork in own[:MOST_FORKS]:
        for sample in _beside(fork, link, bench, samples):
            worst = difference(replace(link, scalars=()), sample)
            if worst.differs and not sample.kinked:
                return _refuted(link, sample, worst.at, (worst.left, worst.right))
    return outcome


def _beside(fork: Fork, link: Identity, bench: Bench, samples: list[Sample]) -> Iterator[Sample]:
    """Two runs on the two sides of a threshold, as near to it as makes sense."""
    patterns = [fork.taken(s.values)[0] for s in samples]
    for one, two in combinations(range(len(samples)), 2):
        apart = np.argwhere(patterns[one] * patterns[two] == -1)
        if len(apart):
            place = tuple(apart[0])
            ends = (_given(samples[one], link), _given(samples[two], link))
            yield from _halved(fork, place, int(patterns[one][place]), ends, link, bench)
            return


def _given(sample: Sample, link: Identity) -> dict[str, np.ndarray]:
    """What the run was given, with the numbers that the formula brings."""
    return {**sample.inputs, **{name: sample.env[name] for name in link.scalars}}


def _halved(
    fork: Fork,
    place: tuple[int, ...],
    sign: int,
    ends: tuple[dict[str, np.ndarray], dict[str, np.ndarray]],
    link: Identity,
    bench: Bench,
) -> Iterator[Sample]:
    """The runs between ``ends`` where entry ``place`` of the fork just has ``sign``, and not."""
    near, far = 0.0, 1.0
    found: dict[float, Sample] = {}
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        values = {n: (1 - middle) * a + middle * ends[1][n] for n, a in ends[0].items()}
        try:
            sample = _run(values, link, bench)
        except (Problem, ValueError):
            return  # no value between them
        found[middle] = sample
        if fork.taken(sample.values)[0][place] == sign:
            near = middle
        else:
            far = middle
    yield from (found[end] for end in (near, far) if end in found)


def _run(values: dict[str, np.ndarray], link: Identity, bench: Bench) -> Sample:
    scalars = {n: np.asarray(values[n]) for n in link.scalars}
    given = {n: a for n, a in values.items() if n not in scalars}
    return sample_at(bench.model, given).with_values(scalars)


def _refuted(
    link: Identity, sample: Sample, at: tuple[int, ...], sides: tuple[float, float]
) -> Outcome:
    index = {a.name: n for a, n in zip(link.axes, at, strict=True)}
    exact = np.frompyfunc(lambda x: Fraction(float(x)), 1, 1)
    values = {n: np.asarray(exact(a), dtype=object) for n, a in _given(sample, link).items()}
    shown = {
        "index": index,
        "left": sides[0],
        "right": sides[1],
        "sizes": {s.name: n for s, n in sample.sizes.items()},
        "seed": SEED,
    }
    if sum(a.size for a in values.values()) <= MOST_VALUES:
        shown["values"] = shown_values(values, sample.model)
    message = f"{difference_text(*sides, index)}, beside a threshold of the formula"
    evidence = (Evidence("thresholds", "differs", "the formula switches, the model does not"),)
    return Outcome(Status.REFUTED, message, None, evidence, shown)
