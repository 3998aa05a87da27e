"""The lines of a recurrence: a loop over places, each of which is vectorised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from derive.emitting.layout import comment
from derive.emitting.text import shape
from derive.expr import Delta
from derive.index import Index
from derive.planning.book import Statement
from derive.planning.recurrent import AtPlace, Load, Recurrence
from derive.planning.time_brackets import Bracket

Write = Callable[[Statement, int], Iterator[str]]
"""The lines of one statement at an indent."""


def recurrence_lines(
    step: Recurrence, said: Callable[[AtPlace], str], write: Write
) -> Iterator[str]:
    """The lines, indented by four; ``said`` is what an equation says, in a comment."""
    yield ""
    for array in step.arrays:
        yield f"    {array.name} = xp.empty({shape(array.shape)}, dtype=dtype)"
    for part in step.begin:
        yield from comment(said(part), 4)
        yield from _at_place(part, step.letter, write, 4)
    end = step.last + (1 if step.first <= step.last else -1)
    down = "" if step.first <= step.last else ", -1"
    yield f"    for {step.letter} in range({step.first}, {end}{down}):"
    for conditions, parts in groupby(step.places, lambda part: _all(part.conditions, step.letter)):
        indent = 12 if conditions else 8
        if conditions:
            yield f"        if {conditions}:"
        for part in parts:
            yield from comment(said(part), indent)
            yield from _at_place(part, step.letter, write, indent)


def _at_place(part: AtPlace, letter: str, write: Write, indent: int) -> Iterator[str]:
    pad = " " * indent
    name = part.value.name
    if not part.branches or part.branches[0].conditions:
        yield f"{pad}{name} = xp.zeros({shape(part.value.shape)}, dtype=dtype)"
    for branch in part.branches:
        inner = indent
        if branch.conditions:
            yield f"{pad}if {_all(branch.conditions, letter)}:"
            inner += 4
        for load in branch.loads:
            yield f"{' ' * inner}{load.target.name} = {_element(load, letter)}"
        for statement in branch.statements:
            yield from write(statement, inner)
        if branch.conditions:
            last = branch.statements[-1].target.name
            yield f"{' ' * inner}{name} = {name} + {last}"
    yield f"{pad}{_element(part.store, letter)} = {name}"


def _element(load: Load, letter: str) -> str:
    cuts = [":"] * load.axis + [_place(load.place, letter)]
    return f"{load.source.name}[{', '.join(cuts)}]"


def _place(place: Index, letter: str) -> str:
    number = place.constant.value or 0
    if not place.axes:
        return str(number)
    return letter if not number else f"{letter} {'+' if number > 0 else '-'} {abs(number)}"


def _all(conditions: Sequence[Bracket], letter: str) -> str:
    return " and ".join(_condition(c, letter) for c in conditions)


def _condition(bracket: Bracket, letter: str) -> str:
    if isinstance(bracket, Delta):
        return equal_zero(bracket.index, letter)
    return at_least_zero(bracket.index, letter)


def at_least_zero(index: Index, letter: str) -> str:
    """``t <= 3`` for ``3 - t``; at integer sizes the index has no other symbol than t."""
    factor, number = _parts(index)
    if abs(factor) != 1:
        return f"{factor} * {letter} + {number} >= 0"
    return f"{letter} >= {-number}" if factor > 0 else f"{letter} <= {number}"


def equal_zero(index: Index, letter: str) -> str:
    """``t == 3`` for ``3 - t``."""
    factor, number = _parts(index)
    if abs(factor) != 1:
        return f"{factor} * {letter} + {number} == 0"
    return f"{letter} == {-number * factor}"


def _parts(index: Index) -> tuple[int, int]:
    (time,) = index.axes
    return index.coefficient(time).value or 0, index.constant.value or 0
