r"""Sizes in prose beside a symbol: ``$X$ (size $m \times n$)``, ``$b$ (size $4$)``."""

from __future__ import annotations

import re

from derive.errors import LimitExceeded, Unreadable
from derive.reading.document import Document
from derive.reading.parse import parse
from derive.reading.segments import Segment
from derive.reading.surface import Node, Numeral, Relation
from verify.claims import Claim, assembled
from verify.formulas import SIZE_WORDS, Kind, is_size
from verify.verdict import Place


def sized(document: Document, segment: Segment, following: Segment) -> Claim | None:
    """One claim of two delimiters and the words between them; ``None`` where they make none."""
    between = document.text[segment.outer_end : following.outer_start]
    if not SIZE_WORDS.search(between.rstrip() + " ") or "\n\n" in between:
        return None
    try:
        first, second = parse(segment.text), parse(following.text)
    except (Unreadable, LimitExceeded):
        return None
    if len(first.items) != 1 or isinstance(first.items[0], Relation):
        return None
    if len(second.items) != 1 or not (is_size(second.items[0]) or _is_length(second.items[0])):
        return None
    start, end = segment.start, following.end
    place = Place(*document.position(start), *document.position(end))
    parts = [
        (segment.text.strip(), segment.start),
        (r" \text{ (size } ", -1),
        (following.text.strip(), following.start),
    ]
    return assembled(Claim(Kind.SIZE, document.text[start:end].strip(), "", (place,)), parts)


_IN_WORDS = re.compile(
    r"[ \t]*\(\s*(?:of\s+)?(?:size|shape|dim\w*|tamanho|tama[ñn]o|taille|dimens\w*)\s*:?\s*"
    r"(?P<size>\d+(?:\s*[x×]\s*\d+)+)\s*\)",
    re.IGNORECASE,
)


def sized_in_words(document: Document, segment: Segment) -> Claim | None:
    """``$X$ (size 5×5)``, the size in plain words; ``None`` where none stands there."""
    match = _IN_WORDS.match(document.text, segment.outer_end)
    if match is None:
        return None
    try:
        first = parse(segment.text)
    except (Unreadable, LimitExceeded):
        return None
    if len(first.items) != 1 or isinstance(first.items[0], Relation):
        return None
    start, end = segment.start, match.end("size")
    place = Place(*document.position(start), *document.position(end))
    size = re.sub(r"\s*[x×]\s*", r" \\times ", match["size"])
    parts = [
        (segment.text.strip(), segment.start),
        (r" \text{ (size } ", -1),
        (size, match.start("size")),
    ]
    return assembled(Claim(Kind.SIZE, document.text[start:end].strip(), "", (place,)), parts)


def _is_length(node: Node) -> bool:
    """A whole number, as of the elements of a vector."""
    return isinstance(node, Numeral) and node.value.denominator == 1
