"""Which linear inequalities over the integers follow from others (Fourier and Motzkin).

After Schrijver, Theory of Linear and Integer Programming, ch. 12. Monomials are the variables, so
sizes may multiply axes; the answer is sound (what is said to follow does follow) and complete only
for rational consequences.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.index import Axis, Index, Monomial, Size

_MOST = 300
"""Give up (answer "unknown") when elimination holds more inequalities than this."""

Row = tuple[tuple[Monomial, int], ...]
"""The terms of an inequality ``index >= 0``."""


def follows(goal: Index, given: Iterable[Index]) -> bool:
    """True only if ``goal >= 0`` holds wherever every index in ``given`` is ``>= 0``."""
    if goal.value is not None:
        return goal.value >= 0
    return not _feasible(_relevant(-goal - 1, list(given)))


def contradictory(given: Iterable[Index]) -> bool:
    """True only if no integers satisfy all of ``given``."""
    return not _feasible([tighten(g) for g in given])


def tighten(index: Index) -> Index:
    """The strongest integer form of ``index >= 0``: divided by the common divisor."""
    divisor = index.content()
    if divisor <= 1:
        return index
    return Index.collect((m, c // divisor) for m, c in index.terms)


def background(indices: Iterable[Index], free: Iterable[Axis]) -> list[Index]:
    """What always holds in ``indices``: ranges of free axes, least values of sizes.

    A range is also stated multiplied by every size that multiplies its axis somewhere.
    """
    indices = list(indices)
    facts: list[Index] = []
    ranges = [g for a in free for g in (Index.of(a) - a.lo, a.hi - Index.of(a))]
    facts.extend(ranges)
    sizes = frozenset().union(*(i.sizes for i in (*indices, *ranges)))
    facts.extend(Index.of(s) - s.least for s in sorted(sizes))
    monomials = {m for i in (*indices, *ranges) for m, _ in i.terms if len(m) > 1}
    for monomial in monomials:
        factors = [s for s in monomial if isinstance(s, Size)]
        if len(factors) == len(monomial):
            facts.append(_product_bound(monomial))
        scale = Index(((tuple(factors), 1),))
        facts.extend(r * scale for r in ranges if r.axes & set(monomial))
    return facts


def minimal(constraints: Iterable[Index], facts: list[Index]) -> list[Index]:
    """The constraints without those that follow from the others and the facts."""
    kept = sorted({tighten(c) for c in constraints}, key=str)
    for constraint in list(kept):
        others = [c for c in kept if c is not constraint]
        if follows(constraint, [*others, *facts]):
            kept = others
    return kept


def _product_bound(monomial: Monomial) -> Index:
    least = 1
    for s in monomial:
        assert isinstance(s, Size)
        least *= s.least
    return Index(((monomial, 1),)) - least


def _relevant(goal: Index, given: list[Index]) -> list[Index]:
    """The goal with every constraint that shares a variable with it, transitively."""
    chosen, known = [tighten(goal)], {m for m, _ in goal.terms if m}
    pool = [tighten(g) for g in given]
    grown = True
    while grown:
        grown = False
        for g in pool[:]:
            variables = {m for m, _ in g.terms if m}
            if variables & known or not variables:
                chosen.append(g)
                pool.remove(g)
                known |= variables
                grown = True
    return chosen


def _feasible(constraints: list[Index]) -> bool:
    """False only where the rational system has no solution."""
    rows = {c.terms for c in constraints}
    while True:
        variables: dict[Monomial, int] = {}
        for row in rows:
            for monomial, _ in row:
                if monomial:
                    variables[monomial] = variables.get(monomial, 0) + 1
        if any(len(row) == 1 and not row[0][0] and row[0][1] < 0 for row in rows):
            return False
        if not variables or len(rows) > _MOST:
            return True
        rows = _eliminate(min(variables, key=lambda m: (variables[m], str(m))), rows)


def _eliminate(variable: Monomial, rows: set[Row]) -> set[Row]:
    lower, upper, rest = [], [], set()
    for row in rows:
        coefficient = dict(row).get(variable, 0)
        if coefficient > 0:
            lower.append((coefficient, row))
        elif coefficient < 0:
            upper.append((-coefficient, row))
        else:
            rest.add(row)
    for a, low in lower:
        for b, high in upper:
            combined = tighten(
                Index.collect([*((m, c * b) for m, c in low), *((m, c * a) for m, c in high)])
            )
            if combined.terms and not (combined.value is not None and combined.value >= 0):
                rest.add(combined.terms)
    return rest
