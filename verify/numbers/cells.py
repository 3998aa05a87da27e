"""A displayed table against an array, cell by cell; where it lies in the array is found first.

A table may show the leading part of an array, or the array with a border of zeros; a vector may
stand as a row or as a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from derive.reading.shown import Shown, Table
from verify.numbers.rounding import Fit, fit
from verify.numbers.values import Array


@dataclass(frozen=True)
class Cell:
    """A displayed number, where it stands (from 1), and the value that belongs there."""

    row: int
    column: int
    shown: Shown
    value: object

    @property
    def fit(self) -> Fit:
        """How the number shown relates to the value."""
        return fit(self.value, self.shown)


@dataclass(frozen=True)
class Laid:
    """A table laid on an array: the cells that show something, and how it was laid."""

    cells: tuple[Cell, ...]
    note: str = ""


def laid(table: Table, array: Array, partial: bool = True) -> Laid | None:
    """The table on the array; ``None`` where it does not fit.

    ``array`` has at most two dimensions that are longer than 1.
    """
    if table.joined is not None and array.size == 1:
        number = Table(((table.joined,),))
        found = laid(number, array, partial)
        note = f"{table.joined.text} is one number with a decimal comma"
        return None if found is None else replace(found, note=note)
    for note, placed in _placings(table, array, partial):
        cells = tuple(
            Cell(i + 1, j + 1, shown, placed[i, j])
            for i, row in enumerate(table.rows)
            for j, shown in enumerate(row)
            if shown is not None
        )
        return Laid(cells, note)
    return None


def _placings(table: Table, array: Array, partial: bool) -> Iterator[tuple[str, Array]]:
    rows, columns = len(table.rows), table.width
    squeezed = _two(array)
    if squeezed is None:
        return
    vector = 1 in squeezed.shape
    if vector and (rows == 1 or columns == 1):
        flat = squeezed.reshape(-1)
        count = rows * columns
        if count == flat.size:
            yield "", flat.reshape((rows, columns))
        elif partial and count < flat.size and rows == 1 and not table.flat:
            yield f"the first {count} of {flat.size} are shown", flat[:count].reshape(rows, columns)
        return
    if squeezed.shape == (rows, columns):
        yield "", squeezed
    elif rows == 1 and columns == squeezed.size:
        yield "the entries are listed row by row", squeezed.reshape((rows, columns))
    elif partial and _is_part(table, squeezed.shape):
        yield "the leading rows and columns are shown", squeezed
    else:
        yield from _bordered(table, squeezed)


def _is_part(table: Table, shape: tuple[int, ...]) -> bool:
    """Whether the table shows leading rows or columns; one that lacks both is of another array."""
    rows, columns = len(table.rows), table.width
    shorter, narrower = rows < shape[0], columns < shape[1]
    gaps = any(cell is None for row in table.rows for cell in row)
    inside = rows <= shape[0] and columns <= shape[1]
    strip = rows == 1 and not table.flat
    return inside and (gaps or strip or (columns > 1 and shorter != narrower))


def _bordered(table: Table, array: Array) -> Iterator[tuple[str, Array]]:
    """The array in a border of zeros, the right and lower part of which may be missing."""
    rows, columns = len(table.rows), table.width
    zeros = 0
    while zeros < min(rows, columns) and _zero_frame(table, zeros):
        zeros += 1
    for width in range(1, zeros + 1):
        padded = _padded(array, width)
        if rows <= padded.shape[0] and columns <= padded.shape[1]:
            yield f"shown with a border of {width} zero{'s' * (width > 1)}", padded
            return


def _padded(array: Array, width: int) -> Array:
    out = np.full([n + 2 * width for n in array.shape], Fraction(0), dtype=object)
    out[width:-width, width:-width] = array
    return out


def _zero_frame(table: Table, k: int) -> bool:
    """Whether row k and column k hold zeros only."""
    cells = (*table.rows[k], *(row[k] for row in table.rows))
    return all(c is not None and c.value == 0 for c in cells)


def _two(array: Array) -> Array | None:
    """The array with two dimensions; ``None`` where more than two are longer than 1."""
    long = [n for n in array.shape if n != 1]
    if array.ndim == 2:
        return array
    if len(long) > 2:
        return None
    shape = (1,) * (2 - len(long)) + tuple(long)
    return array.reshape(shape)


def every_entry(shown: Shown, array: Array) -> Laid:
    """One number shown for all entries of an array."""
    values = np.asarray(array, dtype=object).reshape(-1)
    return Laid(tuple(Cell(1, k + 1, shown, value) for k, value in enumerate(values)))
