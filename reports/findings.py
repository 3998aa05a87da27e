"""Verdicts as blocks of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reports.counterexamples import told
from reports.document import (
    Block,
    Finding,
    Formula,
    Inline,
    Inlines,
    Items,
    Literal,
    Section,
    Table,
    Text,
    text,
)
from reports.mathematics import with_mathematics
from verify.verdict import ACCEPTED, Evidence, Judgement, Part, Status, Verdict

_CELL = re.compile(r"row \d+, column \d+")
_PROGRAM = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]|_[A-Za-z]{3,}|\*\*|\.[*/^']|\(\)")
"""What stands in statements of Python or MATLAB, and in a formula without commands nowhere."""


def findings_section(judgement: Judgement) -> Section:
    """The summary, every verdict in order of first place, and what held no claim."""
    counts = tuple(
        (text(status), text(str(count))) for status, count in judgement.summary.items() if count
    )
    blocks: tuple[Block, ...] = (
        Table(("Verdict", "Claims"), counts),
        *map(finding, judgement.claims),
    )
    skipped = Counter(item.reason for item in judgement.skipped)
    rest = tuple(text(f"{count} × {reason}") for reason, count in skipped.most_common())
    sections = (Section(text("Not claims"), "skipped", (Items(rest),)),) if rest else ()
    pairs = tuple(
        with_mathematics(f"{pair.subject}: {pair.message}") for pair in judgement.contradictions
    )
    if pairs:
        disagree = Section(text("Places that disagree"), "contradictions", (Items(pairs),))
        sections = (disagree, *sections)
    title = (Text("Verdicts on "), Literal(judgement.deck))
    return Section(title, "verdicts", blocks, sections)


def finding(verdict: Verdict) -> Finding:
    """One verdict with every fact that it carries."""
    first = verdict.places[0]
    place = first.said
    if len(verdict.places) > 1:
        place += f" and {len(verdict.places) - 1} more"
    return Finding(
        verdict.status, place, as_it_stands(verdict.plain or verdict.latex), tuple(_facts(verdict))
    )


def as_it_stands(latex: str) -> Inlines:
    """A claim of one formula, or the words and formulas of one that runs over several delimiters.

    ``W$ (size $10 \\times 192`` holds the delimiters that stand inside the claim; a bracket of the
    words that closes behind it is closed. A statement of a program is no formula.
    """
    if "\\" not in latex and _PROGRAM.search(latex):
        return (Literal(latex),)
    pieces = latex.split("$")
    if len(pieces) % 2 == 0:
        return (Formula(latex),)
    words = "".join(pieces[1::2])
    open_ended = len(pieces) > 1 and words.count("(") == words.count(")") + 1
    return (
        *(
            Formula(piece.strip()) if place % 2 == 0 else Text(piece)
            for place, piece in enumerate(pieces)
            if piece.strip()
        ),
        *([Text(")")] if open_ended and latex.count("(") > latex.count(")") else []),
    )


def worded(words: str) -> Inlines:
    """Words with the mathematics that stands between dollar signs in them, or is seen in them."""
    pieces = words.split("$")
    if len(pieces) < 3 or len(pieces) % 2 == 0:
        return with_mathematics(words)
    return tuple(
        Formula(piece) if place % 2 else Text(piece) for place, piece in enumerate(pieces) if piece
    )


def _facts(verdict: Verdict) -> Iterator[tuple[str, Inlines]]:
    """Labelled facts, what a reader needs first in front."""
    if verdict.read_as:
        yield "read as", (Formula(verdict.read_as),)
    if verdict.message:
        yield "because", with_mathematics(verdict.message)
    for condition in verdict.conditions:
        if condition not in verdict.message:
            yield "right if", with_mathematics(condition.removeprefix("right if "))
    if verdict.suggestion is not None:
        suggestion = verdict.suggestion
        right = Formula(suggestion.plain or suggestion.latex)
        yield "instead", (right, Text(" ("), *worded(suggestion.words), Text(")"))
    yield from _parts(verdict.parts)
    if verdict.counterexample is not None:
        yield from _counterexample(verdict.counterexample)
    if verdict.evidence:
        yield "evidence", tuple(_evidence(verdict.evidence))
    if verdict.scope:
        yield "scope", text(verdict.scope)
    if verdict.assumptions:
        yield "assumed", with_mathematics("; ".join(verdict.assumptions))


def _parts(parts: Sequence[Part]) -> Iterator[tuple[str, Inlines]]:
    """Links and terms one by one; of the cells of a table those that are not right."""
    right = [p for p in parts if _CELL.fullmatch(p.what) and p.status in ACCEPTED]
    for part in (p for p in parts if p not in right):
        said = f" — {part.status}: {part.message}" if part.message else f" — {part.status}"
        what = text(part.what) if _CELL.fullmatch(part.what) else as_it_stands(part.what)
        yield "part", (*what, *with_mathematics(said))
    if right:
        every = "all" if len(right) == len(parts) else str(len(right))
        yield "part", text(f"{every} {'other ' * (every != 'all')}cells: right to the digits shown")


def _evidence(found: Sequence[Evidence]) -> Iterator[Inline]:
    """``autograd: agrees (…); exact test: agrees (…)``."""
    for number, evidence in enumerate(found):
        yield Text(f"{'; ' if number else ''}{evidence.method}: {evidence.outcome}")
        if evidence.detail:
            yield from (Text(" ("), *with_mathematics(evidence.detail), Text(")"))


def _counterexample(counterexample: Mapping[str, object]) -> Iterator[tuple[str, Inlines]]:
    """``at i = 1: 1/16 against 1/4; values: …``, and the line of Python that shows it."""
    yield "counterexample", with_mathematics(told(counterexample))
    if "python" in counterexample:
        yield "reproduce", (Literal(str(counterexample["python"])),)


MARKS = {
    Status.PROVED: "✓",
    Status.CONFIRMED: "≈",
    Status.REFUTED: "✗",
    Status.ILL_FORMED: "!",
    Status.UNDECIDED: "?",
    Status.UNREADABLE: "¿",
    Status.DEFINITION: "≔",
}
"""A sign for each verdict, so that colour is never the only difference."""
