"""Summation axes chosen along the reads, whatever axes a sum was written with.

``sum_i D[i] S[i-u]`` and ``sum_j D[j+u] S[j]`` are one sum: in both, the first index that is read
can be the axis itself.
"""

from __future__ import annotations

from dataclasses import replace

from derive.expr import Expr, indices_of, walk
from derive.index import Axis, Index, greatest, least
from derive.monomials import Monomial


def anchored(monomial: Monomial) -> tuple[Monomial, list[Axis]]:
    """Make reads into axes: ``A[i - u]`` with a unit coefficient on a bound axis becomes ``A[a]``.

    Reads whose coefficients are all units come first: the place of a digit in a flattened index
    would make a worse axis, since its bounds then follow only by divisibility.
    """
    anchors: list[Axis] = []
    for fits in (_all_units, _any_unit):
        position = 0
        while len(anchors) < len(monomial.axes):
            rows = [row for atom in monomial.atoms for row in _rows(atom)]
            if position >= len(rows):
                break
            row, position = rows[position], position + 1
            open_axes = [a for a in monomial.axes if a not in anchors and row.coefficient(a).terms]
            if open_axes and fits(row, open_axes):
                monomial, new = _read_as_axis(monomial, row, open_axes)
                anchors.append(new)
    return monomial, anchors


def _all_units(row: Index, axes: list[Axis]) -> bool:
    return all(row.coefficient(a).value in (1, -1) for a in axes)


def _any_unit(row: Index, axes: list[Axis]) -> bool:
    return any(row.coefficient(a).value in (1, -1) for a in axes)


def _read_as_axis(monomial: Monomial, row: Index, axes: list[Axis]) -> tuple[Monomial, Axis]:
    """The index ``row`` becomes a new axis in place of one of ``axes`` with a unit coefficient."""
    unit = [a for a in axes if row.coefficient(a).value in (1, -1)]
    old = min(unit, key=lambda a: (a.name, a.uid))
    new = Axis(old.name, least(row) or old.lo, greatest(row) or old.hi)
    sign = row.coefficient(old).value
    assert sign is not None
    solution = (Index.of(new) - row.without(old)) * sign
    rest = tuple(a for a in monomial.axes if a is not old)
    return replace(monomial.substitute(old, solution), axes=(*rest, new)), new


def _rows(atom: Expr) -> list[Index]:
    """The indices of all reads in an atom that do not involve axes bound inside it."""
    free = atom.free_axes
    nodes = sorted((n for n in walk(atom) if indices_of(n)), key=lambda n: getattr(n, "tensor", ""))
    return [i for node in nodes for i in indices_of(node) if i.axes and i.axes <= free]


def placed(monomial: Monomial, axis: Axis) -> Monomial:
    """Direction and offset of an axis that no read can replace, fixed by the first read of it.

    There it is counted upwards, with the least offset.
    """
    rows = (r for atom in monomial.atoms for r in _rows(atom) if r.coefficient(axis).terms)
    row = next(rows, None)
    if row is None:
        return monomial
    step = row.coefficient(axis).value
    if step is None:
        return monomial
    offset = row.constant.value or 0
    shift = offset // step
    sign = 1 if step > 0 else -1
    lo, hi = (axis.lo + shift, axis.hi + shift)
    new = Axis(axis.name, *((lo, hi) if sign > 0 else (-hi, -lo)))
    rest = tuple(a for a in monomial.axes if a is not axis)
    return replace(monomial.substitute(axis, Index.of(new) * sign - shift), axes=(*rest, new))
