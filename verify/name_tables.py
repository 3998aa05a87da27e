r"""Tables of element names: ``$P_{111}$ $P_{121}$ $P_{131}$`` line under line.

They assert nothing but their layout: along a row one index runs. A name that breaks this is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.errors import Problem
from derive.reading.document import Document
from derive.reading.numbered import blank, numbers, renumbered
from derive.reading.parse import parse
from derive.reading.printing import to_latex
from derive.reading.segments import Segment
from derive.reading.surface import Name, Node

IN_TABLE = "a name in a table of elements, asserts nothing"
Tuple = tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """One name of a table, at its offset."""

    node: Node
    offset: int


def name_tables(document: Document) -> dict[int, str]:
    """By the offset of each name in a table of names, what is to be said of it."""
    said: dict[int, str] = {}
    for table in _tables(document):
        steps = Counter(
            _minus(numbers(b.node), numbers(a.node)) for row in table for a, b in pairwise(row)
        )
        step, often = steps.most_common(1)[0]
        if 2 * often <= steps.total() or not any(step):
            continue
        for row in table:
            said |= _row(row, step)
    return said


def _row(row: list[Cell], step: Tuple) -> dict[int, str]:
    """What is said of the names of one row, which run in these steps from where most begin."""
    starts = Counter(_plus(numbers(c.node), step, -k) for k, c in enumerate(row))
    start, often = starts.most_common(1)[0]
    said = {}
    for k, cell in enumerate(row):
        wanted = _plus(start, step, k)
        odd = 2 * often > len(row) and numbers(cell.node) != wanted
        right = to_latex(renumbered(cell.node, wanted)) if odd else ""
        said[cell.offset] = (
            f"a name in a table of elements that breaks its row; {right} would stand there"
            if odd
            else IN_TABLE
        )
    return said


def _tables(document: Document) -> Iterator[list[list[Cell]]]:
    """Runs of lines, each with as many names and nothing else."""
    table: list[list[Cell]] = []
    last = 0
    for line, segments in _lines(document):
        row = [c for s in segments if (c := _cell(s)) is not None]
        alike = len(row) == len(segments) > 1 and _nothing_else(document, segments)
        goes_on = bool(table) and line == last + 1 and len(row) == len(table[0])
        if table and not (alike and goes_on and blank(row[0].node) == blank(table[0][0].node)):
            yield from [table] if len(table) > 1 else []
            table = []
        if alike and all(blank(c.node) == blank(row[0].node) for c in row):
            table.append(row)
        last = line
    yield from [table] if len(table) > 1 else []


def _lines(document: Document) -> Iterator[tuple[int, list[Segment]]]:
    found: dict[int, list[Segment]] = {}
    for segment in document.formulas():
        if segment.kind == "inline":
            found.setdefault(document.position(segment.outer_start)[0], []).append(segment)
    yield from found.items()


def _nothing_else(document: Document, segments: list[Segment]) -> bool:
    gaps = (document.text[a.outer_end : b.outer_start] for a, b in pairwise(segments))
    return all(not gap.strip(" \t|&") for gap in gaps)


def _cell(segment: Segment) -> Cell | None:
    try:
        items = parse(segment.text).items
    except Problem:
        return None
    if len(items) != 1 or not isinstance(items[0], Name) or not numbers(items[0]):
        return None
    return Cell(items[0], segment.start + items[0].span.start)


def _minus(a: Tuple, b: Tuple) -> Tuple:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _plus(start: Tuple, step: Tuple, times: int) -> Tuple:
    return tuple(a + times * d for a, d in zip(start, step, strict=True))
