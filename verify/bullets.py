r"""A dash at the beginning of a formula that is a bullet of the list that the formula stands in.

Where slides were turned into text, ``- $x = 1$`` and ``$- x = 1$`` are items of one list. A dash
with a space behind it, at the beginning of a line, beside lines that begin with dashes, may be
either; it is taken for a bullet only where the formula is wrong with a minus and right without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from derive.reading.document import Document
from verify.claims import Claim, Piece
from verify.verdict import ACCEPTED, Status, Verdict

NOTE = "the dash in front is a bullet of the list"
_DASH = re.compile(r"-\s+(?=\S)")
_OPENED = re.compile(r"\s*(?:[-*•]\s+)?(?:\$\$?|\\\[|\\\()\s*")
_ITEM = re.compile(r"\s*-\s+\S")
NEIGHBOURS = 2
"""Lines with text above and below that may show the list."""


def judged_as_item(claim: Claim, document: Document, judge: Callable[[Claim], Verdict]) -> Verdict:
    """The verdict on a formula, or the one without the dash in front where that alone is right."""
    verdict = judge(claim)
    if verdict.status not in (Status.REFUTED, Status.ILL_FORMED):
        return verdict
    bare = without_bullet(claim, document)
    if bare is None or not all(without_bullet(c, document) for c in claim.again):
        return verdict
    other = judge(bare)
    if other.status not in ACCEPTED:
        return verdict
    return replace(other, assumptions=(NOTE, *other.assumptions))


def without_bullet(claim: Claim, document: Document) -> Claim | None:
    """The formula without the dash in front, where that could be a bullet."""
    dash = _DASH.match(claim.text)
    offset = claim.offset(0)
    if dash is None or offset is None:
        return None
    text = document.text
    start = text.rfind("\n", 0, offset) + 1
    if _OPENED.fullmatch(text[start:offset]) is None or not _in_list(text, start):
        return None
    cut = dash.end()
    pieces = tuple(
        Piece(
            max(p.start - cut, 0),
            p.offset + max(cut - p.start, 0),
            p.length - max(cut - p.start, 0),
        )
        for p in claim.pieces
        if p.start + p.length > cut
    )
    return replace(claim, text=claim.text[cut:], pieces=pieces)


def _in_list(text: str, start: int) -> bool:
    """Whether a line with text near by is an item with a dash."""
    above = [line for line in text[:start].splitlines() if line.strip()][-NEIGHBOURS:]
    below = [line for line in text[start:].splitlines()[1:] if line.strip()][:NEIGHBOURS]
    return any(_ITEM.match(line) for line in (*above, *below))
