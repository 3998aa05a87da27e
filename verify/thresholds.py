"""A formula's own thresholds, looked at from both sides, and in many more runs.

``[x > -0.01]`` for ``[x > 0]`` agrees on every run that no draw puts between the two. Between a run
on one side of a threshold of the formula and a run on the other lies a place where it switches;
there the model has to switch as well. Where several thresholds have to meet for a difference, only
many runs find it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, islice
from weakref import WeakKeyDictionary

import numpy as np

from derive.errors import Problem
from derive.evaluate import integer_ranges
from derive.expr import accesses
from derive.run import run
from verify.bench import SEED, Bench, Sample, sample_at, take_sample
from verify.branches import Fork, forks
from verify.compare import Identity, Outcome, difference, difference_text
from verify.runs_alone import alone
from verify.values_shown import shown_values
from verify.verdict import Evidence, Status

SAMPLES = 32
HALVINGS = 44
"""Until the two sides are as near as a difference of values in double precision may be."""
MOST_WORK = 2**14
MOST_FORKS = 4
PLAIN = 1e-3
MORE = 48
FEW = 2**12
"""Terms of a model that is run so often."""
MANNERS = 24
"""The manners of drawing that are no journeys far away (`verify.draws`)."""
MOST_VALUES = 200


def seen_switching(outcome: Outcome, link: Identity, bench: Bench) -> Outcome:
    """The outcome, but refuted where the formula switches and what it is compared with does not.

    Asked of what agrees with automatic differentiation and was not proved, or not seen on all
    branches.
    """
    sides = (link.left, link.right)
    own = [f for side in sides for f in forks(side, link.axes) if not f.window]
    far = bench.restrictions or bench.trials.work > MOST_WORK
    agrees = any(e.method == "autograd" and e.outcome == "agrees" for e in outcome.evidence)
    if outcome.status is Status.PROVED or not agrees or not own or far:
        return outcome
    runs = [*islice(bench.samples(True), SAMPLES), *_more(bench), *alone(bench)]
    samples = [s.with_scalars(link.scalars) for s in runs]
    beside = (s for fork in own[:MOST_FORKS] for s in _beside(fork, link, bench, samples))
    for sample in chain(samples, beside):
        worst = difference(replace(link, scalars=()), sample)
        plain = worst.size > PLAIN * max(abs(worst.left), abs(worst.right))
        if worst.differs and plain and not sample.kinked:
            return _refuted(link, sample, worst.at, (worst.left, worst.right))
    return outcome


def _more(bench: Bench) -> tuple[Sample, ...]:
    """Runs with other seeds, for small models; kept as long as the bench."""
    if bench not in _RUNS:
        numbers = range(MORE if bench.trials.work <= FEW else 0)
        _RUNS[bench] = tuple(
            take_sample(bench.model, SEED + MORE + n, (), n % MANNERS) for n in numbers
        )
    return _RUNS[bench]


_RUNS: WeakKeyDictionary[Bench, tuple[Sample, ...]] = WeakKeyDictionary()


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
    found: dict[float, dict[str, np.ndarray]] = {}
    read = {a.tensor for a in (*accesses(fork.body), *accesses(fork.gate))}
    light = read <= {*bench.fixed.tensors, *link.scalars}
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        values = {n: (1 - middle) * a + middle * ends[1][n] for n, a in ends[0].items()}
        try:
            sample = _forward(values, bench) if light else _run(values, link, bench)
        except (Problem, ValueError):
            return  # no value between them
        found[middle] = values
        if fork.taken(sample.values)[0][place] == sign:
            near = middle
        else:
            far = middle
    yield from (_run(found[end], link, bench) for end in (near, far) if end in found)


def _forward(values: dict[str, np.ndarray], bench: Bench) -> Sample:
    """The run without adjoints."""
    given = {n: a for n, a in values.items() if n in bench.fixed.tensors}
    numbers = {n: np.asarray(a) for n, a in values.items() if n not in given}
    env = {**run(bench.fixed, given), **numbers}
    ranges = {**integer_ranges(bench.fixed), **dict.fromkeys(numbers, ())}
    return Sample(bench.fixed, bench.model.sizes, given, env, ranges, SEED)


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
    message = difference_text(*sides, index)
    evidence = (Evidence("thresholds", "differs", "beside a threshold, or in one of many runs"),)
    return Outcome(Status.REFUTED, message, None, evidence, shown)
