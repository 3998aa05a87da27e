"""The symbol that stands for a place left open in a formula."""

from __future__ import annotations

from derive.equations import Notation
from derive.reading.arrays import ArrayValue
from derive.reading.lexicon import Entry

HOLE = r"\Xi"
NAME = "(hole)"
"""No symbol of a deck or a sheet is called so."""


def hole_entry(value: ArrayValue | None = None) -> Entry:
    """The symbol `HOLE`: a number, or an array of the shape of ``value``."""
    if value is None or not value.axes:
        return Entry(Notation(HOLE), 0, NAME, ranges=())
    ranges = tuple((a.lo, a.hi) for a in value.axes)
    return Entry(Notation(HOLE), value.rank, NAME, ranges=ranges, row=value.row)
