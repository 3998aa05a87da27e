"""The rate at which a module learns, found by a race where the user gives none.

A rate that suits one update rule, loss and batch is useless for another, by factors of thousands.
So all rates of a wide grid set out together, and after every heat the better half goes on
(successive halving: Jamieson and Talwalkar 2016). Only losses on the images to learn from count.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from math import inf, isfinite

import numpy as np

from reports.training import Result, Task, training

FIRST_HEAT = 40
"""Epochs of the first heat: networks of logistic functions learn little in the first twenty."""

GRIDS: Mapping[str, tuple[float, ...]] = {
    "rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    # AdaDelta has no rate: epsilon is what sets its first steps.
    "epsilon": (1e-6, 1e-5, 1e-4, 1e-3, 1e-2),
}


def searched(work: Task, numbers: Mapping[str, float]) -> str | None:
    """The number of the update rule to look for; none where the user has given it."""
    known = inspect.signature(work.module.update).parameters
    name = next((n for n in GRIDS if n in known), None)
    return None if name in numbers else name


def heats(runners: int, epochs: int) -> Iterator[tuple[int, int]]:
    """``(runners, epochs)`` of each heat; heats get longer as runners get fewer."""
    done, until = 0, FIRST_HEAT
    while done < epochs:
        stop = epochs if runners == 1 else min(until, epochs)
        yield runners, stop - done
        done, until, runners = stop, 2 * until, -(-runners // 2)


def raced(
    work: Task,
    name: str,
    *,
    epochs: int,
    batch: int,
    seed: int,
    numbers: Mapping[str, float],
    progress: Callable[[Result], None],
) -> tuple[float, Result]:
    """The value of ``name`` that learns best, and its run of so many epochs."""
    runs = {
        value: training(work, batch=batch, seed=seed, numbers={**numbers, name: value})
        for value in GRIDS[name]
    }
    results: dict[float, Result] = {}
    ranked = list(runs)
    for runners, length in heats(len(runs), epochs):
        ranked = ranked[:runners]
        for value in ranked:
            with np.errstate(all="ignore"):  # a rate that is far too large
                for result in islice(runs[value], length):
                    results[value] = result
                    progress(result)
        ranked.sort(key=lambda value: _last(results[value]))
    return ranked[0], results[ranked[0]]


def _last(result: Result) -> float:
    return result.training[-1] if isfinite(result.training[-1]) else inf
