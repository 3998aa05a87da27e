"""Which linear inequalities over the integers follow from others (Fourier and Motzkin).

After Schrijver, Theory of Linear and Integer Programming, ch. 12. Monomials are the variables, so
sizes may multiply axes; the answer is sound (what is said to follow does follow) and complete only
for rational consequences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import gcd

from derive.index import Axis, Index, Monomial, Size

_MOST = 300
"""Give up (answer "unknown") when elimination holds more inequalities than this."""


def follows(goal: Index, given: Iterable[Index]) -> bool:
    """True only if ``goal >= 0`` holds wherever every index in ``given`` is ``>= 0``."""
    if goal.value is not None:
        return goal.value >= 0
    return not _feasible(_relevant(-goal - 1, list(given)))


def contradictory(given: Iterable[Index]) -> bool:
    """True only if no integers satisfy all of ``given``."""
    return not _feasible(given)


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
    known, chosen, pool = goal.variables, [goal], given
    while True:
        near = [g for g in pool if not g.variables or not g.variables.isdisjoint(known)]
        if not near:
            return chosen
        chosen.extend(near)
        pool = [g for g in pool if g.variables and g.variables.isdisjoint(known)]
        known = known.union(*[g.variables for g in near])


Row = tuple[int, ...]
"""Coefficients of the variables in ``coefficients . variables + constant >= 0``."""


def _feasible(constraints: Iterable[Index]) -> bool:
    """False only where the rational system, every row tightened, has no solution."""
    place: dict[Monomial, int] = {}
    for constraint in (constraints := list(constraints)):
        for monomial, _ in constraint.terms:
            if monomial:
                place.setdefault(monomial, len(place))
    system = _System()
    for constraint in constraints:
        row, constant = [0] * len(place), 0
        for monomial, coefficient in constraint.terms:
            if monomial:
                row[place[monomial]] = coefficient
            else:
                constant = coefficient
        system.add(row, constant)
    return not system.contradiction and _has_solution(frozenset(system.rows.items()))


@lru_cache(maxsize=2**14)
def _has_solution(rows: frozenset[tuple[Row, int]]) -> bool:
    """Asked again and again about sums that differ in the names of their axes only."""
    system = _System()
    system.rows = dict(rows)
    while not system.contradiction and system.rows and len(system.rows) <= _MOST:
        system = system.without_one()
    return not system.contradiction


class _System:
    """Inequalities of which only the strongest with the same coefficients is kept."""

    def __init__(self) -> None:
        self.rows: dict[Row, int] = {}
        self.contradiction = False

    def add(self, row: Sequence[int], constant: int) -> None:
        """Take ``row . variables + constant >= 0`` at its strongest for integers."""
        divisor = gcd(*row)
        if divisor == 0:
            self.contradiction |= constant < 0
            return
        key = tuple(row)
        if divisor > 1:
            key, constant = tuple(c // divisor for c in row), constant // divisor
        self.rows[key] = min(constant, self.rows.get(key, constant))

    def without_one(self) -> _System:
        """The consequences without the variable whose elimination adds fewest rows."""
        k = self._cheapest()
        rest = _System()
        lower = [(row, c) for row, c in self.rows.items() if row[k] > 0]
        upper = [(row, c) for row, c in self.rows.items() if row[k] < 0]
        rest.rows = {row: c for row, c in self.rows.items() if not row[k]}
        for low, c in lower:
            for high, d in upper:
                a, b = low[k], -high[k]
                rest.add([b * x + a * y for x, y in zip(low, high, strict=True)], b * c + a * d)
        return rest

    def _cheapest(self) -> int:
        """The variable with the fewest pairs of opposite signs, against the rows that go."""
        costs = []
        for k, column in enumerate(zip(*self.rows, strict=True)):
            zeros = column.count(0)
            if zeros < len(column):
                up = len([c for c in column if c > 0])
                down = len(column) - zeros - up
                costs.append((up * down - up - down, k))
        return min(costs)[1]
