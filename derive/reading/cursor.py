"""A place in a formula that moves over the arguments of its commands."""

from __future__ import annotations

import re

from derive.errors import Unreadable

_PIECE = re.compile(r"(?:\s|%[^\n]*\n)*(\\[A-Za-z]+|\\?.|$)", re.DOTALL)
_BRACE = re.compile(r"(?:[^{}\\]|\\.)*([{}])", re.DOTALL)
_OPTION = re.compile(r"\s*\[[a-zA-Z0-9.\s-]*\]")


class Cursor:
    """``at`` is the offset in ``latex`` that comes next."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.at = 0

    def piece(self) -> tuple[int, int]:
        """Place of the next command or character, after spaces and comments."""
        match = _PIECE.match(self.latex, self.at)
        assert match is not None
        if not match.group(1):
            raise Unreadable(
                "the formula ends where an argument is needed", offset=len(self.latex),
                expected="an argument in braces",
            )  # fmt: skip
        self.at = match.end()
        return match.span(1)

    def argument(self) -> tuple[int, int]:
        """Place of the next argument, without its braces; whatever is in them counts as text."""
        start, end = self.piece()
        if self.latex[start:end] == "}":
            raise Unreadable(
                "this } stands where an argument is needed", offset=start,
                expected="an argument in braces",
            )  # fmt: skip
        if self.latex[start:end] != "{":
            return start, end
        depth, at = 1, end
        while depth:
            match = _BRACE.match(self.latex, at)
            if match is None:
                raise Unreadable(
                    "this { is never closed", offset=start, expected="a matching }",
                    advice="unbalanced braces",
                )  # fmt: skip
            depth += 1 if match.group(1) == "{" else -1
            at = match.end()
        self.at = at
        return end, at - 1

    def option(self) -> None:
        """Pass over an optional argument."""
        match = _OPTION.match(self.latex, self.at)
        if match:
            self.at = match.end()
