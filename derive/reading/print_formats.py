r"""What the statements of a program print: ``print(f'step {model.w.grad}, {loss:.4f}')``.

The text of a statement with a hole for every expression, so that a line of output tells which
number belongs to which. Nothing is run: only literal texts and the spelling of names count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.reading.document import Document

_PRINT = re.compile(
    r"\bprint\s*\(\s*(?P<f>[fF]?)(?P<quote>['\"])(?P<text>[^'\"\n]*)(?P=quote)"
    r"(?P<more>(?:\s*,[^\n]*)?)\)"
)
_HOLE = re.compile(r"\{(?P<what>[^{}:!]+)(?:![rsa])?(?::[^{}]*)?\}")
_CALLS = re.compile(r"(\.(item|detach|cpu|numpy|tolist)\(\))+$")
_REFERENCE = re.compile(r"[A-Za-z_][\w.]*$")
_NUMBER = r"(?:tensor\(|\[)?(-?\d+\.\d+(?:[eE][-+]?\d+)?)(?![\d,]*\d)(?:[)\]])?"


@dataclass(frozen=True)
class Format:
    """What a statement prints: ``pattern`` has a group for the number of each of ``names``."""

    names: tuple[str, ...]
    pattern: re.Pattern[str]


def print_formats(document: Document) -> tuple[Format, ...]:
    """The formats of all statements in the code of a document that print numbers with a label."""
    found = (
        _format(match)
        for segment in document.segments
        if segment.kind == "code"
        for match in _PRINT.finditer(segment.text)
    )
    return tuple(dict.fromkeys(f for f in found if f is not None))


def _format(match: re.Match[str]) -> Format | None:
    text = match["text"]
    if match["f"]:
        literals = _HOLE.split(text)[::2]
        names = [m["what"] for m in _HOLE.finditer(text)]
    else:
        names = match["more"].split(",")[1:]
        literals = [text, *([" "] * (len(names) - 1)), ""]
    names = [_CALLS.sub("", name.strip()) for name in names]
    if not names or not all(map(_REFERENCE.match, names)) or not re.search(r"\w", literals[0]):
        return None
    spaced = [r"\s*".join(map(re.escape, literal.split())) for literal in literals]
    between = [rf"{part}\s*" if k == 0 else rf"\s*{part}\s*" for k, part in enumerate(spaced[:-1])]
    pattern = "".join(f"{part}{_NUMBER}" for part in between)
    return Format(tuple(names), re.compile(rf"(?<![\w.$]){pattern}"))
