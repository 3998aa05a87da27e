"""Sizes put into an expression, also where they bound its sums."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expr import Expr, Summation, Winner, children, rebuild, substitute
from derive.index import Axis, Index, Size


def resize(expr: Expr, sizes: Mapping[Size, Index], axes: Mapping[Axis, Index]) -> Expr:
    """Replace sizes everywhere, also in ranges of bound axes; ``axes`` maps the free axes."""
    if isinstance(expr, Summation | Winner):
        fresh = {a: Axis(a.name, a.lo.substitute(sizes), a.hi.substitute(sizes)) for a in expr.axes}
        inner = {**axes, **{a: Index.of(b) for a, b in fresh.items()}}
        body = resize(expr.body, sizes, inner)
        if isinstance(expr, Summation):
            return Summation(tuple(fresh.values()), body)
        at = tuple(i.substitute({**sizes, **axes}) for i in expr.at)
        return Winner(tuple(fresh.values()), at, body, expr.tie)
    parts = children(expr)
    if parts:
        return rebuild(expr, tuple(resize(p, sizes, axes) for p in parts))
    return substitute(expr, {**sizes, **axes})
