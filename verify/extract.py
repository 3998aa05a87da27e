r"""The claims of a deck: every mathematical delimiter is found, or skipped with a reason.

A claim's ``text`` is made whole: a display that begins with ``=`` gets the head of the formula that
it continues, a range that stands in its own delimiter joins its formula. `Piece` keeps where each
part came from, so that a position in ``text`` is a position in the deck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from derive.errors import LimitExceeded, Problem, Unreadable
from derive.reading.document import Document
from derive.reading.parse import parse
from derive.reading.segments import Segment
from derive.reading.surface import Relation, Span
from verify.formulas import SIZE_WORDS, Formula, Kind, formulas, is_size
from verify.verdict import Place, Skipped

MOST_FORMULAS = 20_000
SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\s*\d)")
"""All but those between two numbers."""
RANGE_ALONE = "the range of an index, read with the formula beside it"
TABLE = "a table: numbers of no modelled quantity"


@dataclass(frozen=True)
class Piece:
    """``text[start:start + length]`` of a claim stands at ``offset`` of the deck."""

    start: int
    offset: int
    length: int


@dataclass(frozen=True)
class Claim:
    """A formula of the deck, once for all its ``places``.

    ``latex`` is as it stands there; ``text`` can be read alone; ``error`` is why it cannot be read.
    ``again`` are its repetitions, each with its own pieces.
    """

    kind: Kind
    latex: str
    text: str
    places: tuple[Place, ...]
    pieces: tuple[Piece, ...] = ()
    error: Problem | None = None
    again: tuple[Claim, ...] = ()

    @property
    def key(self) -> str:
        """Equal for repetitions of one formula: its text without spaces, except in ``k_{1 11}``."""
        return f"{self.kind}:{SPACES.sub('', self.text)}"

    def offset(self, at: int) -> int | None:
        """The deck's offset of position ``at`` of the text, ``None`` where it was supplied."""
        for piece in self.pieces:
            if piece.start <= at <= piece.start + piece.length:
                return piece.offset + at - piece.start
        return None


@dataclass(frozen=True)
class Extract:
    """Claims in order of their first place, and everything that asserts nothing."""

    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]


def extract(document: Document) -> Extract:
    """Every formula of the document. Raises `LimitExceeded` beyond `MOST_FORMULAS` delimiters."""
    walk = _Walk(document)
    segments = list(document.formulas())
    if len(segments) > MOST_FORMULAS:
        raise LimitExceeded(
            f"{len(segments)} formulas", path=document.path, expected=f"at most {MOST_FORMULAS}"
        )
    skip_next = False
    for at, segment in enumerate(segments):
        following = segments[at + 1] if at + 1 < len(segments) else None
        if skip_next:
            skip_next = False
        elif following is not None and walk.size(segment, following):
            skip_next = True
        else:
            walk.delimiter(segment, following)
    walk.refused()
    walk.tables()
    skipped = sorted(walk.skipped, key=lambda s: (s.line, s.column))
    return Extract(tuple(_merged(walk.claims)), tuple(skipped))


def _merged(claims: list[Claim]) -> Iterator[Claim]:
    """Repetitions become further places of the first."""
    by_key: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda c: (c.places[0].line, c.places[0].column)):
        known = by_key.get(claim.key)
        if known is None:
            by_key[claim.key] = claim
        else:
            places, again = known.places + claim.places, (*known.again, claim)
            by_key[claim.key] = replace(known, places=places, again=again)
    yield from by_key.values()


@dataclass
class _Walk:
    """One pass over the delimiters. ``head`` is the first side of the last equation."""

    document: Document
    claims: list[Claim] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    head: str = ""
    pending: Segment | None = None

    # Delimiters

    def delimiter(self, segment: Segment, following: Segment | None) -> None:
        """All formulas of one delimiter."""
        try:
            tree = parse(segment.text)
        except (Unreadable, LimitExceeded) as error:
            self._unreadable(segment, error)
            return
        found = formulas(tree)
        if not found:
            self._skip(segment.outer_start, "words or a sign alone")
        for formula in found:
            if formula.kind is Kind.RANGE:
                self._range(segment, following)
            elif formula.kind is Kind.NOTHING:
                self._skip(segment.start + formula.span.start, formula.reason)
            else:
                self._claim(segment, formula, alone=len(found) == 1)

    def _unreadable(self, segment: Segment, error: Problem) -> None:
        if not segment.text.strip():
            self._skip(segment.outer_start, "empty")
            return
        span = _stripped(segment.text)
        self.claims.append(self._whole(Kind.EQUATION, segment, span, error=error))

    def _whole(
        self, kind: Kind, segment: Segment, span: Span, error: Problem | None = None
    ) -> Claim:
        latex = segment.text[span.start : span.end]
        start = segment.start + span.start
        piece = Piece(0, start, len(latex))
        return Claim(kind, latex, latex, (self._place(start, len(latex)),), (piece,), error)

    def _claim(self, segment: Segment, formula: Formula, alone: bool) -> None:
        text = segment.text
        own = _stripped(text) if alone else formula.span
        claim = self._whole(formula.kind, segment, own)
        parts = [(text[formula.span.start : formula.span.end], segment.start + formula.span.start)]
        if formula.headless:
            if not self.head:
                error = Unreadable(
                    "the formula begins with = and nothing stands before it",
                    offset=0,
                    expected="a left side",
                )
                self.claims.append(replace(claim, error=error))
                return
            parts.insert(0, (self.head + " = ", -1))
        elif formula.kind is Kind.EQUATION:
            self.head = text[formula.head.start : formula.head.end]
        for span in formula.ranges:
            parts += [(r", \quad ", -1), (text[span.start : span.end], segment.start + span.start)]
        if self.pending is not None and not formula.ranges:
            parts += [(r", \quad ", -1), (self.pending.text, self.pending.start)]
        self.pending = None
        self.claims.append(_assembled(claim, parts))

    # Ranges and sizes

    def _range(self, segment: Segment, following: Segment | None) -> None:
        """A range alone belongs to the formula before it on its line, or to the one after it."""
        line, column = self.document.position(segment.outer_start)
        self.skipped.append(Skipped(line, column, RANGE_ALONE))
        before = [
            k for k, c in enumerate(self.claims)
            if c.places[0].end_line == line and c.places[0].column < column and c.error is None
        ]  # fmt: skip
        if before:
            for k in before:
                self.claims[k] = _with_range(self.claims[k], segment)
        elif following is not None and self._same_paragraph(segment, following):
            self.pending = segment

    def _same_paragraph(self, first: Segment, second: Segment) -> bool:
        between = self.document.text[first.outer_end : second.outer_start]
        return between.count("\n") <= 2

    def size(self, segment: Segment, following: Segment) -> bool:
        """``$X$ (size $m \\times n$)``: one claim of two delimiters; false where it is none."""
        between = self.document.text[segment.outer_end : following.outer_start]
        if not SIZE_WORDS.search(between.rstrip() + " ") or "\n\n" in between:
            return False
        try:
            first, second = parse(segment.text), parse(following.text)
        except (Unreadable, LimitExceeded):
            return False
        if len(first.items) != 1 or isinstance(first.items[0], Relation):
            return False
        if len(second.items) != 1 or not is_size(second.items[0]):
            return False
        start, end = segment.start, following.end
        latex = self.document.text[start:end].strip()
        parts = [
            (segment.text.strip(), segment.start),
            (r" \text{ (size } ", -1),
            (following.text.strip(), following.start),
        ]
        claim = Claim(Kind.SIZE, latex, "", (self._place(start, end - start),))
        self.claims.append(_assembled(claim, parts))
        return True

    # What asserts nothing

    def refused(self) -> None:
        """Delimiters that open no formula: unreadable where never closed, else skipped."""
        for segment in self.document.refused():
            if segment.kind == "broken":
                error = Unreadable(segment.reason, offset=0)
                self.claims.append(
                    self._whole(Kind.EQUATION, segment, Span(0, len(segment.text)), error)
                )
            else:
                self._skip(segment.outer_start, segment.reason)

    def tables(self) -> None:
        """Tables with numbers in them."""
        for segment in self.document.segments:
            if segment.kind == "table" and any(c.isdigit() for c in segment.text):
                self._skip(segment.start, TABLE)

    def _skip(self, offset: int, reason: str) -> None:
        line, column = self.document.position(offset)
        self.skipped.append(Skipped(line, column, reason))

    def _place(self, offset: int, length: int) -> Place:
        return Place(*self.document.position(offset), *self.document.position(offset + length))


def _stripped(text: str) -> Span:
    return Span(len(text) - len(text.lstrip()), len(text.rstrip()))


def _assembled(claim: Claim, parts: list[tuple[str, int]]) -> Claim:
    """The claim with its text put together; an offset of -1 marks what the deck does not say."""
    text, pieces = "", []
    for part, offset in parts:
        if offset >= 0:
            pieces.append(Piece(len(text), offset, len(part)))
        text += part
    return replace(claim, text=text, pieces=tuple(pieces))


def _with_range(claim: Claim, segment: Segment) -> Claim:
    joined = claim.text + r", \quad "
    piece = Piece(len(joined), segment.start, len(segment.text))
    return replace(claim, text=joined + segment.text, pieces=(*claim.pieces, piece))
