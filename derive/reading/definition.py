"""An equation of a sheet as it is read: what it defines, from what, and where it stands."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from derive.errors import IllFormed
from derive.reading.lexicon import Entry, Match, Occurrence
from derive.reading.log_determinants import with_log_determinants
from derive.reading.names import whole
from derive.reading.reach import with_reach
from derive.reading.scope import Scope
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


def as_meant(node: Node, scope: Scope) -> Node:
    """A right side with every function applied to what it is meant of. Raises `IllFormed`."""
    return with_log_determinants(with_reach(node, scope), scope)


def defines_none(left: Occurrence | None, sizes: Container[str]) -> IllFormed:
    """The problem of an equation whose left side is no tensor; it may be a size."""
    size = left.head if left is not None and left.head in sizes else ""
    return IllFormed(
        "this defines no tensor", expected="one tensor, =, and its value",
        advice=f"{size} is a size: give the size or the tensor another name" if size else "",
    )  # fmt: skip
