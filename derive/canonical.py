"""The normal form: two right sides that are the same sum become the same expression.

Every expression is expanded into monomials (`derive.monomials`). In each, the summation axes are
re-chosen so that the reads themselves are the axes (`derive.anchors`): going through the atoms in
an order that does not depend on names, the first index with a unit coefficient *becomes* the axis.
So ``sum_i D[i] S[i-u]`` and ``sum_j D[j+u] S[j]`` coincide, and so do a kernel run forwards and
backwards. Ranges become inequalities, of which only the irredundant ones are kept. Equal normal
forms are a proof, for all values away from kinks and poles; different ones prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, islice, permutations
from itertools import product as choices

from derive.alpha import alpha_key
from derive.anchors import anchored, placed
from derive.expr import (
    ZERO,
    Apply,
    Expr,
    Guard,
    Summation,
    Value,
    add,
    indices_of,
    negative,
    substitute,
    walk,
)
from derive.index import Axis, Index
from derive.monomials import Monomial, as_expr, expand, merge_powers, solve_deltas
from derive.polyhedra import background, contradictory, follows, minimal, tighten

_MOST_ORDERS = 24
"""Orders of equal-looking atoms that are tried before the first is taken."""


def canonical(expr: Expr, free: Iterable[Axis] = ()) -> Expr:
    """The normal form of ``expr`` over its free axes (named by their place in ``free``).

    Raises `LimitExceeded` where it expands beyond the limit of `derive.monomials`.
    """
    free = tuple(free)
    fixed = {a: a.lo for a in free if a.lo == a.hi}
    return Form(free).normal(substitute(expr, fixed))


def equal(left: Expr, right: Expr, free: Iterable[Axis] = ()) -> bool:
    """True where the normal form of the difference is zero: a proof of equality."""
    return canonical(add(left, negative(right)), free) == ZERO


@dataclass(frozen=True)
class Sum:
    """A monomial in normal form; equal ``key`` and region mean equal up to the coefficient."""

    key: str
    limits: tuple[str, ...]
    monomial: Monomial

    def plus(self, other: Sum, sign: int = 1) -> Sum:
        """The same sum with both coefficients."""
        total = self.monomial.coefficient + sign * other.monomial.coefficient
        return replace(self, monomial=replace(self.monomial, coefficient=total))


@dataclass(frozen=True)
class Form:
    """Normalisation where the axes ``free`` are free: bound further out, or the equation's."""

    free: tuple[Axis, ...]

    def normal(self, expr: Expr) -> Expr:
        alike: dict[str, list[Sum]] = {}
        self.collect(expr, alike)
        return self.total(alike)

    def collect(self, expr: Expr, alike: dict[str, list[Sum]]) -> None:
        """Add the normal forms of the expression's terms to those in ``alike``, by their keys."""
        for raw in expand(expr, self.normal):
            if (found := self.monomial(raw)) is None:
                continue
            group = alike.setdefault(found.key, [])
            for place, known in enumerate(group):
                if self.same_region(known, found):
                    group[place] = known.plus(found)
                    break
            else:
                group.append(found)
            alike[found.key] = [s for s in group if s.monomial.coefficient]

    def total(self, alike: Mapping[str, list[Sum]]) -> Expr:
        """The sum of the terms, in an order that does not depend on how it was written."""
        kept = [s for group in alike.values() for s in group]
        return add(*(as_expr(s.monomial) for s in sorted(kept, key=lambda s: (s.key, s.limits))))

    def same_region(self, one: Sum, other: Sum) -> bool:
        """Both run over the same indices: each one's inequalities follow from the other's.

        Needed where inequalities make each other redundant only by divisibility, so that which of
        them are kept depends on how the sum was written.
        """
        if one.limits == other.limits:
            return True
        axes = dict(zip(other.monomial.axes, map(Index.of, one.monomial.axes), strict=True))
        regions = (
            _all_bounds(one.monomial),
            [b.substitute(axes) for b in _all_bounds(other.monomial)],
        )
        facts = background([*regions[0], *regions[1]], self.free)
        return all(
            follows(goal, [*given, *facts])
            for given, goals in (regions, regions[::-1])
            for goal in goals
        )

    def monomial(self, monomial: Monomial) -> Sum | None:
        """The normal form of one monomial with the key that identifies it up to its coefficient."""
        solved = solve_deltas(monomial)
        solved = None if solved is None else self._squeeze(solved)
        if solved is None:
            return None
        solved = _sum_unused(merge_powers(solved))
        orders = islice(_orders(solved), _MOST_ORDERS)
        candidates = (self._anchored(replace(solved, atoms=order)) for order in orders)
        return min(candidates, key=lambda s: (s.key, s.limits))

    def _squeeze(self, monomial: Monomial) -> Monomial | None:
        """Two opposite inequalities are an equation; an empty range is zero."""
        while (equation := _implied_equation(monomial)) is not None:
            again = solve_deltas(replace(monomial, zero=(*monomial.zero, equation)))
            if again is None:
                return None
            monomial = again
        bounds = _all_bounds(monomial)
        return None if contradictory([*bounds, *background(bounds, self.free)]) else monomial

    def _anchored(self, monomial: Monomial) -> Sum:
        """Axes re-chosen along the reads, named a0, a1 …, brackets minimal, atoms in final form."""
        monomial, anchors = anchored(monomial)
        left = [a for a in monomial.axes if a not in anchors]
        for axis in left:
            monomial = placed(monomial, axis)
        order = (*anchors, *(a for a in monomial.axes if a not in anchors))
        bounds = _all_bounds(monomial)
        kept = minimal(bounds, background(bounds, self.free))
        renamed, guards = _boxes(order, kept, self.free)
        mapping = {old: Index.of(new) for old, new in renamed.items()}
        inner = Form((*self.free, *renamed.values()))
        names = {a: f"f{k}" for k, a in enumerate(inner.free)}
        atoms = [inner.arguments(substitute(a, mapping)) for a in monomial.atoms]
        atoms.sort(key=lambda a: alpha_key(a, names))
        result = Monomial(
            monomial.coefficient,
            tuple(renamed.values()),
            tuple(_signed(z.substitute(mapping), names) for z in monomial.zero),
            tuple(sorted(guards, key=lambda g: alpha_key(Guard(g), names))),
            tuple(atoms),
        )
        limits = sorted(alpha_key(Guard(k.substitute(mapping)), names) for k in kept)
        zeros = sorted(alpha_key(Value(z), names) for z in result.zero)
        key = "|".join([*(alpha_key(a, names) for a in atoms), "where", *zeros])
        return Sum(f"{len(result.axes)}:{key}", tuple(limits), result)

    def arguments(self, atom: Expr) -> Expr:
        """The atom with its arguments normalised once more, now that the outer axes have names."""
        if isinstance(atom, Apply):
            return Apply(atom.function, tuple(self.normal(a) for a in atom.arguments))
        return atom


def _all_bounds(monomial: Monomial) -> list[Index]:
    """Brackets and ranges of the bound axes, all as ``index >= 0``."""
    ranges = (g for a in monomial.axes for g in (Index.of(a) - a.lo, a.hi - Index.of(a)))
    return [*monomial.nonnegative, *ranges]


def _implied_equation(monomial: Monomial) -> Index | None:
    """An index that two opposite inequalities make zero and that can be solved for a bound axis."""
    bounds = [tighten(b) for b in _all_bounds(monomial)]
    present = set(bounds)
    for bound in bounds:
        units = (bound.coefficient(a).value in (1, -1) for a in monomial.axes)
        if -bound in present and any(units):
            return bound
    return None


def _signed(zero: Index, names: Mapping[Axis, str]) -> Index:
    """``zero`` or its negative, the same equation: whichever comes first by its axes' names."""
    return min((zero, -zero), key=lambda index: alpha_key(Value(index), names))


def _sum_unused(monomial: Monomial) -> Monomial:
    """An axis that nothing reads and no bracket ties to another contributes its extent."""
    used = frozenset().union(
        *(a.free_axes for a in monomial.atoms),
        *(i.axes for i in (*monomial.zero, *monomial.nonnegative)),
    )
    for axis in monomial.axes:
        if axis not in used:
            rest = tuple(a for a in monomial.axes if a is not axis)
            value = axis.extent.value
            scale = Fraction(1) if value is None else Fraction(value)
            atoms = monomial.atoms if value is not None else (*monomial.atoms, Value(axis.extent))
            monomial = replace(
                monomial, axes=rest, coefficient=monomial.coefficient * scale, atoms=atoms
            )
    return monomial


def _orders(monomial: Monomial) -> Iterator[tuple[Expr, ...]]:
    """Atoms sorted by what does not depend on bound names, with every order of those that tie.

    Equal atoms (a power) count as one.
    """
    bound = frozenset(monomial.axes)
    alike: dict[str, list[Expr]] = {}
    for atom in monomial.atoms:
        alike.setdefault(alpha_key(atom), []).append(atom)
    powers = list(alike.values())
    ranked = sorted((_blind_key(p[0], bound), k) for k, p in enumerate(powers))
    groups = [[powers[k] for _, k in group] for _, group in groupby(ranked, key=lambda r: r[0])]
    for choice in choices(*(permutations(g) for g in groups)):
        yield tuple(a for group in choice for power in group for a in power)


def _blind_key(atom: Expr, bound: frozenset[Axis]) -> str:
    """A key that forgets names, signs and offsets: heads of all nodes, and which axes are free."""
    heads = []
    for node in walk(atom):
        head = getattr(node, "tensor", "") or getattr(node, "function", "") or type(node).__name__
        if not isinstance(node, Summation):
            tied = "".join("b" if i.axes & bound else "f" for i in indices_of(node))
            heads.append(f"{head}{tied}")
    return f"{heads[0]}:{','.join(sorted(heads))}" if heads else ""


def _boxes(
    order: tuple[Axis, ...], kept: list[Index], free: tuple[Axis, ...]
) -> tuple[dict[Axis, Axis], list[Index]]:
    """Final axes: bounds of one axis alone become its range, other inequalities stay brackets."""
    taken = len(free)
    boxes = {a: (a.lo, a.hi) for a in order}
    guards = []
    for bound in kept:
        axis = next(iter(bound.axes)) if len(bound.axes) == 1 else None
        step = bound.coefficient(axis).value if axis in boxes and axis is not None else None
        if axis is not None and step == 1:
            boxes[axis] = (-bound.constant, boxes[axis][1])
        elif axis is not None and step == -1:
            boxes[axis] = (boxes[axis][0], bound.constant)
        else:
            guards.append(bound)
    renamed = {a: Axis(f"a{taken + k}", *boxes[a]) for k, a in enumerate(order)}
    mapping = {old: Index.of(new) for old, new in renamed.items()}
    return renamed, [g.substitute(mapping) for g in guards]
