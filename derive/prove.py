"""Proof by expansion: equal normal forms, definitions of intermediate tensors put in one at a time.

While the normal forms of two sides differ, a tensor is replaced by its equation in both: of those
that only one side reads, the one that depends on most others. Adjoints of early layers depend on
those of later ones, these on the forward tensors, so one order serves all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from derive.canonical import equal
from derive.equations import Equation, Model, adjoint_name
from derive.errors import LimitExceeded
from derive.expr import (
    Access,
    Expr,
    accesses,
    refresh,
    rewrite,
    substitute,
    walk,
)
from derive.index import Axis, Index
from derive.steps import Derivation
from derive.terms import Terms

_MOST_BLIND = 4
"""Rounds allowed while both sides read the same tensors: most such sides simply differ."""
_MOST_NODES = 600
"""Expressions larger than this are not expanded further."""


def definitions(model: Model, derivations: Mapping[str, Derivation]) -> dict[str, Equation]:
    """Every tensor's equation and every adjoint's, least dependent first."""
    forward = {e.tensor: e for e in model.equations}
    return {**forward, **{adjoint_name(n): d.equation for n, d in derivations.items()}}


def proves_equal(
    left: Expr, right: Expr, free: Iterable[Axis], known: Mapping[str, Equation]
) -> bool:
    """True only if ``left = right`` for all values, away from kinks and poles.

    ``known`` lists equations least dependent first, as `definitions` does. False means "not found"
    and nothing else: the sides may differ, or a limit was reached.
    """
    free = tuple(free)
    place = {name: k for k, name in enumerate(known)}
    blind = 0
    try:
        sides = [Terms(free).plus(left), Terms(free).plus(right)]
        while True:
            sides[0].cancel(sides[1])
            exprs = [side.exprs for side in sides]
            if not any(exprs):
                return True
            read = [{a.tensor for e in es for a in accesses(e)} & place.keys() for es in exprs]
            blind += read[0] == read[1]
            choice = (read[0] ^ read[1]) or (read[0] | read[1])
            size = sum(1 for es in exprs for e in es for _ in walk(e))
            if not choice or blind > _MOST_BLIND or size > _MOST_NODES:
                return False
            latest = known[max(choice, key=place.__getitem__)]
            sides = [side.replaced(partial(unfold, equation=latest)) for side in sides]
    except LimitExceeded:
        return False


def unfold(expr: Expr, equation: Equation) -> Expr:
    """Every read of the equation's tensor replaced by its right side."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor == equation.tensor:
            return refresh(
                substitute(equation.rhs, dict(zip(equation.axes, node.indices, strict=True)))
            )
        return node

    return rewrite(expr, rule)


def same_model(one: Model, other: Model) -> bool:
    """True where both have the same tensors, ranges, roles and loss, and equal equations.

    Notation, names of axes, order of terms and where an equation was read do not matter.
    """
    roles = [
        (set(m.inputs), set(m.parameters), m.loss, m.batch, dict(m.sizes), m.update)
        for m in (one, other)
    ]
    ranges = [{n: t.ranges for n, t in m.tensors.items()} for m in (one, other)]
    if roles[0] != roles[1] or ranges[0] != ranges[1] or len(one.equations) != len(other.equations):
        return False
    return all(
        e.tensor in other.by_tensor and _same_equation(e, other.by_tensor[e.tensor])
        for e in one.equations
    )


def _same_equation(one: Equation, other: Equation) -> bool:
    renamed = {b: Index.of(a) for a, b in zip(one.axes, other.axes, strict=True)}
    return equal(one.rhs, substitute(other.rhs, renamed), one.axes)
