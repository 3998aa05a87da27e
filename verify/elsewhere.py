"""Proofs at other sizes: what is too large to be tested exactly as it stands is tested small.

The formula is read again for the model at small, unequal sizes, under the same convention. One that
names a size by its number means something else there, or nothing, and is not proved by this.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import Problem
from verify.attempt import attempt
from verify.bench import SMALL_SAMPLES, Bench
from verify.compare import Identity, Outcome
from verify.exact import identical
from verify.setting import Convention, Setting
from verify.verdict import Evidence, Status

TESTED = "the tested sizes"


def proved_elsewhere(text: str, convention: Convention, setting: Setting) -> tuple[Evidence, ...]:
    """The exact tests of ``text`` at small sizes, where all of them prove it; else nothing."""
    found: list[Evidence] = []
    for bench in setting.bench.elsewhere:
        here = setting.at(bench)
        try:
            tried = attempt(text, here, moved(convention, here), _exactly)
        except Problem:
            return ()
        if tried.outcome.status is not Status.PROVED:
            return ()
        found += tried.outcome.evidence
    return tuple(dict.fromkeys(found)) if len(setting.bench.elsewhere) == SMALL_SAMPLES else ()


def moved(convention: Convention, setting: Setting) -> Convention:
    """The same choice of origins for a model of other sizes."""
    by_place = {(s.tensor, s.equation): s for s in setting.bench.fixed.shifts}
    shifts = tuple(by_place[s.tensor, s.equation] for s in convention.shifts)
    return replace(convention, shifts=shifts)


def _exactly(identity: Identity, bench: Bench) -> Outcome:
    """Rung 3 alone."""
    found = identical(identity.left, identity.right, identity.axes, bench.trials, identity.scalars)
    outcome = "agrees" if found.holds else "skipped"
    evidence = (Evidence("exact test", outcome, found.detail),)
    status = Status.PROVED if found.holds else Status.UNDECIDED
    return Outcome(status, found.reason, TESTED, evidence)
