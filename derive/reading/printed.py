r"""What a program printed, as a deck quotes it: ``y_hat: 0.5470529198646545 loss: 0.10258052``.

A name, a colon and a number with more decimals than anybody writes by hand, or what a statement of
the document's code says that it prints (`print_formats`). ``y_hat`` is ``\\hat{y}``, ``loss`` the
loss of the model; other names are symbols of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.reading.document import Document
from derive.reading.print_formats import Format, print_formats
from derive.reading.segments import Segment

LEAST_DECIMALS = 6
_PRINTED = re.compile(
    r"(?<![\w.$])(?P<name>[A-Za-z]\w*)\s*[:=]\s*(?:tensor\(|\[)?(?P<number>-?\d+\.\d{6,}(?:[eE][-+]?\d+)?)"
    r"(?![\d,]*\d)"
)
REFERENCE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
"""A reference to a part in the code of a program: ``model.w.grad``."""
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
    formats = print_formats(document)
    for segment in document.segments:
        if segment.kind == "prose":
            yield from sorted(_in_prose(segment, formats), key=lambda p: p.number_start)


def _in_prose(segment: Segment, formats: tuple[Format, ...]) -> Iterator[Printed]:
    taken: set[int] = set()
    for known in formats:
        for match in known.pattern.finditer(segment.text):
            for group, name in enumerate(known.names, start=1):
                if match.start(group) not in taken:
                    taken.add(match.start(group))
                    yield _value(segment, match, name, group, match.start() if group == 1 else None)
    for match in _PRINTED.finditer(segment.text):
        if match.start("number") not in taken:
            yield _value(segment, match, match["name"], "number", match.start())


def _value(
    segment: Segment, match: re.Match[str], name: str, group: int | str, start: int | None
) -> Printed:
    at = segment.start + match.start(group)
    return Printed(
        symbol(name), match[group], at if start is None else segment.start + start,
        segment.start + match.end(group), at,
    )  # fmt: skip


def symbol(name: str) -> str:
    r"""The LaTeX of a name in code: ``\\hat{y}`` of ``y_hat``, ``w_{1}`` of ``w_1``.

    A reference to a part, ``model.w.grad``, is a word.
    """
    if "." in name:
        return rf"\text{{{name}}}"
    head, _, tail = name.partition("_")
    if tail in _ACCENTED:
        return f"{_ACCENTED[tail]}{{{head}}}"
    letters = head if len(head) == 1 else rf"\text{{{head}}}"
    return f"{letters}_{{{tail}}}" if tail else letters
