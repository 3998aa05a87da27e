r"""Conventions about time: derivatives through every step, or through one alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from derive.equations import adjoint_name, adjoint_of
from derive.errors import Problem
from derive.expr import ZERO, Access, Expr, Guard, accesses, add, negative, product, rewrite
from derive.reading.powers import ABOVE, COUNTS, POWER
from derive.reading.problems import Reading
from derive.reading.scope import Scope
from verify.claim import read_statement
from verify.jacobians import slopes_in
from verify.setting import Convention
from verify.variants.variant import Case, Standing, Variant, declaring

_RAISED = re.compile(r"\^\s*\{?\s*T\s*(?:\}|(?![A-Za-z]))")
_COUNTED = "the T above a matrix counts steps"


def partials(case: Case) -> Iterator[Variant]:
    """In a recurrence a derivative may hold fixed what stands before the step."""
    sides = [s for i in case.tried.identities for s in (i.left, i.right)]
    if case.setting.bench.model.clock and slopes_in(*sides) and not _vanishes(case):
        declared = bool(case.setting.context.derivatives)
        standing = Standing.SETTLED if declared else Standing.OPEN
        yield Variant(
            "derivatives are taken through one step alone, all before it held fixed "
            "(partial derivatives)",
            standing,
            convention=lambda c: replace(c, manners=(*c.manners, derivatives_are_partial)),
        )
        yield Variant(
            "derivatives of states by parameters are taken through one step alone "
            "(immediate partial derivatives)",
            standing,
            convention=lambda c: replace(c, manners=(*c.manners, derivatives_are_immediate)),
        )


def powers_of_the_last_step(case: Case) -> Iterator[Variant]:
    """``W^T`` is a product of T factors, where T is the last step."""
    sizes = {name for _, high in case.setting.bench.model.clock.values() for name in high.sizes}
    if any(size.name == "T" for size in sizes) and _RAISED.search(case.text):
        yield Variant(_COUNTED, Standing.OPEN, convention=_counting)


def _counting(convention: Convention) -> Convention:
    """T is no transposition, and a power of a matrix one in the sense of the matrix product."""
    counts, powers = Reading(_COUNTED, (ABOVE, COUNTS)), Reading(_COUNTED, (POWER, "matmul"))
    return declaring(powers)(declaring(counts)(convention))


def from_the_next_step(case: Case) -> Iterator[Variant]:
    """A gradient of a state may leave out what comes from above at its own time.

    ``da_{t-1} = W^T dz_t`` of one cell is what goes back through it.
    """
    model = case.setting.bench.model
    if model.loss is not None:
        return
    shown = {
        e.rhs.tensor: e.tensor
        for e in model.equations
        if e.source is None and isinstance(e.rhs, Access) and e.rhs.indices == e.lhs.indices
    }

    def rule(node: Expr) -> Expr:
        state = adjoint_of(node.tensor) if isinstance(node, Access) else None
        if state not in shown or not isinstance(node, Access):
            return node
        ranges = case.setting.bench.fixed.tensors[shown[state]].ranges
        pairs = zip(node.indices, ranges, strict=True)
        inside = (Guard(end) for i, (lo, hi) in pairs for end in (i - lo, hi - i))
        above = Access(adjoint_name(shown[state]), node.indices)
        return add(node, negative(product(*inside, above)))

    lefts = [a for i in case.tried.identities for a in accesses(i.left)]
    if any(adjoint_of(a.tensor) in shown for a in lefts):
        yield Variant(
            "a gradient of a state is what comes back through the next step alone",
            Standing.OPEN,
            sides=lambda side: rewrite(side, rule),
        )


def _vanishes(case: Case) -> bool:
    """Whether the formula says no more than 0 = 0 then, as of a place two steps before."""
    try:
        read = read_statement(case.text, derivatives_are_partial(case.scope))
    except Problem:
        return False
    return any(side.body == ZERO for side in read.sides)


def derivatives_are_partial(scope: Scope) -> Scope:
    """A derivative by an earlier place of a recurrence goes through one step."""
    return replace(scope, one_step="partial")


def derivatives_are_immediate(scope: Scope) -> Scope:
    """A derivative by what is no state of a recurrence goes through one step."""
    return replace(scope, one_step="immediate")
