r"""Formulas that stand in a fence of code: what a converter took for a listing.

A fence that names no language and holds nothing but formulas, written with commands of LaTeX, shows
formulas. Parts of documents, with their delimiters or definitions, are examples of LaTeX itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.errors import LimitExceeded, Unreadable
from derive.reading.document import Document
from derive.reading.parse import parse
from derive.reading.segments import Segment
from verify.formulas import ASSERTED, Kind, formulas

_COMMAND = re.compile(r"\\[a-zA-Z]{2,}")
_DOCUMENT = re.compile(
    r"\$|\\\(|\\\[|\\(?:documentclass|usepackage|(?:re)?newcommand|def|begin\{document\}|item"
    r"|(?:sub)*section|includegraphics|cite|label|ref)\b"
)
_BRACED = re.compile(r"\\[a-zA-Z]+(?:\{[^{}]*\})?")
_PROSE = re.compile(r"\b[^\W\d_]{2,} [^\W\d_]{2,}\b")
MOST_FORMULAS = 20_000
_FENCES = (["```"], ["~~~"])
"""What opens a fence that names no language."""


def delimited(document: Document) -> list[Segment]:
    """Displays, inline formulas and fences that hold formulas, in order.

    Raises `LimitExceeded` beyond `MOST_FORMULAS` of them.
    """
    fences = (s for s in document.segments if _shows_formulas(s, document))
    found = [*document.formulas(), *(replace(s, kind="display") for s in fences)]
    if len(found) > MOST_FORMULAS:
        raise LimitExceeded(
            f"{len(found)} formulas", path=document.path, expected=f"at most {MOST_FORMULAS}"
        )
    return sorted(found, key=lambda s: s.outer_start)


def _shows_formulas(segment: Segment, document: Document) -> bool:
    text = segment.text
    opening = document.text[segment.outer_start : segment.start].split()
    if segment.kind != "code" or opening not in _FENCES:
        return False
    if not _COMMAND.search(text) or _DOCUMENT.search(text):
        return False
    if _PROSE.search(_BRACED.sub(" ", text)):
        return False
    try:
        found = formulas(parse(text))
    except (Unreadable, LimitExceeded):
        return False
    kinds = {f.kind for f in found}
    return bool(kinds & ASSERTED) and kinds <= {*ASSERTED, Kind.RANGE}
