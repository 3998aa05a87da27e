"""Jacobians in residues: tangents along every entry of a tensor at once.

``d R / d T`` is the total derivative, as in `verify.jacobians`: T is set free. Every direction has
the axes of T behind its own, and that of T is the identity, so the tangent of R is the Jacobian. No
equation of the engine is used.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from math import prod

import numpy as np

from derive.arithmetic import Array, Numbers
from derive.equations import slope_of
from derive.errors import LimitExceeded
from derive.evaluate import evaluate
from derive.expr import ZERO, Access, Expr, rewrite
from derive.index import Axis, Index
from derive.scope import Ranges, extent
from verify.subject import Prepared
from verify.tangent import direction_name, tensor_of

MOST_ENTRIES = 2**20
"""Of any Jacobian on the way."""


def jacobian(
    name: str, prepared: Prepared, env: Mapping[str, Array], ranges: Ranges, number: Numbers
) -> Array:
    """The Jacobian ``name`` at the residues in ``env``, rows before columns.

    Raises `LimitExceeded` where it has more than `MOST_ENTRIES` entries, and `Pole`.
    """
    above, below = slope_of(name) or ("", "")
    shape = tuple(extent(span) for span in ranges[below])
    columns = tuple(Axis("c", Index.of(lo), Index.of(hi)) for lo, hi in ranges[below])
    here = {**env, direction_name(below): np.eye(prod(shape), dtype=np.uint64).reshape(shape * 2)}
    spans = {**ranges, direction_name(below): (*ranges[below], *ranges[below])}
    moved = {below}
    for tensor, equation in prepared.tangents.items():
        if tensor == below or not moved & set(prepared.forward[tensor].reads):
            continue
        if prod(shape) * np.size(env[tensor]) > MOST_ENTRIES:
            raise LimitExceeded(f"{name} has too many entries", expected=f"at most {MOST_ENTRIES}")
        rhs = _along_columns(equation.rhs, moved, columns)
        direction = direction_name(tensor)
        here[direction] = evaluate(rhs, (*equation.axes, *columns), here, spans, number=number)
        spans[direction] = (*ranges[tensor], *ranges[below])
        moved.add(tensor)
        if tensor == above:
            break
    if above not in moved:
        return np.zeros((*np.shape(env[above]), *shape), dtype=np.uint64)
    return here[direction_name(above)]


def _along_columns(expr: Expr, moved: Container[str], columns: tuple[Axis, ...]) -> Expr:
    """Directions read along every column; those of tensors that stay are 0."""

    def rule(node: Expr) -> Expr:
        base = tensor_of(node.tensor) if isinstance(node, Access) else None
        if not isinstance(node, Access) or base is None:
            return node
        if base not in moved:
            return ZERO
        if any(i.axes & set(columns) for i in node.indices):
            return node  # met again as what remains of a sum
        return Access(node.tensor, (*node.indices, *(Index.of(c) for c in columns)))

    return rewrite(expr, rule)
