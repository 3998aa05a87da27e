"""Signs that are missing before a cell of a displayed array, or before a branch of cases."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Cases, Matrix, Node, Unary
from verify.mending.edit import Edit, before, typed

MOST = 9
"""Cells of an array, or branches, that are looked at."""
COST = 3


def cells(node: Node) -> tuple[Node, ...]:
    """The cells of a small displayed array, the values of a few cases; none of another node."""
    found: tuple[Node, ...] = ()
    if isinstance(node, Matrix):
        found = tuple(cell for row in node.rows for cell in row)
    elif isinstance(node, Cases):
        found = tuple(value for value, _ in node.branches)
    return found if len(found) <= MOST else ()


def cell_signs(node: Node, text: str) -> Iterator[Edit]:
    """A minus sign put before each cell that has none."""
    for cell in cells(node):
        if not isinstance(cell, Unary):
            what = f"the minus sign of ${typed(cell, text)}$ is missing"
            yield Edit(before(cell), "-", what, COST)
