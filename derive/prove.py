"""Proof by expansion: equal normal forms, definitions of intermediate tensors put in one at a time.

The difference of two sides is normalised; while it is not zero, the tensor in it that depends on most
others is replaced by its equation. Adjoints of early layers depend on those of later ones, these on the
forward tensors, so one order serves all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derive.canonical import canonical
from derive.equations import Equation, Model, adjoint_name
from derive.errors import LimitExceeded
from derive.expr import (
    ZERO,
    Access,
    Expr,
    accesses,
    add,
    negative,
    refresh,
    rewrite,
    substitute,
)
from derive.index import Axis
from derive.steps import Derivation


def definitions(model: Model, derivations: Mapping[str, Derivation]) -> dict[str, Equation]:
    """Every tensor's equation and every adjoint's, least dependent first."""
    forward = {e.tensor: e for e in model.equations}
    return {**forward, **{adjoint_name(n): d.equation for n, d in derivations.items()}}


def proves_equal(
    left: Expr,
    right: Expr,
    free: Iterable[Axis],
    known: Mapping[str, Equation],
    rounds: int = 40,
) -> bool:
    """True only if ``left = right`` for all values, away from kinks and poles.

    ``known`` lists equations least dependent first, as `definitions` does. False means "not found"
    and nothing else: the sides may differ, or a limit was reached.
    """
    free = tuple(free)
    place = {name: k for k, name in enumerate(known)}
    try:
        difference = canonical(add(left, negative(right)), free)
        for _ in range(rounds):
            present = {a.tensor for a in accesses(difference)} & place.keys()
            if difference == ZERO or not present:
                break
            latest = max(present, key=place.__getitem__)
            difference = canonical(unfold(difference, known[latest]), free)
    except LimitExceeded:
        return False
    return difference == ZERO


def unfold(expr: Expr, equation: Equation) -> Expr:
    """Every read of the equation's tensor replaced by its right side."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor == equation.tensor:
            return refresh(
                substitute(equation.rhs, dict(zip(equation.axes, node.indices, strict=True)))
            )
        return node

    return rewrite(expr, rule)
