"""Vectors that are neither rows nor columns: slices of a matrix and sums along an axis.

``P_{i:}`` is a row of P; many treat it, and one-dimensional arrays of programs, as a column. The
shapes decide: as typed first, then flat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from derive.reading.arrays import ShapeMismatch
from derive.reading.fitting import is_whole
from derive.reading.scope import Scope
from derive.reading.surface import Call, Name, Node, Relation, walk

FLAT = "one-dimensional"
"""The name under which it is declared, beside the operators."""

T = TypeVar("T")


def flat(scope: Scope) -> bool:
    """Whether slices and sums along an axis are taken as columns."""
    return scope.operators.get(FLAT) == "column"


def with_flat_vectors(read: Callable[[Scope], T], scope: Scope, nodes: tuple[Node, ...]) -> T:
    """What ``read`` gives with slices as rows and columns, or, if no shape fits, as columns."""
    try:
        return read(scope)
    except ShapeMismatch as mismatch:
        if FLAT in scope.operators or not any(map(_has_flat, nodes)):
            raise
        try:
            value = read(scope.declare_operator(FLAT, "column"))
        except ShapeMismatch:
            raise mismatch from None
    scope.note("slices and sums along an axis are columns")
    return value


def _has_flat(node: Node) -> bool:
    return any(
        (isinstance(n, Name) and any(map(is_whole, n.sub)))
        or (isinstance(n, Call) and any(is_whole(a) or isinstance(a, Relation) for a in n.args))
        for n in walk(node)
    )
