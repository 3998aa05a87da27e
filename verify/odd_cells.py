"""Cells that break the pattern of the array they stand in, whatever the array is compared with.

a(1,1)  a(1,2)  a(1,3)
a(2,1)  a(2,2)  a(2,2)      row 2, column 3, a(2,2), should be a(2,3)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import Problem
from derive.reading.cells import cells_of
from derive.reading.numbered import numbers
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.surface import Matrix, Span, walk
from verify.cellwise import spelled
from verify.claim import sentence_of


@dataclass(frozen=True)
class OddCell:
    """Where such a cell stands in the formula, what the pattern asks for there, and both said."""

    span: Span
    regular: str
    words: str


def odd_cells(text: str, scope: Scope) -> list[OddCell]:
    """Those of all arrays of the formula, in the order of the text."""
    nodes = (n for side in sentence_of(text).nodes for n in walk(side))
    found = (cell for n in nodes if isinstance(n, Matrix) for cell in _odd(n, text, scope))
    return sorted(found, key=lambda cell: cell.span.start)


def odd_cells_told(text: str, scope: Scope) -> tuple[str, ...]:
    """What is said of them where the formula itself cannot be judged."""
    try:
        return tuple(f"by the pattern of its array {cell.words}" for cell in odd_cells(text, scope))
    except Problem:
        return ()


def _odd(node: Matrix, text: str, scope: Scope) -> Iterator[OddCell]:
    array = respelled(node, scope)
    assert isinstance(array, Matrix)
    try:
        cells = cells_of(array, scope, None)
    except (Problem, Undeclared):
        return
    for place in cells.odd:
        cell, regular = cells.shown[place], cells.regular(place)
        if regular is None or len(numbers(regular)) != len(numbers(cell)):
            continue
        own = text[cell.span.start : cell.span.end]
        asked = spelled(cell, numbers(regular), text)
        words = f"row {place[0]}, column {place[1]}, ${own}$, should be ${asked}$"
        yield OddCell(cell.span, asked, words)
