"""Whether a formula is stated for all of the tensor on its left side, or for a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.expr import substitute
from derive.index import Axis, Index
from derive.reading.bounds import read_bounds
from derive.reading.statement import Statement
from verify.compare import Identity, Outcome
from verify.ladder import all_rungs
from verify.ranges import strays
from verify.setting import Setting
from verify.understood import every_tensor
from verify.verdict import ACCEPTED, Evidence, Status


def within_ranges(
    outcome: Outcome, read: Statement, links: tuple[Identity, ...], setting: Setting
) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome, refuted where an explicit range leaves out what ``links`` would hold for too.

    A range that the formula needs is only noted (borders have other formulas), so is one that was
    not written but follows from the formula, and so are times: a recurrence has other formulas for
    its first or last place.
    """
    clock = setting.bench.fixed.clock
    written = {b.letter for q in read.quantifiers for b in read_bounds(q, None)}
    notes: tuple[str, ...] = ()
    for axis, lo, hi in _partial(read, setting):
        covered = f"{axis.name} = {axis.lo}..{axis.hi}"
        message = f"stated for {covered} only, but the array has {lo}..{hi}"
        if axis.name in clock:
            full = (axis.lo, axis.hi) == clock[axis.name]
            notes = notes if full else (*notes, f"judged for {covered}")
        elif axis.name not in written:
            notes = (*notes, message)
        elif outcome.status not in ACCEPTED:
            continue
        elif not _holds_throughout(links, axis, (lo, hi), setting):
            notes = (*notes, message)
        else:
            evidence = (*outcome.evidence, Evidence("ranges", "differs", message))
            shown = {"stated": f"{axis.lo}..{axis.hi}", "model": f"{lo}..{hi}"}
            condition = f"right if only {covered} is meant"
            outcome = replace(
                outcome, status=Status.REFUTED, message=message, scope=None, evidence=evidence,
                counterexample=shown, conditions=(condition,),
            )  # fmt: skip
    return outcome, notes


def _holds_throughout(
    links: tuple[Identity, ...], axis: Axis, whole: tuple[Index, Index], setting: Setting
) -> bool:
    """Whether ``links`` read what exists, and none is wrong, with ``axis`` over ``whole``."""
    wide = Axis(axis.name, *whole)
    known = every_tensor(setting.bench.fixed.tensors)
    for link in links:
        axes = tuple(wide if a == axis else a for a in link.axes)
        left, right = (substitute(side, {axis: wide.index}) for side in (link.left, link.right))
        if strays(left, known) or strays(right, known):
            return False
        widened = Identity(axes, left, right, link.scalars)
        if all_rungs(widened, setting.bench).status is Status.REFUTED:
            return False
    return True


def _partial(read: Statement, setting: Setting) -> Iterator[tuple[Axis, Index, Index]]:
    """Indices of the left side that run over a part of their range, with the whole range."""
    known = every_tensor(setting.bench.fixed.tensors)
    if read.target not in known:
        return
    for index, (lo, hi) in zip(read.indices, known[read.target].ranges, strict=True):
        for axis in index.axes:
            added = index - axis
            if not added.axes and (axis.lo + added, axis.hi + added) != (lo, hi):
                yield axis, lo - added, hi - added
