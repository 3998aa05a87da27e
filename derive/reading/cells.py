r"""Displayed arrays cell by cell: ``\begin{bmatrix} x_1 & \dots & x_{11} \end{bmatrix}``.

Where the numbers in the cells run evenly along rows and columns the array is one expression in its
row and column; cells that break the pattern are put in by themselves, and said. Cells behind dots
follow from the progressions of their row and their column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product as product_of

from derive.errors import IllFormed, LimitExceeded
from derive.expr import Delta, Expr, add, negative, product, substitute
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.convolution import Shape
from derive.reading.names import letter_of
from derive.reading.numbered import (
    Numbered,
    numbered,
    numbers,
    renumbered,
    replaced,
    with_values,
)
from derive.reading.problems import Unsupported
from derive.reading.progressions import Progression, continued
from derive.reading.scope import Scope
from derive.reading.surface import Dots, Matrix, Missing, Name, Node

ARRAYS = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"})
MOST_CELLS = 1024
Read = Callable[[Node, Scope], ArrayValue]
Place = tuple[int, int]
Numbers = tuple[int, ...]
_OPEN = (Dots, Missing)
"""Cells that show nothing."""


@dataclass(frozen=True)
class Cells:
    """All cells of a displayed array by row and column (from 1), and those that are shown.

    ``across`` and ``down`` are the steps of the numbers from column to column and from row to row,
    ``None`` where they do not run evenly. ``odd`` are the shown cells that break the pattern.
    """

    rows: int
    columns: int
    all: dict[Place, Node]
    shown: dict[Place, Node]
    across: tuple[int, ...] | None
    down: tuple[int, ...] | None
    base: Node
    odd: tuple[Place, ...]

    def regular(self, place: Place) -> Node | None:
        """What the pattern asks for in this place; ``None`` where there is no pattern."""
        if self.across is None or self.down is None:
            return None
        return renumbered(self.base, _at(self._numbers, self.down, self.across, *place))

    @cached_property
    def _numbers(self) -> Numbers:
        return numbers(self.base)


def _at(base: Numbers, down: Numbers, across: Numbers, row: int, column: int) -> Numbers:
    steps = zip(base, down, across, strict=True)
    return tuple([n + (row - 1) * d + (column - 1) * a for n, d, a in steps])


def array_of(node: Matrix, scope: Scope, expected: Shape | None, read: Read) -> ArrayValue:
    """The array that is displayed: a matrix, a column, a row, or what its one cell holds.

    Raises `Unsupported` for determinants, cells that are no numbers, and dots that do not follow.
    """
    if node.environment not in ARRAYS:
        raise Unsupported(f"{node.environment} is not read as an array", offset=node.span.start)
    if len(node.rows) == 1 and len(node.rows[0]) == 1:
        return read(node.rows[0][0], scope)
    cells = cells_of(node, scope, expected)
    i = Axis("i", Index.of(1), Index.of(cells.rows))
    j = Axis("j", Index.of(1), Index.of(cells.columns))
    body = _body(cells, i, j, scope, read)
    if cells.columns == 1:
        return ArrayValue((i,), _put(body, j))
    if cells.rows == 1:
        return ArrayValue((j,), _put(body, i), row=True)
    return ArrayValue((i, j), body)


def _put(body: Expr, axis: Axis) -> Expr:
    return substitute(body, {axis: Index.of(1)})


def cells_of(node: Matrix, scope: Scope, expected: Shape | None) -> Cells:
    """The cells with those behind dots filled in. Raises `Unsupported` where they do not follow.

    They are as many as ``expected`` or, where no law says so, as follow from those that are shown:
    a factor has another shape than its product.
    """
    grid = [[_with_numbers(c, scope) for c in row] for row in node.rows]
    width = max(map(len, grid))
    at = node.span.start
    if any(len(row) != width for row in grid):
        raise ShapeMismatch("the rows of this array have different lengths", offset=at)
    apart = [[None if isinstance(c, _OPEN) else numbered(c) for c in row] for row in grid]
    by_column = [[row[k] for row in apart] for k in range(width)]
    down = _law(by_column, _length(expected, 0)) or _law(by_column, None)
    across = _law(apart, _length(expected, -1) if width > 1 else None) or _law(apart, None)
    if down is None or across is None:
        raise Unsupported("what the dots of this array stand for does not follow", offset=at)
    shown: dict[Place, Numbered] = {}
    for (k, r), (m, c) in product_of(enumerate(down.places), enumerate(across.places)):
        if r is not None and c is not None:
            cell = apart[k][m]
            if cell is None:
                message = "an empty cell, or dots beside cells that are shown"
                raise Unsupported(message, offset=at)
            shown[r + 1, c + 1] = cell
    rows, columns = len(down.items), len(across.items)
    if rows * columns > MOST_CELLS:
        raise LimitExceeded(f"an array of {rows * columns} cells", expected=f"{MOST_CELLS}")
    return _whole(rows, columns, shown, down, across)


def _length(expected: Shape | None, position: int) -> int | None:
    return None if not expected else expected[position].value


@dataclass(frozen=True)
class _Line:
    """The progression of one dimension, learnt from the line with the given base cell."""

    items: tuple[Numbers, ...]
    places: tuple[int | None, ...]
    step: Numbers | None
    base: Numbered


def _law(lines: list[list[Numbered | None]], length: int | None) -> _Line | None:
    """How the cells along lines run: by the first line that shows it.

    A dimension without dots needs no law.
    """
    gaps = [all(line[k] is None for line in lines) for k in range(len(lines[0]))]
    fallback = None
    for line in lines:
        if [c is None for c in line] != gaps:
            continue
        found = _along(line, length)
        if found is not None and found.step is not None:
            return found
        fallback = fallback or found
    if fallback is not None or any(gaps):
        return fallback
    count = len(gaps)
    base = next(c for line in lines for c in line if c is not None)
    return _Line(((),) * count, tuple(range(count)), None, base)


def _along(line: list[Numbered | None], length: int | None) -> _Line | None:
    cells = [c for c in line if c is not None]
    if not cells or any(c.blank != cells[0].blank for c in cells):
        return None
    found: Progression | None = continued([None if c is None else c.numbers for c in line], length)
    return None if found is None else _Line(found.items, found.places, found.step, cells[0])


def _whole(
    rows: int, columns: int, shown: dict[Place, Numbered], down: _Line, across: _Line
) -> Cells:
    """Every cell: the shown ones as they stand, the others by their row and column."""
    first = shown[min(shown)]
    alike = down.base.blank == across.base.blank == first.blank
    every = {place: cell.node for place, cell in shown.items()}
    cells = Cells(rows, columns, every, dict(every), None, None, first.node, ())
    if alike and down.step is not None and across.step is not None:
        base = _most_regular(shown, down.step, across.step)
        odd = tuple(
            place
            for place, cell in shown.items()
            if cell.blank != first.blank
            or cell.numbers != _at(numbers(base), down.step, across.step, *place)
        )
        cells = replace(cells, across=across.step, down=down.step, base=base, odd=odd)
    for place in product_of(range(1, rows + 1), range(1, columns + 1)):
        if place not in every:
            every[place] = cells.regular(place) or _filled(cells.base, place, down, across)
    return cells


def _most_regular(shown: dict[Place, Numbered], down: Numbers, across: Numbers) -> Node:
    """The first cell of the pattern that most shown cells follow."""
    blank = shown[min(shown)].blank
    firsts: dict[Numbers, list[Node]] = {}
    for (row, column), cell in shown.items():
        if cell.blank == blank:
            first = _at(cell.numbers, down, across, 2 - row, 2 - column)
            firsts.setdefault(first, []).append(cell.node)
    most = max(firsts, key=lambda n: len(firsts[n]))
    return renumbered(firsts[most][0], most)


def _filled(base: Node, place: Place, down: _Line, across: _Line) -> Node:
    """A cell behind dots: the numbers of the first cell moved as its row and its column move."""
    mine = numbers(base)
    if not (len(mine) == len(down.items[0]) == len(across.items[0])):
        raise Unsupported("what the dots of this array stand for does not follow")
    row, column = place
    pairs = zip(
        mine, down.items[row - 1], down.items[0], across.items[column - 1], across.items[0],
        strict=True,
    )  # fmt: skip
    return renumbered(base, [n + (d - d0) + (a - a0) for n, d, d0, a, a0 in pairs])


def _with_numbers(node: Node, scope: Scope) -> Node:
    """A cell with sizes in its indices, as in ``z_{ne}``, written as the numbers that they are."""
    at = {k: v.value for k, v in scope.letters.items() if v.value is not None}
    return with_values(node, at) if at else node


def _body(cells: Cells, i: Axis, j: Axis, scope: Scope, read: Read) -> Expr:
    """The array's element in row i and column j."""
    _scalar(cells.base, scope, read)  # what is wrong with a cell is told in its own symbols
    few = 2 * len(cells.odd) < len(cells.shown)
    body = _pattern(cells, i, j, scope, read) if few else None
    if body is None:
        return add(*(_in_place(p, _scalar(n, scope, read), i, j) for p, n in cells.all.items()))
    extra = []
    for row, column in cells.odd:
        regular = cells.regular((row, column))
        assert regular is not None
        scope.note(f"the cell in row {row}, column {column} breaks the pattern of the array")
        mine = _scalar(cells.all[row, column], scope, read)
        change = add(mine, negative(_scalar(regular, scope, read)))
        extra.append(_in_place((row, column), change, i, j))
    return add(body, *extra)


def _in_place(place: Place, body: Expr, i: Axis, j: Axis) -> Expr:
    return product(Delta(Index.of(i) - place[0]), Delta(Index.of(j) - place[1]), body)


def _pattern(cells: Cells, i: Axis, j: Axis, scope: Scope, read: Read) -> Expr | None:
    """The first cell with the row and the column in its numbers.

    ``None`` where these do not run evenly, or where one that does is no index: a label.
    """
    if cells.across is None or cells.down is None:
        return None
    letters: dict[str, Index] = {}
    nodes: list[Node | None] = []
    for slot, number in enumerate(numbers(cells.base)):
        down, across = cells.down[slot], cells.across[slot]
        if not (down or across):
            nodes.append(None)
            continue
        name = Name(f"cell{slot}")
        key = letter_of(name)
        assert key is not None
        letters[key] = (Index.of(i) - 1) * down + (Index.of(j) - 1) * across + number
        nodes.append(name)
    try:
        return _scalar(replaced(cells.base, nodes), scope.with_letters(letters), read)
    except IllFormed:
        return None


def _scalar(node: Node, scope: Scope, read: Read) -> Expr:
    value = read(node, scope)
    if value.axes:
        raise Unsupported("an array of arrays", offset=node.span.start)
    return value.body
