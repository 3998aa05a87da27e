"""Conventions about numbers that a branch depends on: a threshold ``c > 0``, a slope ``a < 1``.

``max(a x, x)`` is the leaky rectifier for ``a < 1`` only, and ``max(-c, min(c, e))`` clips for
``c > 0`` only; hardly anybody says so. Such a number stands beside something else in what decides
between branches: in ``|w|`` the ``w`` stands alone, and its sign is no convention.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.expr import ONE, Access, Apply, Expr, accesses, add, negative, product
from verify.branches import forks
from verify.setting import authors_text
from verify.variant import Case, Standing, Variant


def signs(case: Case) -> Iterator[Variant]:
    """Every such number positive, below 1, between 0 and 1."""
    for name in _thresholds(case):
        shown, value = authors_text(case.scope, name), Access(name, ())
        above = Apply("step", (value,))
        below = Apply("step", (add(ONE, negative(value)),))
        each = _where(f"{shown} > 0", above), _where(f"{shown} < 1", below)
        yield replace(_where(f"0 < {shown} < 1", product(above, below)), weaker=each)


def _where(words: str, mask: Expr) -> Variant:
    return Variant(words, Standing.OPEN, sides=lambda side: product(mask, side))


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
