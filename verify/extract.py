r"""The claims of a deck: every mathematical delimiter is found, or skipped with a reason.

A claim's ``text`` is made whole: a display that begins with ``=`` gets the head of the formula that
it continues, a range that stands in its own delimiter joins its formula. `Piece` keeps where each
part came from, so that a position in ``text`` is a position in the deck.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.errors import LimitExceeded, Problem, Unreadable
from derive.reading.containers.expansion import Fault
from derive.reading.damage import mended
from derive.reading.document import Document
from derive.reading.labelled import Labelled, Unlabelled, labelled
from derive.reading.parse import parse
from derive.reading.printed import printed
from derive.reading.segments import Segment
from derive.reading.surface import Span
from verify.claims import Claim, Piece, assembled, in_order, longer, merged
from verify.continuation import rest_of
from verify.fenced_formulas import delimited
from verify.formulas import Formula, Kind, formulas, why_none
from verify.listings.matlab import STEERS, code_claims
from verify.listings.python import python_claims
from verify.lost_commands import with_lost_commands
from verify.name_tables import name_tables
from verify.prose_conditions import ALONE, Bound, bound
from verify.redefined import states
from verify.size_claims import sized, sized_in_words
from verify.surplus_ends import is_whole, noted, passed_over
from verify.table_claims import printed_claim, table_parts
from verify.torn_displays import joined
from verify.verdict import Place, Skipped

BEGINNINGS = frozenset({"an array, asserts nothing", "an expression, asserts nothing"})
"""What a following display that begins with ``=`` goes on from."""
RANGE_ALONE = "the range of an index, read with the formula beside it"


@dataclass(frozen=True)
class Extract:
    """Claims in order of their first place, and everything that asserts nothing."""

    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]


def extract(document: Document) -> Extract:
    """Every formula of the document. Raises as `delimited`."""
    walk = _Walk(document, named=name_tables(document), bound=bound(document))
    segments, notes = passed_over(delimited(document))
    taken = 0
    for at, segment in enumerate(segments):
        following = segments[at + 1] if at + 1 < len(segments) else None
        if taken > 1:
            taken -= 1
        elif not (taken := walk.size(segment, following)):
            walk.delimiter(segment, following)
    walk.refused()
    walk.tables()
    walk.code()
    skipped = sorted(walk.skipped, key=lambda s: (s.line, s.column))
    claims = in_order(with_lost_commands(noted(claim, notes)) for claim in walk.claims)
    return Extract(tuple(merged(claims, states(claims))), tuple(skipped))


@dataclass
class _Walk:
    """One pass over the delimiters.

    ``head`` is the first side of the last equation, or an expression displayed alone since;
    ``going_on`` says that the last claim was continued by a further display; ``named`` is what is
    said of names in tables; ``bound`` are the conditions in prose.
    """

    document: Document
    claims: list[Claim] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    head: str = ""
    pending: Segment | None = None
    last: Segment | None = None
    going_on: bool = False
    named: dict[int, str] = field(default_factory=dict)
    bound: Bound = field(default_factory=Bound)

    # Delimiters

    def delimiter(self, segment: Segment, following: Segment | None) -> None:
        """All formulas of one delimiter."""
        before, self.last = self.last, segment
        if segment.start in self.bound.alone:
            self._skip(segment.outer_start, ALONE)
            return
        if before is not None and (self._goes_on(before, segment) or self._joins(before, segment)):
            return
        self.going_on = False
        fault = self.document.fault(segment.outer_start, segment.outer_end)
        if fault is not None:
            self._unreadable(segment, Unreadable(fault.message), fault.start)
            return
        try:
            found = formulas(parse(segment.text))
        except (Unreadable, LimitExceeded) as error:
            self._unreadable(segment, error)
            return
        if not found:
            self._skip(segment.outer_start, why_none(segment.text))
        for formula in found:
            if formula.kind is Kind.RANGE:
                self._range(segment, following)
            elif formula.kind is Kind.NOTHING:
                at = segment.start + formula.span.start
                self._skip(at, self.named.get(at, formula.reason))
                if formula.reason in BEGINNINGS and segment.kind == "display":
                    self.head = segment.text[formula.span.start : formula.span.end]
            else:
                self._claim(segment, formula, alone=len(found) == 1)

    def _goes_on(self, before: Segment, segment: Segment) -> bool:
        """Whether ``segment`` is the rest of the claim before it, which is then put together."""
        if not self.claims or {before.kind, segment.kind} != {"display"}:
            return False
        claim = self.claims[-1]
        if not claim.pieces or claim.pieces[-1].offset < before.start:
            return False
        between = self.document.text[before.outer_end : segment.outer_start]
        rest = rest_of(claim.text, segment.text, between, self.going_on)
        if rest is None:
            return False
        text = segment.text[rest.start : rest.end]
        start = segment.start + rest.start
        end = self._place(start, len(text))
        place = replace(claim.places[0], end_line=end.end_line, end_column=end.end_column)
        claim = replace(claim, latex=claim.latex + rest.glue + text, places=(place,), error=None)
        self.claims[-1] = longer(claim, rest.glue, text, start)
        self.going_on = True
        return True

    def _joins(self, before: Segment, segment: Segment) -> bool:
        """Whether ``segment`` is the right side of what ``before`` shows, which is then a claim."""
        claim = joined(self.document, before, segment)
        if claim is None:
            return False
        first = self.document.position(before.start), self.document.position(before.end)
        self.skipped = [s for s in self.skipped if not first[0] <= (s.line, s.column) <= first[1]]
        self.claims.append(claim)
        return True

    def _unreadable(self, segment: Segment, error: Problem, at: int | None = None) -> None:
        if not segment.text.strip():
            macros = self.document.typed(segment.start, segment.end).strip()
            self._skip(segment.outer_start, "defines macros" if macros else "empty")
            return
        span = _stripped(segment.text)
        if at is not None:
            error.offset = max(at - segment.start - span.start, 0)
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
        span = formula.span
        if alone and not is_whole(text[span.start : span.end]):  # it ends within an array
            span = own
        parts = [(text[span.start : span.end], segment.start + span.start)]
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
        for condition in self.bound.conditions(segment, "".join(part for part, _ in parts)):
            parts += [(r", \quad ", -1), (condition.text, condition.start)]
        self.claims.append(assembled(claim, parts))

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

    def size(self, segment: Segment, following: Segment | None) -> int:
        """How many delimiters ``$X$ (size $m \\times n$)`` takes up; none where it is no size."""
        both = None if following is None else sized(self.document, segment, following)
        claim = both or sized_in_words(self.document, segment)
        self.claims += [] if claim is None else [claim]
        return 2 if both is not None else int(claim is not None)

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
        formulas = [(s.outer_start, s.outer_end) for s in self.document.formulas()]
        for fault in self.document.faults:
            if not any(start <= fault.start < end for start, end in formulas):
                self._outside(fault)

    def _outside(self, fault: Fault) -> None:
        """What could not be read in or put in where no formula stands around it."""
        where = fault.start, fault.end
        segment = Segment("broken", self.document.text[slice(*where)], *where, *where)
        self._unreadable(segment, Unreadable(fault.message), fault.start)

    def code(self) -> None:
        """The statements of listings."""
        for found in (code_claims, python_claims):
            claims, steering = found(self.document)
            self.claims += claims
            for offset in steering:
                self._skip(offset, STEERS)

    def tables(self) -> None:
        """Numbers under a label are claims; a table without one is skipped."""
        for found in labelled(self.document):
            if isinstance(found, Unlabelled):
                self._skip(found.offset, found.reason)
            else:
                self._numbers(found)
        for line in printed(self.document):
            place = self._place(line.start, line.end - line.start)
            self.claims.append(printed_claim(line, place))

    def _numbers(self, found: Labelled) -> None:
        kind = Kind.TABLE if found.kind == "display" else Kind(found.kind)
        if found.kind == "display" or found.note:  # its formula is no claim of its own
            self.claims = [c for c in self.claims if not _within(c, found)]
        place = self._place(found.start, found.end - found.start)
        claim = assembled(Claim(kind, "", "", (place,)), table_parts(found))
        notes = (*mended(found.label[0])[1], *([found.note] if found.note else []))
        self.claims.append(replace(claim, latex=claim.text, notes=notes))
        at = (place.line, place.column)
        self.skipped = [s for s in self.skipped if (s.line, s.column - 1) != at]

    def _skip(self, offset: int, reason: str) -> None:
        line, column = self.document.position(offset)
        self.skipped.append(Skipped(line, column, reason))

    def _place(self, offset: int, length: int) -> Place:
        return Place(*self.document.position(offset), *self.document.position(offset + length))


def _within(claim: Claim, found: Labelled) -> bool:
    return any(found.start <= p.offset < found.end for p in claim.pieces)


def _stripped(text: str) -> Span:
    return Span(len(text) - len(text.lstrip()), len(text.rstrip()))


def _with_range(claim: Claim, segment: Segment) -> Claim:
    return longer(claim, r", \quad ", segment.text, segment.start)
