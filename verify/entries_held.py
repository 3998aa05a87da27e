"""Formulas for one entry that is held, ``z_i = 0``: judged for every value of its letters.

The other entries stay free: what is right where all of them are 0 may be wrong where one is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from derive.expr import substitute
from derive.index import Axis, Index
from verify.bench import Bench
from verify.compare import Identity, Outcome
from verify.link import Judge
from verify.restrictions import Restriction
from verify.verdict import ACCEPTED, Status

MOST_ENTRIES = 64


@dataclass(frozen=True)
class Held:
    """``restriction`` for the entry at ``letters``, each with its position."""

    restriction: Restriction
    letters: tuple[tuple[str, int], ...]


def at_entries(judge: Judge, held: tuple[Held, ...]) -> Judge:
    """The judge of links that looks at every such entry by itself."""

    def judged(link: Identity, bench: Bench) -> Outcome:
        names = {name for one in held for name, _ in one.letters}
        along = [a for a in link.axes if a.name in names]
        if {a.name for a in along} != names:
            return Outcome(Status.UNDECIDED, "an entry is held that the formula does not speak of")
        spans = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in along]
        found: Outcome | None = None
        for number, at in enumerate(product(*spans)):
            if number >= MOST_ENTRIES:
                return Outcome(Status.UNDECIDED, f"more than {MOST_ENTRIES} entries are held")
            found = _at(dict(zip(along, at, strict=True)), link, bench, judge, held)
            if found.status not in ACCEPTED:
                return found
        return found or Outcome(Status.UNDECIDED, "no entry is held")

    return judged


def _at(
    place: dict[Axis, int], link: Identity, bench: Bench, judge: Judge, held: tuple[Held, ...]
) -> Outcome:
    known = {a.name: n for a, n in place.items()}
    pins = []
    for one in held:
        lows = [lo.value or 0 for lo, _ in bench.fixed.tensors[one.restriction.tensor].ranges]
        entry = tuple(known[name] - lows[k] for name, k in one.letters)
        pins.append(replace(one.restriction, entry=entry))
    numbers = {a: Index.of(n) for a, n in place.items()}
    here = replace(
        link,
        axes=tuple(a for a in link.axes if a not in place),
        left=substitute(link.left, numbers),
        right=substitute(link.right, numbers),
    )
    found = judge(here, bench.restricted(*bench.restrictions, *pins))
    where = ", ".join(f"{name} = {n}" for name, n in known.items())
    if found.status is Status.REFUTED:
        return replace(found, message=f"{found.message} at {where}", counterexample=None)
    return found
