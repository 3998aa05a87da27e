"""Errors that a user sees: one message with place, expectation and mend; never a traceback."""

from __future__ import annotations


class Problem(Exception):
    """Something the user can mend. The command line prints it and exits with 2.

    ``message`` says what is wrong and names the offending value, ``expected`` what would have been
    accepted, ``advice`` how to mend it. ``line`` and ``column`` are 1-based, in a notebook those of
    its ``cell``; ``offset`` counts code points in the text that was parsed, before it is placed in
    a document.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        offset: int | None = None,
        expected: str = "",
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.cell: int | None = None
        self.offset = offset
        self.expected = expected
        self.advice = advice

    def __str__(self) -> str:
        cell = f"cell {self.cell}" if self.cell is not None else None
        parts = (self.path, cell, self.line, self.column)
        place = ":".join(str(p) for p in parts if p is not None)
        text = f"{place}: {self.message}" if place else self.message
        if self.expected:
            text += f"; expected {self.expected}"
        return f"{text} ({self.advice})" if self.advice else text


class Unreadable(Problem):
    """A formula that could not be parsed."""


class IllFormed(Problem):
    """A formula that parses but means nothing: shapes, ranges, undefined symbols."""


class LimitExceeded(Problem):
    """A formula or document beyond the stated size, nesting or time limit."""
