r"""An ``\end{array}`` too many at the very end of a display: nothing is left that it could close.

Wherever the ``\begin`` that it lost has stood, the array around all that is there says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive.reading.segments import Segment
from verify.claims import Claim

_ENVIRONMENT = re.compile(r"\\(?P<which>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}")
_ENDS = re.compile(r"(\s*\\end\s*\{[A-Za-z]+\*?\})+\s*")
NOTE = r"an \end{{{}}} that closes nothing is passed over"


def without_surplus(segment: Segment) -> Segment:
    r"""The display up to where only ``\end`` follow that close nothing; others as they are."""
    if segment.kind != "display":
        return segment
    opened: list[str] = []
    for found in _ENVIRONMENT.finditer(segment.text):
        if found["which"] == "begin":
            opened.append(found["name"])
        elif opened:
            if opened.pop() != found["name"]:
                return segment
        elif _ENDS.fullmatch(segment.text, found.start()):
            text = segment.text[: found.start()].rstrip()
            return replace(segment, text=text, end=segment.start + len(text))
        else:
            return segment
    return segment


def passed_over(segments: Iterable[Segment]) -> tuple[list[Segment], dict[int, str]]:
    """The segments without such ends, and what is said of the shorter ones, by where they end."""
    found, notes = [], {}
    for segment in segments:
        short = without_surplus(segment)
        found.append(short)
        if short is not segment and (end := _ENVIRONMENT.search(segment.text, len(short.text))):
            notes[short.end] = NOTE.format(end["name"])
    return found, notes


def noted(claim: Claim, notes: Mapping[int, str]) -> Claim:
    """The claim, which says what was passed over behind a part of it."""
    said = [notes[p.offset + p.length] for p in claim.pieces if p.offset + p.length in notes]
    return replace(claim, notes=(*claim.notes, *dict.fromkeys(said))) if said else claim


def is_whole(text: str) -> bool:
    """Whether a part of a display closes every environment that it opens, and no other."""
    depth = 0
    for found in _ENVIRONMENT.finditer(text):
        depth += 1 if found["which"] == "begin" else -1
        if depth < 0:
            return False
    return depth == 0
