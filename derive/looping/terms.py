"""An equation as loops: ``target[at] += scale * product of factors`` over axes, with bounds.

Sums are opened, Kronecker deltas solved for an axis of the left side where that can be (then the
term *scatters*, and needs no guard that a gather would need), else for a summed one. What the
ranges demand remains as ``guards`` (indices that must be at least 0), which become loop bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as choices

from derive.expr import (
    Add,
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    Summation,
    Value,
    refresh,
    substitute,
)
from derive.index import Axis, Index, surely_nonnegative
from derive.maximum import as_maximum

Factors = tuple[Expr, ...]


@dataclass(frozen=True)
class Term:
    """``target[at] += scale * product(factors)`` for all values of ``axes`` within the bounds.

    ``guards`` are at least 0 and ``congruences`` equal to 0 where the term counts.
    """

    at: tuple[Index, ...]
    axes: tuple[Axis, ...]
    factors: Factors
    guards: tuple[Index, ...]
    congruences: tuple[Index, ...]
    scale: Fraction

    @property
    def summed(self) -> tuple[Axis, ...]:
        """The axes that the target's place does not depend on."""
        here = {a for index in self.at for a in index.axes}
        return tuple(a for a in self.axes if a not in here)

    @property
    def lane(self) -> Axis | None:
        """The axis of the samples, whose extent is no number."""
        return next((a for a in self.axes if a.extent.value is None), None)

    @property
    def bounded(self) -> frozenset[Axis]:
        """The axes that a guard or a congruence depends on."""
        return frozenset(a for index in (*self.guards, *self.congruences) for a in index.axes)

    @property
    def meets_each_once(self) -> bool:
        """True where the target's places are plain axes, unbounded: every element is met."""
        axes = [a for index in self.at for a in index.axes]
        plain = len(set(axes)) == len(self.at) and all(Index.of(a) in self.at for a in axes)
        return plain and not self.bounded


def terms(free: Sequence[Axis], rhs: Expr, at: Sequence[Index] | None = None) -> list[Term]:
    """The terms of ``target[free] = rhs``, or of ``target[at]`` where other axes are given."""
    place = tuple(map(Index.of, free) if at is None else at)
    found = (_term(tuple(free), place, axes, factors) for axes, factors in _opened(rhs))
    return [term for term in found if term is not None]


def _opened(expr: Expr) -> Iterator[tuple[tuple[Axis, ...], Factors]]:
    """(axes, factors) of every term; what contains no sum and no bracket stays one factor."""
    if isinstance(expr, Summation) and as_maximum(expr) is None:
        fresh = refresh(expr)
        assert isinstance(fresh, Summation)
        for axes, factors in _opened(fresh.body):
            yield (*fresh.axes, *axes), factors
    elif isinstance(expr, Add) and _is_open(expr):
        for part in expr.terms:
            yield from _opened(part)
    elif isinstance(expr, Product):
        options = [list(_opened(f)) if _is_open(f) else [((), (f,))] for f in expr.factors]
        for combination in choices(*options):
            axes = tuple(a for part, _ in combination for a in part)
            yield axes, tuple(f for _, part in combination for f in part)
    else:
        yield (), (expr,)


def _is_open(expr: Expr) -> bool:
    """True where a sum or a bracket lies inside, not hidden in a function."""
    if isinstance(expr, Summation):
        return as_maximum(expr) is None
    if isinstance(expr, Delta | Guard):
        return True
    parts = expr.terms if isinstance(expr, Add) else ()
    parts = expr.factors if isinstance(expr, Product) else parts
    return any(_is_open(part) for part in parts)


def _term(
    free: tuple[Axis, ...], at: tuple[Index, ...], bound: tuple[Axis, ...], factors: Factors
) -> Term | None:
    """One term with its deltas solved; ``None`` where it is zero."""
    state = _State(free, at, bound, list(factors), [], [])
    if not state.solve():
        return None
    return state.term()


@dataclass
class _State:
    free: tuple[Axis, ...]
    at: tuple[Index, ...]
    bound: tuple[Axis, ...]
    factors: list[Expr]
    guards: list[Index]
    congruences: list[Index]

    def solve(self) -> bool:
        """Solve every delta that can be; False where one never holds."""
        while (delta := next((f for f in self.factors if isinstance(f, Delta)), None)) is not None:
            self.factors.remove(delta)
            index = delta.index
            if index.value is not None:
                if index.value != 0:
                    return False
                continue
            axis = self._axis(index)
            if axis is None:
                self.congruences.append(index)
                continue
            sign = index.coefficient(axis).value
            assert sign is not None
            self._replace(axis, index.without(axis) * -sign)
        return True

    def _axis(self, index: Index) -> Axis | None:
        """An axis of the left side, else a summed one, that the index gives directly."""
        left = [a for i in self.at for a in i.axes if i == Index.of(a) and a in self.free]
        candidates = (*left, *self.bound)
        return next((a for a in candidates if index.coefficient(a).value in (1, -1)), None)

    def _replace(self, axis: Axis, solution: Index) -> None:
        mapping = {axis: solution}
        self.at = tuple(i.substitute(mapping) for i in self.at)
        self.guards = [g.substitute(mapping) for g in self.guards]
        self.guards += [solution - axis.lo, axis.hi - solution]
        self.congruences = [c.substitute(mapping) for c in self.congruences]
        self.factors = [substitute(f, mapping) for f in self.factors]
        self.bound = tuple(a for a in self.bound if a is not axis)

    def term(self) -> Term | None:
        scale = Fraction(1)
        kept: list[Expr] = []
        guards = list(self.guards)
        for factor in self.factors:
            if isinstance(factor, Number):
                scale *= factor.value
            elif isinstance(factor, Guard):
                guards.append(factor.index)
            else:
                kept.append(factor)
        guards = [g for g in dict.fromkeys(guards) if not surely_nonnegative(g)]
        if any(g.value is not None for g in guards):  # a number below 0
            return None
        used = {a for f in kept for a in f.free_axes}
        used |= {a for i in (*self.at, *guards, *self.congruences) for a in i.axes}
        for axis in self.bound:
            if axis not in used:  # the same for all its values
                extent = axis.extent
                if extent.value is None:
                    kept.append(Value(extent))
                else:
                    scale *= extent.value
        axes = tuple(a for a in (*self.free, *self.bound) if a in used)
        return Term(self.at, axes, tuple(kept), tuple(guards), tuple(self.congruences), scale)
