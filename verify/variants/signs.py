"""Conventions about numbers that a branch depends on: a threshold ``c > 0``, a slope ``a < 1``.

``max(a x, x)`` is the leaky rectifier for ``a < 1`` only, and ``max(-c, min(c, e))`` clips for
``c > 0`` only; hardly anybody says so. Such a number stands beside something else in what decides
between branches: in ``|w|`` the ``w`` stands alone, and its sign is no convention.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from derive.expr import ONE, Access, Apply, Expr, accesses, add, negative, product
from verify.branches import DEAD, forks
from verify.setting import authors_text
from verify.variants.variant import Case, Standing, Variant

RUNS = 24
ENOUGH = 6
"""Runs under a condition that tell whether anything is still decided there."""


def signs(case: Case) -> Iterator[Variant]:
    """Every such number positive, below 1, between 0 and 1."""
    for name in _thresholds(case):
        shown, value = authors_text(case.scope, name), Access(name, ())
        above = Apply("step", (value,))
        below = Apply("step", (add(ONE, negative(value)),))
        within = product(above, below)
        masks = {f"{shown} > 0": above, f"{shown} < 1": below, f"0 < {shown} < 1": within}
        each = [_where(words, mask, _standing(name, mask, case)) for words, mask in masks.items()]
        yield replace(each[-1], weaker=tuple(each[:-1]))


def _where(words: str, mask: Expr, standing: Standing) -> Variant:
    return Variant(words, standing, sides=lambda side: product(mask, side))


def _standing(name: str, mask: Expr, case: Case) -> Standing:
    """Settled where nothing is decided any more: a margin that no distance is below is none.

    ``max(0, m - d)`` with every d above 1 is always 0 for ``m < 1``; nobody means that.
    """
    bench = case.setting.bench
    runs = [s for s in islice(bench.samples(True), RUNS) if np.any(s.values(mask, ()))]
    for fork in bench.forks if len(runs) >= ENOUGH else ():
        read = {a.tensor for a in accesses(fork.body)}
        taken = {int(n) for s in runs for n in np.unique(fork.taken(s.values)[0])} - {DEAD}
        if name in read and not fork.window and len(taken) < 2:
            return Standing.SETTLED
    return Standing.OPEN


def _thresholds(case: Case) -> tuple[str, ...]:
    """Numbers that are only read and decide, together with something else, between branches."""
    bench = case.setting.bench
    held = {r.tensor for r in bench.restrictions}
    only_read = {*bench.model.inputs, *bench.model.parameters} - held
    numbers = {n for n in only_read if bench.model.tensors[n].rank == 0}
    if not numbers:
        return ()
    links = case.tried.identities
    own = (f for i in links for side in (i.left, i.right) for f in forks(side, i.axes))
    found: dict[str, None] = {}
    for fork in (*bench.forks, *own):
        read = {a.tensor for a in accesses(fork.body)}
        found |= dict.fromkeys(sorted(read & numbers) if len(read) > 1 else ())
    return tuple(found)
