r"""What a program printed, as a deck quotes it: ``y_hat: 0.5470529198646545 loss: 0.10258052``.

A name, a colon and a number with more decimals than anybody writes by hand. ``y_hat`` is
``\\hat{y}``, ``loss`` the loss of the model; other names are symbols of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.reading.document import Document

LEAST_DECIMALS = 6
_PRINTED = re.compile(
    r"(?<![\w.$])(?P<name>[A-Za-z]\w*)\s*[:=]\s*(?:tensor\(|\[)?(?P<number>-?\d+\.\d{6,}(?:[eE][-+]?\d+)?)"
    r"(?![\d,]*\d)"
)
_ACCENTED = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}


@dataclass(frozen=True)
class Printed:
    """A quantity as LaTeX, the number printed for it, and where both stand."""

    latex: str
    number: str
    start: int
    end: int
    number_start: int


def printed(document: Document) -> Iterator[Printed]:
    """Every printed value in the prose of the document, in order."""
    for segment in document.segments:
        if segment.kind != "prose":
            continue
        for match in _PRINTED.finditer(segment.text):
            start = segment.start
            yield Printed(
                symbol(match["name"]), match["number"], start + match.start(),
                start + match.end("number"), start + match.start("number"),
            )  # fmt: skip


def symbol(name: str) -> str:
    r"""The LaTeX of a name in code: ``\\hat{y}`` of ``y_hat``, ``w_{1}`` of ``w_1``."""
    head, _, tail = name.partition("_")
    if tail in _ACCENTED:
        return f"{_ACCENTED[tail]}{{{head}}}"
    letters = head if len(head) == 1 else rf"\text{{{head}}}"
    return f"{letters}_{{{tail}}}" if tail else letters
