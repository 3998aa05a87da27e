"""Brackets on time alone: under which of them what part of a right side counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as combinations

from derive.expr import Add, Delta, Expr, Guard, Product, Summation, add, product, summation, walk
from derive.index import Axis

Bracket = Guard | Delta
Condition = frozenset[tuple[str, int, int]]


def condition(brackets: tuple[Bracket, ...]) -> Condition:
    """What the brackets say, whatever time is called in them."""
    return frozenset(
        (type(b).__name__, b.index.coefficient(a).value or 0, b.index.constant.value or 0)
        for b in brackets
        for a in b.index.axes
    )


def parts_of(rhs: Expr, time: Axis | None) -> Iterator[tuple[tuple[Bracket, ...], Expr]]:
    """The right side in parts, each with the brackets on time alone under which it counts.

    What always counts comes first.
    """
    if time is None or not any(on_time(n, time) for n in walk(rhs)):
        yield (), rhs
        return
    found: dict[tuple[Bracket, ...], list[Expr]] = {(): []}
    for bound, factors in opened(rhs, time):
        brackets = tuple(f for f in factors if isinstance(f, Bracket) and on_time(f, time))
        rest = product(*(f for f in factors if not (isinstance(f, Bracket) and on_time(f, time))))
        found.setdefault(brackets, []).append(summation(bound, rest))
    for brackets, parts in found.items():
        if parts:
            yield brackets, add(*parts)


def on_time(node: Expr, time: Axis) -> bool:
    """Whether this is a bracket on time alone."""
    return isinstance(node, Bracket) and node.index.axes == {time}


def opened(expr: Expr, time: Axis) -> Iterator[tuple[tuple[Axis, ...], tuple[Expr, ...]]]:
    """Terms as (axes, factors), opened only where a bracket on time is inside."""
    marked = any(on_time(n, time) for n in walk(expr))
    if isinstance(expr, Summation) and marked:
        for axes, factors in opened(expr.body, time):
            yield (*expr.axes, *axes), factors
    elif isinstance(expr, Add) and marked:
        for part in expr.terms:
            yield from opened(part, time)
    elif isinstance(expr, Product) and marked:
        for chosen in combinations(*(list(opened(f, time)) for f in expr.factors)):
            yield (
                tuple(a for axes, _ in chosen for a in axes),
                tuple(f for _, fs in chosen for f in fs),
            )
    else:
        yield (), (expr,)
