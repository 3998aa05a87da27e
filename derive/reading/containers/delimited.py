r"""Arguments of macros with delimited parameters, ``\def\pd#1/#2{…}``: ``\pd L/{w_1}``.

An argument before a delimiter reaches to the first one that stands outside of braces; one with
nothing behind it is a group or a single token. Braces around the whole of an argument fall away.
"""

from __future__ import annotations

import re

from derive.reading.containers.macros import Macro, group

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[^\s{}&$\\]", re.DOTALL)
_STEP = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL)
_ENDS = re.compile(r"\$|\n\s*\n|\\end(?![A-Za-z])|\\\]|\\\)")
"""What no argument reaches beyond: the formula, or a paragraph."""


class NotThere(Exception):
    """What the definition asks for does not stand there; the message says what."""


def delimited(text: str, at: int, macro: Macro) -> tuple[int, list[tuple[int, int]]]:
    """Where the call ends whose name ends at ``at``, and the spans of its arguments.

    Raises `NotThere`.
    """
    first, *behind = macro.delimiters
    at = _past(text, at, first, macro)
    spans = []
    for delimiter in behind:
        span, at = _undelimited(text, at, macro) if not delimiter else _until(
            text, at, delimiter, macro
        )  # fmt: skip
        spans.append(span)
    return at, spans


def _past(text: str, at: int, delimiter: str, macro: Macro) -> int:
    found = re.compile(_loose(delimiter)).match(text, at)
    if found is None:
        raise NotThere(f"{macro.name} is defined with {delimiter} behind it, which is missing here")
    return found.end()


def _loose(delimiter: str) -> str:
    r"""The delimiter with any space before and within: TeX skips it behind a command's name."""
    return r"\s*" + r"\s*".join(map(re.escape, delimiter.split()))


def _until(text: str, at: int, delimiter: str, macro: Macro) -> tuple[tuple[int, int], int]:
    pattern = re.compile(_loose(delimiter))
    start = at
    while at < len(text) and _ENDS.match(text, at) is None:
        if (found := pattern.match(text, at)) is not None:
            return _bared(text, start, at), found.end()
        inside = group(text, at) if text[at] == "{" else None
        step = _STEP.match(text, at)
        at = inside[1] + 1 if inside is not None else step.end() if step is not None else at + 1
    raise NotThere(f"{macro.name} is defined with {delimiter} behind an argument: none here")


def _bared(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without space around it, and without the braces around all of it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    inside = group(text, start) if start < end else None
    return inside if inside is not None and inside[1] + 1 == end else (start, end)


def _undelimited(text: str, at: int, macro: Macro) -> tuple[tuple[int, int], int]:
    while text[at : at + 1].isspace():
        at += 1
    if (inside := group(text, at)) is not None:
        return inside, inside[1] + 1
    if (single := _TOKEN.match(text, at)) is None:
        raise NotThere(f"{macro.name} takes an argument that is missing here")
    return single.span(), single.end()
