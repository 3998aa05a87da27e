r"""Conventions about time: derivatives through every step, or through one alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.reading.scope import Scope
from verify.jacobians import slopes_in
from verify.variant import Case, Standing, Variant


def partials(case: Case) -> Iterator[Variant]:
    """In a recurrence a derivative may hold fixed what stands before the step."""
    sides = [s for i in case.tried.identities for s in (i.left, i.right)]
    if case.setting.bench.model.clock and slopes_in(*sides):
        declared = bool(case.setting.context.derivatives)
        yield Variant(
            "derivatives are taken through one step alone, all before it held fixed "
            "(partial derivatives)",
            Standing.SETTLED if declared else Standing.OPEN,
            convention=lambda c: replace(c, manners=(*c.manners, derivatives_are_partial)),
        )


def derivatives_are_partial(scope: Scope) -> Scope:
    """A derivative by an earlier place of a recurrence goes through one step."""
    return replace(scope, one_step=True)
