r"""Conventions about time: derivatives through every step, or through one alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.errors import Problem
from derive.expr import ZERO
from derive.reading.scope import Scope
from verify.claim import read_statement
from verify.jacobians import slopes_in
from verify.variant import Case, Standing, Variant


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
