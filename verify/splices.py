"""Where a suggestion stands in its deck: the one stretch that it changes, at every place.

A claim's text may hold a head or a range that its deck says elsewhere; `verify.extract.Piece` knows
where each part stands. The rest of the deck is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.reading.document import Document, document_from_text
from derive.reading.surface import Span
from verify.claims import Claim

UNSAID = "the edit cannot be written there without changing more"


@dataclass(frozen=True, order=True)
class Splice:
    """``deck[start:end] -> new``, in code points."""

    start: int
    end: int
    new: str


def splices(claim: Claim, corrected: str) -> tuple[Splice, ...] | None:
    """What turns the claim's text into ``corrected``, once for every place of the claim.

    ``None`` where the change touches what the deck does not say there.
    """
    stretch, new = changed(claim.text, corrected)
    found = []
    for copy in (claim, *claim.again):
        own = respaced(claim.text, copy.text, stretch)
        placed = _placed(copy, own, new)
        if placed is None:
            return None
        found.append(placed)
    return tuple(dict.fromkeys(found))


def in_file(document: Document, ordered: Iterable[Splice]) -> tuple[Splice, ...] | str:
    """The splices of the file itself that make those of its text as it is read, or why not.

    Each is tried by itself: the file is read again and must say what is wanted, no more.
    """
    found = []
    for splice in ordered:
        edit = document.edit(splice.start, splice.end, splice.new)
        if isinstance(edit, str):
            return edit
        own = Splice(edit.start, edit.end, edit.new)
        if document.layers:
            copy = document_from_text(spliced(document.raw, (own,)), document.path)
            if copy.text.split() != spliced(document.text, (splice,)).split():
                return UNSAID
        found.append(own)
    return tuple(found)


def changed(old: str, new: str) -> tuple[Span, str]:
    """The shortest stretch of ``old`` outside which ``new`` is the same, and what stands there."""
    shorter = min(len(old), len(new))
    start = next((k for k in range(shorter) if old[k] != new[k]), shorter)
    room = shorter - start
    tail = next((k for k in range(room) if old[-1 - k] != new[-1 - k]), room)
    return Span(start, len(old) - tail), new[start : len(new) - tail]


def respaced(text: str, copy: str, stretch: Span) -> Span:
    """The stretch of ``copy``, which differs from ``text`` in white space only."""
    if copy == text:
        return stretch
    ends = [0, *(at + 1 for at, sign in enumerate(copy) if not sign.isspace())]
    first, last = (len("".join(text[:at].split())) for at in (stretch.start, stretch.end))
    if first == last:
        return Span(ends[first], ends[first])
    return Span(ends[first + 1] - 1, ends[last])


def _placed(claim: Claim, stretch: Span, new: str) -> Splice | None:
    for piece in claim.pieces:
        if piece.start <= stretch.start and stretch.end <= piece.start + piece.length:
            shift = piece.offset - piece.start
            return Splice(stretch.start + shift, stretch.end + shift, new)
    return None


def overlap(ordered: Iterable[Splice]) -> bool:
    """Whether two of the splices, given in order, touch the same stretch."""
    return any(two.start < one.end or two.start == one.start for one, two in pairwise(ordered))


def spliced(text: str, ordered: Iterable[Splice]) -> str:
    """The text with these splices made, which come in order and do not overlap."""
    parts, at = [], 0
    for splice in ordered:
        parts += [text[at : splice.start], splice.new]
        at = splice.end
    return "".join((*parts, text[at:]))


def moved(ordered: Iterable[Splice]) -> Iterator[tuple[Splice, int]]:
    """Each splice with where it starts in the text that all of them made."""
    shift = 0
    for splice in ordered:
        yield splice, splice.start + shift
        shift += len(splice.new) - (splice.end - splice.start)
