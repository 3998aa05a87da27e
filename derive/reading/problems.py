"""Problems of elaboration that carry what the judge needs to try another reading."""

from __future__ import annotations

from dataclasses import dataclass

from derive.errors import IllFormed, Problem
from derive.reading.lexicon import Entry


@dataclass(frozen=True)
class Entries:
    """Symbols with their meanings that are declared together, as those of a family of layers."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Reading:
    """One way to understand an undeclared symbol: in words, and what to declare for it."""

    text: str
    declaration: Entry | Entries | tuple[str, str]
    """A symbol with its meaning, several together, or an operator with its meaning."""


@dataclass(frozen=True)
class ByShape(Reading):
    """A reading that is meant where the shapes leave no other."""


class Undeclared(IllFormed):
    """A symbol whose meaning nothing declares; ``readings`` are those that would fit."""

    def __init__(
        self, message: str, symbol: str, readings: tuple[Reading, ...], offset: int | None = None
    ) -> None:
        choices = "; ".join(r.text for r in readings)
        super().__init__(
            message, offset=offset, advice=f"declare one of: {choices}" if choices else ""
        )
        self.symbol = symbol
        self.readings = readings


class Foreign(IllFormed):
    """Something that this model does not have; another sheet of its family may."""


class Unknown(Foreign):
    """A symbol that neither the model nor the context knows; ``symbol`` is its LaTeX."""

    def __init__(
        self, message: str, symbol: str, offset: int | None = None, advice: str = ""
    ) -> None:
        super().__init__(message, offset=offset, advice=advice)
        self.symbol = symbol


class Unsupported(IllFormed):
    """A construct that is read but has no meaning here yet."""


def is_foreign(problem: Problem | None) -> bool:
    """Whether something stood in the way that is nothing in this model."""
    unmarked = isinstance(problem, Undeclared) and not problem.readings
    return unmarked or isinstance(problem, Foreign)
