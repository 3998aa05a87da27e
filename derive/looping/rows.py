"""Which axes a contiguous innermost loop may run over, and which loops are written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.expr import Access, Expr, Value, substitute, walk
from derive.index import Axis, Index, axis
from derive.looping.scalar import Store
from derive.looping.terms import Term

Reference = tuple[Store, tuple[Index, ...]]
"""An array with lanes and the indices into it, without that of the batch."""


def references(factors: Sequence[Expr], stores: Mapping[str, Store]) -> list[Reference]:
    """Every access to an array with lanes."""
    found = [node for f in factors for node in walk(f) if isinstance(node, Access)]
    lanes = [(stores[a.tensor], a) for a in found if stores[a.tensor].lanes]
    return [(store, store.own(a.indices)) for store, a in lanes]


def fixed_axes(factors: Sequence[Expr], stores: Mapping[str, Store]) -> set[Axis]:
    """Axes on which numbers and arrays without lanes depend: no row runs over them."""
    found: set[Axis] = set()
    for node in (node for f in factors for node in walk(f)):
        if isinstance(node, Value):
            found |= node.index.axes
        elif isinstance(node, Access) and not stores[node.tensor].lanes:
            found.update(a for i in node.indices for a in i.axes)
    return found


def row_axes(term: Term, uses: Sequence[Reference], allowed: Sequence[Axis]) -> tuple[Axis, ...]:
    """The longest run of ``allowed`` axes that lies contiguous in every array with lanes.

    An axis qualifies where every array has it, with coefficient one, in the same of its last
    dimensions; all but the first run over whole dimensions. The first one may have bounds.
    """
    row: tuple[Axis, ...] = ()
    _, model = uses[0]
    for index in reversed(model):
        fitting = [a for a in allowed if a not in row and index.coefficient(a).value == 1]
        longer = next((c for a in fitting if _fits(c := (a, *row), term, uses)), None)
        if longer is None:
            break
        row = longer
    return row


def _fits(row: tuple[Axis, ...], term: Term, uses: Sequence[Reference]) -> bool:
    axes = set(row)
    if any(axes & c.axes for c in term.congruences):
        return False
    bounds = [g for g in term.guards if axes & g.axes]
    if bounds and (len(row) > 1 or any(g.coefficient(row[0]).value not in (1, -1) for g in bounds)):
        return False
    return all(_lies_along(row, use) for use in uses)


def _lies_along(row: tuple[Axis, ...], use: Reference) -> bool:
    store, indices = use
    if len(indices) < len(row):
        return False
    before, run = indices[: -len(row)], indices[-len(row) :]
    if any(set(row) & i.axes for i in before):
        return False
    first, *others = run
    if first.coefficient(row[0]).value != 1 or len(first.axes & set(row)) > 1:
        return False
    bounds = store.ranges[len(indices) - len(others) :]
    inner = zip(row[1:], others, bounds, strict=True)
    return all(i == Index.of(a) and (a.lo, a.hi) == (lo, hi) for a, i, (lo, hi) in inner)


def unrolled(axes: Sequence[Axis], most: int) -> tuple[Axis, ...]:
    """The last axes whose loops, written out together, are at most ``most`` terms."""
    chosen: list[Axis] = []
    count = 1
    for candidate in reversed(axes):
        extent = candidate.extent.value
        if extent is not None and count * extent <= most:
            chosen.insert(0, candidate)
            count *= extent
    return tuple(chosen)


def tiled(term: Term, long: Axis, width: int) -> list[tuple[Term, Axis]]:
    """The term in parts whose returned axis has at most ``width`` values: tiles and a rest."""
    extent = long.extent.value
    assert extent is not None
    tiles, rest = divmod(extent, width)
    parts = []
    if tiles:
        inner = axis(long.name, 0, width - 1)
        outer = axis(f"{long.name}_tile", 0, tiles - 1)
        place = long.lo + width * Index.of(outer) + inner
        parts.append((_with(term, long, place, (outer, inner)), inner))
    if rest:
        inner = axis(long.name, 0, rest - 1)
        place = long.lo + width * tiles + inner
        parts.append((_with(term, long, place, (inner,)), inner))
    return parts


def _with(term: Term, old: Axis, place: Index, new: tuple[Axis, ...]) -> Term:
    mapping = {old: place}
    axes = [a for b in term.axes for a in (new if b is old else (b,))]
    return replace(
        term, axes=tuple(axes), factors=tuple(substitute(f, mapping) for f in term.factors)
    )
