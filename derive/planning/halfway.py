"""Half of the way from scatter to gather: rows are gathered, columns are scattered.

``∂S[a, b] = sum over i, j, u, v of ∂z[i, j] k[u, v] [i + u = a] [j + v = b]`` adds every product
where it belongs, offset by offset. Solved for i alone, it is

    sum over u, j, v of ∂z[a - u, j] k[u, v] [j + v = b]

where ∂z has zeros around its rows: for each a one matrix product over (u, channels), with
overlapping matrices of ∂z (`derive.planning.windows.Bands`). What is left to add has no offset u
any more, so that less is written and added; for that the zeros are multiplied too.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.collapse import terms_of
from derive.expr import Delta, Expr, Guard, add, product, substitute, summation
from derive.index import Axis, Index, surely_nonnegative

Term = tuple[tuple[Axis, ...], tuple[Expr, ...]]


def rows_gathered(rhs: Expr, free: Sequence[Axis]) -> Expr | None:
    """The scatter form with the delta of the first free axis solved; None where there is no such.

    That axis is met by windows of stride and dilation one, and so is another one.
    """
    terms = list(terms_of(rhs))
    solved = [_solved(term, free) for term in terms]
    if not any(solved):
        return None
    pairs = (new or old for new, old in zip(solved, terms, strict=True))
    return add(*(summation(axes, product(*factors)) for axes, factors in pairs))


def _solved(term: Term, free: Sequence[Axis]) -> Term | None:
    axes, factors = term
    sliding = [(a, f) for a in free for f in factors if _slides(f, a, axes)]
    if len(sliding) < 2 or sliding[0][0] is not free[0]:
        return None
    target, delta = sliding[0]
    assert isinstance(delta, Delta)
    position, offset = sorted(delta.index.axes - {target}, key=lambda a: (-_extent(a), a.uid))
    value = delta.index.without(position) * -_unit(delta.index, position)
    inside = (Guard(value - position.lo), Guard(position.hi - value))
    guards = [g for g in inside if not surely_nonnegative(g.index)]
    rest = [*guards, *(substitute(f, {position: value}) for f in factors if f is not delta)]
    forwards = Axis(offset.name, -offset.hi, -offset.lo)
    if _unit(value, offset) != _unit(value, target):
        rest = [substitute(f, {offset: -Index.of(forwards)}) for f in rest]
        axes = tuple(forwards if a is offset else a for a in axes)
    return tuple(a for a in axes if a is not position), tuple(rest)


def _slides(factor: Expr, target: Axis, axes: Sequence[Axis]) -> bool:
    """True for the delta of windows along this free axis: two bound axes, all steps one."""
    if not isinstance(factor, Delta) or target not in factor.index.axes:
        return False
    others = factor.index.axes - {target}
    return (
        len(others) == 2
        and others <= set(axes)
        and all(_unit(factor.index, a) for a in factor.index.axes)
    )


def _unit(index: Index, axis: Axis) -> int:
    """The coefficient of an axis where it is 1 or -1, else 0."""
    value = index.coefficient(axis).value
    return value if value in (1, -1) else 0


def _extent(axis: Axis) -> int:
    return axis.extent.value or 0
