"""Runs with one tensor of a model far away, up or down, and all others as they come.

A threshold of a formula that no ordinary value passes, ``[x < 1000]``, is passed by these.
"""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from derive.equations import adjoint_of
from derive.errors import Problem
from verify.bench import Bench, Sample, sample_at
from verify.draws import finite

REACHES = tuple(sign * reach for reach in (300.0, 2.0**12, 2.0**22) for sign in (1, -1))
"""The largest entry; the exponential of the first still is a double."""
MOST_WORK = 2**12
"""Terms of a model that is run so often."""
MOST = 32
TINY = 1e-3

_RUNS: WeakKeyDictionary[Bench, list[Sample]] = WeakKeyDictionary()


def alone(bench: Bench) -> Iterator[Sample]:
    """The runs, kept as long as the bench; none of a large model or one of restricted values."""
    if bench not in _RUNS:
        small = not bench.restrictions and bench.trials.work <= MOST_WORK
        _RUNS[bench] = [*_made(bench)][:MOST] if small else []
    yield from _RUNS[bench]


def _made(bench: Bench) -> Iterator[Sample]:
    inputs = bench.sample.inputs
    names = [name for name in inputs if adjoint_of(name) is None]
    for reach in REACHES[: max(1, MOST // max(1, len(names)))]:
        for name in names:
            size = np.abs(inputs[name])
            try:
                far = {**inputs, name: reach / max(float(np.max(size, initial=0.0)), TINY) * size}
                sample = sample_at(bench.model, far)
            except (Problem, ValueError):
                continue
            if finite(sample.env):
                yield sample
