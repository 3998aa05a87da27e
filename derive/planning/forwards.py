"""Windows that run forwards: a dummy index is renamed so that kernels are turned, not windows.

``sum_{u=-2..2} I[i - u] k[u]`` is ``sum_{u=-2..2} I[i + u] k[-u]``: the same sum, and the array
that is turned around has five elements, not five for every pixel. Where such an index is free, as
in ``∂k[u] = sum_i ∂z[i] I[i - u]``, the result is turned around instead.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from derive.expr import Expr, Summation, Winner, accesses, rewrite, substitute, summation, walk
from derive.index import Axis, Index


@dataclass(frozen=True)
class Forwards:
    """The right side over ``axes``; those in ``turned`` (positions) run from the upper end."""

    axes: tuple[Axis, ...]
    rhs: Expr
    turned: tuple[int, ...]


def forwards(axes: tuple[Axis, ...], rhs: Expr, fixed: AbstractSet[Axis]) -> Forwards:
    """The same right side with every window running forwards as far as renaming can do it.

    Axes in ``fixed`` keep their direction.
    """
    if any(isinstance(node, Winner) for node in walk(rhs)):
        return Forwards(axes, rhs, ())
    backwards = _backwards(rhs) - fixed
    names = {a: Axis(a.name, -a.hi, -a.lo) for a in backwards if a in axes}
    turned = tuple(d for d, a in enumerate(axes) if a in names)
    rhs = substitute(rhs, {a: -Index.of(new) for a, new in names.items()})
    return Forwards(
        tuple(names.get(a, a) for a in axes), rewrite(rhs, lambda e: _renamed(e, backwards)), turned
    )


def _backwards(rhs: Expr) -> set[Axis]:
    """Axes that occur beside another one in an index, with a minus wherever they do."""
    minus: set[Axis] = set()
    plus: set[Axis] = set()
    for access in accesses(rhs):
        for index in access.indices:
            if len(index.axes) > 1:
                for axis in index.axes:
                    sign = index.coefficient(axis).value
                    (minus if sign is not None and sign < 0 else plus).add(axis)
    return minus - plus


def _renamed(expr: Expr, backwards: AbstractSet[Axis]) -> Expr:
    if not isinstance(expr, Summation):
        return expr
    names = {a: Axis(a.name, -a.hi, -a.lo) for a in expr.axes if a in backwards}
    body = substitute(expr.body, {a: -Index.of(new) for a, new in names.items()})
    return summation((names.get(a, a) for a in expr.axes), body)
