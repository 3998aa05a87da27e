"""What is well formed in the core; every pass leaves an expression that passes."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expr import (
    TIES,
    Access,
    Add,
    Apply,
    Expr,
    Product,
    Summation,
    Winner,
    children,
    indices_of,
)
from derive.index import Axis


def check(expr: Expr, ranks: Mapping[str, int], scope: frozenset[Axis] = frozenset()) -> None:
    """Raise ``ValueError`` unless ``expr`` is well formed.

    Well formed: every axis is in ``scope`` or bound exactly once on the way, every accessed tensor
    is in ``ranks`` and is read with that many indices, no product, sum or application is empty.
    """
    if isinstance(expr, Summation):
        if not expr.axes or len(set(expr.axes)) < len(expr.axes) or scope & set(expr.axes):
            raise ValueError(f"summation binds an axis twice: {expr.axes}")
        return check(expr.body, ranks, scope | set(expr.axes))
    if isinstance(expr, Winner) and (len(expr.at) != len(expr.axes) or expr.tie not in TIES):
        raise ValueError(f"a winner over {expr.axes} at {len(expr.at)} places, ties {expr.tie}")
    for index in indices_of(expr):
        if stray := index.axes - scope:
            raise ValueError(f"index {index} uses unbound {sorted(a.name for a in stray)}")
    if isinstance(expr, Access) and ranks.get(expr.tensor) != len(expr.indices):
        raise ValueError(
            f"{expr.tensor} is read with {len(expr.indices)} indices, has {ranks.get(expr.tensor)}"
        )
    if isinstance(expr, Product | Add | Apply) and not children(expr):
        raise ValueError(f"empty {type(expr).__name__}")
    if isinstance(expr, Winner):
        return check(expr.body, ranks, scope | set(expr.axes))
    for part in children(expr):
        check(part, ranks, scope)
