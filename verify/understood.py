"""A claim as it reads under one convention, before anything is computed.

Conditions are tried by the dozen, and most of them change the values of inputs or what is compared,
not how the formula is read: what was understood last is remembered by the setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derive.equations import Tensor, adjoint_name, adjoint_of
from derive.errors import Problem
from derive.expr import Expr, accesses
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.gradient_shapes import LAYOUT
from derive.reading.layouts import LAYOUTS, undeclared
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from verify.claim import read_statement, reassigns, sentence_of
from verify.displayed import Shown, read_displayed
from verify.expansion.displays import dotted
from verify.ranges import Stray, strays, zero_outside
from verify.setting import Convention, Setting, authors_text, offsets_of


@dataclass(frozen=True)
class Understood:
    """A statement with the scope that it was read in.

    ``introduced`` says that it gave a new symbol its meaning; ``excused`` are, in words, the
    tensors that are zero outside their ranges; ``strays`` are the reads out of range that nothing
    excuses; ``shown`` are the terms that dots stand for.
    """

    scope: Scope
    statement: Statement
    shown: Shown | None = None
    introduced: bool = False
    excused: tuple[str, ...] = ()
    strays: tuple[Stray, ...] = ()


def understood(text: str, setting: Setting, convention: Convention) -> Understood:
    """What ``text`` says. Raises what reading raises, `LimitExceeded` for too large ranges."""
    # What dots stand for is looked up on the bench.
    bench = setting.bench if dotted(sentence_of(text)) else None
    key = (text, convention, len(setting.defined), bench)
    if convention.shifts:
        plain = replace(convention, shifts=())
        before = setting.recent.peek((text, plain, len(setting.defined), bench))
        if isinstance(before, Understood) and not touches_shifted(before.statement, setting):
            return before  # another origin changes nothing
    found = setting.recent.get(key, lambda: _read_or_problem(text, setting, convention))
    if isinstance(found, Problem):
        raise found.with_traceback(None)
    assert isinstance(found, Understood)
    return found


def _read_or_problem(text: str, setting: Setting, convention: Convention) -> Understood | Problem:
    """`read_afresh`, or why it fails: that too is asked for again, by all who look for a repair."""
    try:
        return read_afresh(text, setting, convention)
    except Problem as problem:
        # What it was raised from would keep all that was read on the way.
        problem.__cause__ = problem.__context__ = None
        return problem.with_traceback(None)


def read_afresh(text: str, setting: Setting, convention: Convention) -> Understood:
    """`understood`, not remembered."""
    scope = setting.scope(convention)
    read, shown = read_displayed(text, scope, setting.bench)
    if reassigns(read):
        return Understood(scope, read, introduced=True)
    introduced = read.entry is not None and read.kind == "definition"
    if introduced and read.entry is not None:
        # What else the chain says of the new symbol is a claim like any other.
        before, scope = scope, scope.declare(read.entry)
        read = _read_on(text, before, scope)
    read, notes = _excused(read, scope, setting, convention)
    known = every_tensor(setting.bench.fixed.tensors)
    found = tuple(s for side in read.sides for s in strays(side.body, known))
    return Understood(scope, read, shown, introduced, notes, found)


def _read_on(text: str, before: Scope, scope: Scope) -> Statement:
    """The chain behind a definition, ``scope`` being ``before`` with what it defined.

    Raises `Undeclared` where it fits in numerator layout alone, which nobody declared.
    """
    try:
        return read_statement(text, scope)
    except ShapeMismatch as mismatch:
        if LAYOUT in scope.operators:
            raise
        laid = before.declare_operator(LAYOUT, "numerator")
        try:
            entry = read_statement(text, laid).entry
            read_statement(text, laid if entry is None else laid.declare(entry))
        except ShapeMismatch:
            raise mismatch from None
        raise undeclared({"numerator": LAYOUTS["numerator"]}, mismatch.offset) from mismatch


def every_tensor(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors and their adjoints by name."""
    return {**tensors, **{adjoint_name(n): t for n, t in tensors.items()}}


def _excused(
    read: Statement, scope: Scope, setting: Setting, convention: Convention
) -> tuple[Statement, tuple[str, ...]]:
    """The statement with brackets where what it reads is zero outside, and what that was."""
    known = every_tensor(setting.bench.fixed.tensors)
    bodies = [side.body for side in read.sides[1:]]
    tensors = {a.tensor for body in bodies for a in accesses(body) if a.tensor in known}
    zero = {t for t in tensors if setting.zero_outside(t) or t in convention.outside}
    if not zero:
        return read, ()
    offsets = {t: offsets_of(scope, t, known[t].rank) for t in zero}
    sides, notes = [read.sides[0]], []
    for side in read.sides[1:]:
        body = zero_outside(side.body, known, zero, offsets)
        if body != side.body:
            touched = sorted(
                t for t in zero if zero_outside(side.body, known, {t}, offsets) != side.body
            )
            notes += [f"{authors_text(scope, t)} is zero outside its ranges" for t in touched]
        sides.append(ArrayValue(side.axes, body, side.row))
    return replace(read, sides=tuple(sides)), tuple(notes)


def touches_shifted(read: Statement, setting: Setting) -> bool:
    """Whether another origin could matter: a tensor is read that has one."""
    return reads_shifted((side.body for side in read.sides), setting)


def reads_shifted(bodies: Iterable[Expr], setting: Setting) -> bool:
    """Whether a tensor that has another origin is read in any of these."""
    shifted = {s.tensor for s in setting.bench.model.shifts}
    if not shifted:
        return False
    tensors = {a.tensor for body in bodies for a in accesses(body)}
    return any((adjoint_of(t) or t) in shifted for t in tensors)
