"""An equation of a sheet as it is read: what it defines, from what, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from derive.reading.lexicon import Entry, Match
from derive.reading.names import whole
from derive.reading.sentence import Sentence
from derive.reading.surface import Node


@dataclass(frozen=True)
class Written:
    """A sentence with its LaTeX and the offset of its display in the document."""

    sentence: Sentence
    latex: str
    start: int


@dataclass(frozen=True)
class Definition:
    """An equation of the sheet: what it defines, from what, and where it stands."""

    entry: Entry
    head: Match
    rhs: Node
    written: Written

    @property
    def shown(self) -> str:
        """The tensor as its author writes it."""
        return whole(self.entry.notation)
