"""Jacobians in residues: tangents along every entry of a tensor at once.

``d R / d T`` is the total derivative, as in `verify.jacobians`: T is set free. Every direction has
the axes of T behind its own, and that of T is the identity, so the tangent of R is the Jacobian. No
equation of the engine is used.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from derive.arithmetic import Array, Numbers
from derive.equations import Equation, slope_of
from derive.errors import LimitExceeded
from derive.expr import ZERO, Access, Expr, rewrite
from derive.index import Axis, Index
from derive.loops import Loop, blocks, members
from derive.run import Spot, fill
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
    ones = np.eye(prod(shape), dtype=np.uint64).reshape(shape * 2)
    moved, todo = _between(prepared.tangents, below, above)
    if above not in moved:
        return np.zeros((*np.shape(env[above]), *shape), dtype=np.uint64)
    if any(prod(shape) * np.size(env[n]) > MOST_ENTRIES for n in moved):
        raise LimitExceeded(f"{name} has too many entries", expected=f"at most {MOST_ENTRIES}")
    equations = tuple(
        replace(
            e,
            rhs=_along_columns(e.rhs, moved, columns),
            axes=(*e.axes, *columns),
            place=e.place and (*e.place, *map(Index.of, columns)),
        )
        for e in todo
    )
    spans = {**ranges, **{direction_name(n): (*ranges[n], *ranges[below]) for n in moved}}
    here = dict(env)
    if direction_name(below) not in {e.tensor for e in todo}:
        here[direction_name(below)] = ones

    def add(spot: Spot, value: Array) -> Array:
        own = spot.equation.tensor == direction_name(below)
        return number.add(value, ones[spot.part]) if own else value

    fill(blocks(equations), here, spans, number=number, finish=add)
    return here[direction_name(above)]


def _between(
    tangents: Sequence[Equation | Loop], below: str, above: str
) -> tuple[set[str], list[Equation]]:
    """The tensors that move with ``below``, as far as ``above``, and the equations that say how.

    Those of ``below`` are among them only where it is computed from itself.
    """
    moved, found = {below}, list[Equation]()
    for block in tangents:
        together = members(block)
        names = {e.tensor[len(direction_name("")) :] for e in together}
        reads = {tensor_of(t) for e in together for t in e.reads}
        own = isinstance(block, Loop) and below in names
        if own or (names != {below} and moved & reads):
            moved |= names
            found += together
        if above in names:
            break
    return moved, found


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
