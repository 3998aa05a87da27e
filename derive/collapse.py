"""Collapsing Kronecker deltas over the integers: the heart of the engine.

A term is ``sum over axes of a product of factors``. A delta ``[s*i + d*u + c = 0]`` with a summed
axis of coefficient +-1 is solved for that axis, whose range becomes a pair of guards. An axis of
the left side of the differentiated equation is preferred, so that scatter becomes gather and the
kernel keeps its own indices (``i -> a + u`` is the full correlation); under a stride the window
axis is the one with a unit coefficient, and the guards ``0 <= s*i - a <= s - 1`` are Zhang's
``ceil(a/s)``. With dilation neither is, and the delta stays as the congruence that it is: dropping
it, as a sum over the range alone does, would be wrong (arXiv 1711.01348; SymPy's ``doit`` makes
this mistake).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product as choices

from derive.expr import (
    ONE,
    ZERO,
    Add,
    Delta,
    Expr,
    Guard,
    Product,
    Summation,
    add,
    product,
    substitute,
    summation,
    walk,
)
from derive.index import Axis, Index, surely_nonnegative
from derive.steps import Solved, Step


@dataclass(frozen=True)
class Term:
    """``sum over axes of the product of factors``; ``outputs`` are axes preferred for solving."""

    axes: tuple[Axis, ...]
    factors: tuple[Expr, ...]
    outputs: frozenset[Axis]

    @property
    def expr(self) -> Expr:
        """The term as an expression."""
        return summation(self.axes, product(*self.factors))


def has_delta(expr: Expr) -> bool:
    """True where a delta occurs anywhere inside."""
    return any(isinstance(node, Delta) for node in walk(expr))


def terms_of(expr: Expr) -> Iterator[tuple[tuple[Axis, ...], tuple[Expr, ...]]]:
    """Split into (axes, factors), distributing only over what contains a delta.

    ``(1 - C)`` stays one factor: what need not be opened keeps the form that the author knows.
    """
    if isinstance(expr, Summation):
        for axes, factors in terms_of(expr.body):
            yield (*expr.axes, *axes), factors
    elif isinstance(expr, Add) and has_delta(expr):
        for part in expr.terms:
            yield from terms_of(part)
    elif isinstance(expr, Product):
        options = [
            list(terms_of(f)) if has_delta(f) and not isinstance(f, Delta) else [((), (f,))]
            for f in expr.factors
        ]
        for combination in choices(*options):
            axes = tuple(a for part_axes, _ in combination for a in part_axes)
            yield axes, tuple(f for _, part in combination for f in part)
    else:
        yield (), (expr,)


def collapse(expr: Expr, outputs: Iterable[Axis]) -> tuple[Expr, tuple[Step, ...]]:
    """Collapse every delta of ``expr`` that can be, preferring to solve for ``outputs``.

    Returns the collapsed expression and one step per rule application.
    """
    preferred = frozenset(outputs)
    terms = [Term(axes, factors, preferred) for axes, factors in terms_of(expr)]
    steps: list[Step] = []
    for position in range(len(terms)):
        while (found := _next_move(terms[position])) is not None:
            terms[position], rule, solved = found
            steps.append(Step(rule, add(*(t.expr for t in terms)), solved=solved))
    kept = [_drop_true_guards(t) for t in terms]
    result = add(*(t.expr for t in kept))
    dropped = sum(len(t.factors) for t in terms) - sum(len(t.factors) for t in kept)
    if dropped:
        steps.append(Step("guards that always hold", result, "they follow from the ranges"))
    return result, tuple(steps)


Move = tuple[Term, str, Solved | None]
"""The new term, the name of the rule, and what a delta was solved for."""


def _next_move(term: Term) -> Move | None:
    """The next rule that applies to a delta of the term."""
    for delta in term.factors:
        if isinstance(delta, Delta) and (move := _collapse_one(term, delta)) is not None:
            return move
    return None


def _collapse_one(term: Term, delta: Delta) -> Move | None:
    index = delta.index
    rest = tuple(f for f in term.factors if f is not delta)
    if index.value is not None:
        factors = rest if index.value == 0 else (ZERO,)
        return replace(term, factors=factors), "delta of constants", None
    axis = _solvable(term, index)
    if axis is None:
        return None
    sign = index.coefficient(axis).value
    assert sign in (1, -1)
    solution = index.without(axis) * -sign
    mapping = {axis: solution}
    guards = _range_guards(axis, solution)
    factors = (*guards, *(substitute(f, mapping) for f in rest))
    axes = tuple(a for a in term.axes if a is not axis)
    solved = replace(term, axes=axes, factors=factors)
    return solved, _rule_name(term, index, axis), Solved(axis, solution, term.axes)


def _solvable(term: Term, index: Index) -> Axis | None:
    """The summed axis to solve for: unit coefficient, an output axis first, then the innermost.

    Where a left-side axis carries a stride, only the window axis has a unit coefficient.
    """
    unit = [a for a in term.axes if index.coefficient(a).value in (1, -1)]
    preferred = [a for a in unit if a in term.outputs]
    return next(iter(preferred or unit), None)


def _range_guards(axis: Axis, solution: Index) -> tuple[Guard, ...]:
    return Guard(solution - axis.lo), Guard(axis.hi - solution)


def _rule_name(term: Term, index: Index, axis: Axis) -> str:
    others = [a for a in term.axes if a is not axis and index.coefficient(a).terms]
    if not others:
        return "delta picks one term"
    if axis in term.outputs:
        return "scatter becomes gather"
    return "residue rule: the window index is solved for"


def _drop_true_guards(term: Term) -> Term:
    """Without the guards that hold on the whole range of every axis (free axes included)."""
    kept = tuple(
        f for f in term.factors if not (isinstance(f, Guard) and surely_nonnegative(f.index))
    )
    return replace(term, factors=kept or (ONE,))
