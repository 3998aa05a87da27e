"""The symbol that stands for a place left open in a formula."""

from __future__ import annotations

from derive.equations import Notation
from derive.reading.arrays import ArrayValue
from derive.reading.lexicon import Entry
from derive.reading.surface import Span

HOLE = r"\Xi"
NAME = "(hole)"
"""No symbol of a deck or a sheet is called so."""


def with_hole(text: str, at: Span) -> str:
    """``text`` with `HOLE` in the place of ``at``, apart from a letter that follows."""
    after = text[at.end :]
    return text[: at.start] + HOLE + (" " if after[:1].isalpha() else "") + after


def hole_entry(value: ArrayValue | None = None) -> Entry:
    """The symbol `HOLE`: a number, or an array of the shape of ``value``."""
    if value is None or not value.axes:
        return Entry(Notation(HOLE), 0, NAME, ranges=())
    ranges = tuple((a.lo, a.hi) for a in value.axes)
    return Entry(Notation(HOLE), value.rank, NAME, ranges=ranges, row=value.row)
