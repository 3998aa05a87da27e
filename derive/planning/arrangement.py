"""The order of the axes inside a module: rows of an image first, samples last.

Arrays come and go with the batch axis first. Where windows slide over them that is a poor order to
compute in: every row of a window is a short run of memory. Inside, ``C[n, p, i, j]`` is therefore
kept as ``C[i, p, j, n]``: with the samples of a chunk last all slices are long runs, and with the
rows first a strip of windows along j, made once, holds the windows along i as overlapping matrices
(`derive.planning.contraction`). Models in which nothing slides keep their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derive.batching import BATCH
from derive.equations import Equation, Model
from derive.expr import Access, Expr, accesses, rewrite
from derive.index import Index

Order = tuple[int, ...]
"""Dimension d inside is dimension ``order[d]`` outside."""

Dim = tuple[str, int]
"""A dimension of a tensor."""


@dataclass(frozen=True)
class Arranged:
    """A batched model in the order of axes that is computed in, and the tensors that moved."""

    model: Model
    orders: Mapping[str, Order]


def arranged(model: Model) -> Arranged:
    """The model with the axes of every tensor that carries samples in the order of the inside."""
    carrying = {
        n for n, t in model.tensors.items() if t.extents and t.extents[0] == Index.of(BATCH)
    }
    sliding = _sliding(model, carrying)
    if not sliding or any(e.place is not None for e in model.equations):
        return Arranged(model, {})
    orders = {n: _order(n, model.tensors[n].rank, sliding) for n in carrying}
    tensors = {
        n: replace(t, ranges=tuple(t.ranges[d] for d in orders[n])) if n in orders else t
        for n, t in model.tensors.items()
    }
    equations = tuple(_moved(e, orders) for e in model.equations)
    return Arranged(replace(model, tensors=tensors, equations=equations), orders)


def _order(name: str, rank: int, sliding: set[Dim]) -> Order:
    """The first dimension that windows slide along, what stands still, the others, the samples."""
    along = [d for d in range(1, rank) if (name, d) in sliding]
    still = [d for d in range(1, rank) if d not in along]
    rows = along[:1] if len(along) > 1 else []
    return (*rows, *still, *(d for d in along if d not in rows), 0)


def _moved(equation: Equation, orders: Mapping[str, Order]) -> Equation:
    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor in orders:
            return Access(node.tensor, tuple(node.indices[d] for d in orders[node.tensor]))
        return node

    order = orders.get(equation.tensor, tuple(range(len(equation.axes))))
    axes = tuple(equation.axes[d] for d in order)
    return replace(equation, axes=axes, rhs=rewrite(equation.rhs, rule))


def _sliding(model: Model, carrying: set[str]) -> set[Dim]:
    """The dimensions of these tensors that windows slide along, in whatever they are made into."""
    found: set[Dim] = set()
    same: list[tuple[Dim, Dim]] = []
    for equation in model.equations:
        if equation.tensor not in carrying:
            continue
        own = {axis: (equation.tensor, d) for d, axis in enumerate(equation.axes)}
        for access in (a for a in accesses(equation.rhs) if a.tensor in carrying):
            for d, index in enumerate(access.indices):
                ours = [own[a] for a in index.axes if a in own]
                if len(index.axes) > 1:
                    found |= {(access.tensor, d), *ours}
                else:
                    same += [((access.tensor, d), dim) for dim in ours]
    return _with_neighbours(found, same)


def _with_neighbours(found: set[Dim], same: list[tuple[Dim, Dim]]) -> set[Dim]:
    """All dimensions that are reached from the found ones over pairs that share an index."""
    while True:
        more = {dim for pair in same if found & set(pair) for dim in pair} - found
        if not more:
            return found
        found = found | more
