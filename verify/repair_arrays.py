r"""Repair of arrays with cells that break their pattern: first these as the pattern asks.

What is wrong then beside them is looked for once more, cell by cell: a slip in an array of one side
makes every cell of the other look wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import LimitExceeded, Problem
from derive.reading.cells import cells_of
from derive.reading.numbered import numbers
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.surface import Matrix, Node, Span, walk
from verify.attempt import Attempt, attempt
from verify.cellwise import spelled
from verify.claim import sentence_of
from verify.clock import Clock
from verify.repair import RIGHT, Repair
from verify.setting import Setting
from verify.verdict import Suggestion


@dataclass(frozen=True)
class _Slip:
    """A cell that breaks the pattern of its array: where it stands, and what the pattern asks."""

    span: Span
    regular: str
    words: str


def repair_arrays(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """The formula with regular arrays if that is right, perhaps with other cells as they must be.

    Nothing where every array is regular.
    """
    slips = sorted(_slips(text, setting.scope(best.convention)), key=lambda s: s.span.start)
    if not slips or not clock.left:
        return Repair(None, 0)
    new = text
    for slip in reversed(slips):
        new = new[: slip.span.start] + slip.regular + new[slip.span.end :]
    words = "; ".join(slip.words for slip in slips)
    try:
        tried = attempt(new, setting, best.convention)
        if tried.outcome.status in RIGHT:
            return Repair(Suggestion(new, words), 1)
        more = tried.suggestion
        right = more is not None and attempt(more.latex, setting, best.convention).accepted
    except (Problem, Undeclared, LimitExceeded):
        return Repair(None, 1)
    found = Suggestion(more.latex, f"{words}; {more.words}") if more is not None and right else None
    return Repair(found, 2)


def _slips(text: str, scope: Scope) -> Iterator[_Slip]:
    for node in (n for side in sentence_of(text).nodes for n in walk(side)):
        if isinstance(node, Matrix):
            yield from _odd(node, text, scope)


def _odd(node: Node, text: str, scope: Scope) -> Iterator[_Slip]:
    """The cells of one array that its pattern would have otherwise."""
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
        yield _Slip(cell.span, asked, words)
