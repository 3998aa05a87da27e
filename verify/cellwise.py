r"""A wrong array cell by cell: which of the shown cells differ from the other side."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from derive.errors import Problem
from derive.evaluate import OutOfRange
from derive.index import Index
from derive.reading.cells import Cells, Place, cells_of
from derive.reading.letters import uses
from derive.reading.numbered import numbers
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from derive.reading.surface import (
    Binary,
    Group,
    Juxtaposition,
    Matrix,
    Node,
    Numeral,
    Scripted,
    Span,
    Unary,
    walk,
)
from verify.bench import Bench
from verify.cell_patterns import by_pattern
from verify.compare import Outcome
from verify.expansion.outcome import TERMS, Told
from verify.expansion.words import rewritten
from verify.verdict import Evidence, Part, Status, Suggestion

MOST_NAMED = 3
MOST_PARTS = 144


@dataclass(frozen=True)
class Wrong:
    """A shown cell that differs: where, as typed, and what the pattern of its array asks for."""

    place: Place
    text: str
    regular: str | None

    @property
    def words(self) -> str:
        """``row 2, column 3, C(2,2), should be C(2,3)``."""
        where = f"row {self.place[0]}, column {self.place[1]}, {self.text}"
        return f"{where}, should be {self.regular}" if self.regular else f"{where}, is wrong"


def cell_by_cell(outcome: Outcome, read: Statement, text: str, scope: Scope, bench: Bench) -> Told:
    """The refuted ``outcome`` with the cells that differ as parts; any other as it is."""
    if outcome.status is not Status.REFUTED:
        return Told(outcome)
    for number, pair in enumerate(pairwise(read.nodes)):
        for node in reversed(pair):
            matrix = _array(node)
            apart = None if matrix is None else _apart(read, number, scope, bench)
            if matrix is None or apart is None or not apart.any():
                continue
            return _told(outcome, matrix, apart, text, scope)
    return Told(outcome)


def _array(node: Node) -> Matrix | None:
    """The one displayed array of a side, perhaps with a number or a sign before it."""
    match node:
        case Matrix():
            return node
        case Group() | Unary() | Scripted():
            return _array(node.body) if not isinstance(node, Scripted) else None
        case Juxtaposition(factors):
            found = [m for f in factors if (m := _array(f)) is not None]
            return found[0] if len(found) == 1 else None
        case Binary(operator, left, right) if operator in {r"\cdot", "*", r"\odot"}:
            arrays = [m for f in (left, right) if (m := _array(f)) is not None]
            return arrays[0] if len(arrays) == 1 else None
    return None


def _apart(read: Statement, number: int, scope: Scope, bench: Bench) -> np.ndarray | None:
    """Where the two sides of a link differ, by row and column; ``None`` where it is no array."""
    letters = {u.letter for u in uses(respelled(read.nodes[0], scope), scope)}
    own = [k for k, a in enumerate(read.axes) if a.name not in letters]
    if not 1 <= len(own) <= 2:
        return None
    left, right = (read.sides[k].body for k in (number, number + 1))
    sample = bench.sample.with_scalars(read.variables)
    try:
        first, second = (sample.values(body, read.axes) for body in (left, right))
        slack = sum(sample.slack(body, read.axes) for body in (left, right))
    except OutOfRange:
        return None
    with np.errstate(invalid="ignore"):
        apart = np.broadcast_to(
            ~(np.abs(first - second) <= 10 * slack), tuple(a.extent.value or 0 for a in read.axes)
        )
    others = tuple(k for k in range(apart.ndim) if k not in own)
    return np.asarray(np.any(apart, axis=others))


def _told(outcome: Outcome, matrix: Matrix, apart: np.ndarray, text: str, scope: Scope) -> Told:
    node = respelled(matrix, scope)
    assert isinstance(node, Matrix)
    try:
        cells = cells_of(node, scope, tuple(map(Index.of, apart.shape)))
    except Problem:
        return Told(outcome)
    if apart.ndim == 1:
        apart = apart[None, :] if cells.rows == 1 else apart[:, None]
    if apart.shape != (cells.rows, cells.columns):
        return Told(outcome)
    wrong = {w.place: w for w in _wrong(cells, apart, text)}
    if not wrong:
        return Told(outcome)
    named = "; ".join(w.words for w in list(wrong.values())[:MOST_NAMED])
    more = len(wrong) - MOST_NAMED
    message = named + (f"; {more} more are wrong" if more > 0 else "")
    if len(wrong) == len(cells.shown) > 1:
        message = "every cell is wrong"
    parts = tuple(
        Part(
            _text(n, text),
            Status.REFUTED if place in wrong else Status.PROVED,
            wrong[place].words if place in wrong else f"row {place[0]}, column {place[1]}",
        )
        for place, n in list(cells.shown.items())[:MOST_PARTS]
    )
    evidence = (*outcome.evidence, Evidence(TERMS, "differs", message))
    outcome = replace(outcome, message=f"{message}; {outcome.message}", evidence=evidence)
    mended = _mended(wrong.values(), cells, text, message) or _guessed(wrong, cells, text)
    return Told(outcome, parts, (), mended, tuple(_alone(wrong, cells)))


def _alone(wrong: Collection[Place], cells: Cells) -> Iterator[Span]:
    """The shown cells that cannot mend the array by themselves, with the signs beside them."""
    for place, node in cells.shown.items():
        if len(wrong) > 1 or place not in wrong:
            yield Span(node.span.start - 1, node.span.end + 1)


def _mended(wrong: Collection[Wrong], cells: Cells, text: str, message: str) -> Suggestion | None:
    """The formula with every wrong cell as the pattern asks, where it asks for something else."""
    if not all(w.regular for w in wrong):
        return None
    for cell in sorted(wrong, key=lambda w: cells.shown[w.place].span.start, reverse=True):
        span = cells.shown[cell.place].span
        text = text[: span.start] + (cell.regular or "") + text[span.end :]
    return Suggestion(text, message)


def _guessed(wrong: Collection[Place], cells: Cells, text: str) -> Suggestion | None:
    """The formula with wrong cells as the right ones ask for, which may be wrong as well."""
    shown = {place: _text(node, text) for place, node in cells.shown.items()}
    found = by_pattern(shown, wrong)
    if found is None:
        return None
    said = "; ".join(
        f"row {row}, column {column}, ${shown[row, column]}$, should be ${new}$"
        for (row, column), new in found.items()
    )
    for place in sorted(found, key=lambda p: cells.shown[p].span.start, reverse=True):
        span = cells.shown[place].span
        text = text[: span.start] + found[place] + text[span.end :]
    return Suggestion(text, said)


def _wrong(cells: Cells, apart: np.ndarray, text: str) -> Iterator[Wrong]:
    for (row, column), node in cells.shown.items():
        if apart[row - 1, column - 1]:
            regular = cells.regular((row, column)) if (row, column) in cells.odd else None
            same = regular is not None and len(numbers(regular)) == len(numbers(node))
            asked = spelled(node, numbers(regular), text) if regular and same else None
            yield Wrong((row, column), _text(node, text), asked)


def _text(node: Node, text: str) -> str:
    return text[node.span.start : node.span.end]


def spelled(node: Node, values: tuple[int, ...], text: str) -> str:
    """The cell as typed with other numbers."""
    numerals = [n for n in walk(node) if isinstance(n, Numeral) and n.value.denominator == 1]
    at = {
        n.span: value
        for n, value in zip(numerals, values, strict=True)
        if node.span.start <= n.span.start < n.span.end <= node.span.end  # it was typed there
    }
    return rewritten(text, node.span, at)
