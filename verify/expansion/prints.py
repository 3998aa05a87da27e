"""Fingerprints of terms: their residues where gradients that a formula reads are any numbers.

In the model itself several gradients may be equal, those of all elements under one average for
instance; a slip between them would not be seen. Hence the adjoints that a formula reads are drawn
at random, as if the loss were any function of these tensors, and the adjoints before them follow by
the engine's equations.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from math import prod

import numpy as np

from derive.arithmetic import Array
from derive.equations import adjoint_of, slope_of
from derive.errors import LimitExceeded, Problem
from derive.expr import Expr, accesses
from derive.index import Axis
from derive.loops import blocks, members
from derive.residues import Pole
from derive.run import fill
from verify.bench import Bench
from verify.expansion.items import Family
from verify.trial import Trial

Print = bytes
MOST_ENTRIES = 2**20
MOST_TERMS = 2**22


def generic_trial(bench: Bench, exprs: Iterable[Expr], own: Container[str]) -> Trial | None:
    """A run with the adjoints that ``exprs`` read as any numbers, except those of ``own``.

    ``None`` where the model is too large, has no run, or an adjoint is not borne out.
    """
    if bench.trials.work > MOST_TERMS:
        return None
    try:
        trial = next(bench.trials.trials(frozenset()), None)
    except (Problem, Pole):
        return None
    read = {a.tensor for e in exprs for a in accesses(e)}
    free = {n for n in read if adjoint_of(n) is not None and n not in own}
    if trial is None or any(n not in trial.env for n in read if slope_of(n) is None):
        return None
    try:
        return _with_free(trial, free) if free else trial
    except Pole:
        return None


def _with_free(trial: Trial, free: Container[str]) -> Trial:
    """The run with these adjoints drawn, where none before them is, and the others computed."""
    env = dict(trial.env)
    moved: set[str] = set()
    for block in trial.prepared.adjoints:
        together = [e for e in members(block) if e.tensor in env]
        follows = any(moved & set(e.reads) for e in together)
        drawn = set() if follows else {e.tensor for e in together if e.tensor in free}
        for adjoint in drawn:
            places = np.arange(env[adjoint].size, dtype=np.uint64).reshape(env[adjoint].shape)
            name = "adjoint " + (adjoint_of(adjoint) or "")
            env[adjoint] = trial.atoms.free(name, places)
        if follows or drawn:
            rest = blocks([e for e in together if e.tensor not in drawn])
            fill(rest, env, trial.ranges, number=trial.number)
            moved |= {e.tensor for e in together}
    return replace(trial, env=env)


def prints(trial: Trial, expr: Expr, axes: tuple[Axis, ...]) -> Print:
    """The residues of ``expr`` over ``axes``."""
    return bytes(np.ascontiguousarray(_values(trial, expr, axes)).tobytes())


def family_prints(
    trial: Trial, family: Family, axes: tuple[Axis, ...], along: tuple[Axis, ...]
) -> dict[tuple[int, ...], Print]:
    """The prints of a family's terms by their values of ``along``, added up over its other axes.

    Terms that are zero whatever the numbers are left out. Raises `LimitExceeded`.
    """
    inner = tuple(a for a in family.axes if a not in along)
    whole = _values(trial, family.body, (*along, *axes, *inner))
    if inner:
        whole = trial.number.total(whole, tuple(range(-len(inner), 0)))
    found = {}
    for place in np.ndindex(*(a.extent.value or 0 for a in along)):
        part = np.ascontiguousarray(whole[place])
        if part.any():
            at = tuple(n + (a.lo.value or 0) for n, a in zip(place, along, strict=True))
            found[at] = part.tobytes()
    return found


def _values(trial: Trial, expr: Expr, axes: tuple[Axis, ...]) -> Array:
    entries = prod(a.extent.value or 0 for a in axes)
    if entries > MOST_ENTRIES:
        raise LimitExceeded(f"{entries} terms", expected=f"at most {MOST_ENTRIES}")
    return trial.values(trial.prepared.expr(expr), axes)
