r"""Verdicts as the author of the deck sees them: places in the file, formulas with macros.

Formulas are judged as they are read, with macros put in and cells below each other; a verdict tells
of them as they were written.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import IllFormed, Problem
from derive.reading.containers.expansion import Expanded
from derive.reading.document import Document
from verify.claims import Claim
from verify.splices import splices
from verify.verdict import Place, Skipped, Status, Verdict


def as_typed(verdict: Verdict, claim: Claim, document: Document) -> Verdict:
    """The verdict on a claim with formula and suggestion in the author's own macros."""
    if not document.layers or not isinstance(document.layers[0], Expanded):
        return verdict
    start, end = _span(claim.places[0], document)
    if document.text[start:end] != verdict.latex:
        return verdict  # put together from several places
    verdict = replace(verdict, latex=document.typed(start, end), plain=verdict.latex)
    suggestion = verdict.suggestion
    found = splices(claim, suggestion.latex) if suggestion is not None else None
    if suggestion is None or not found:
        return verdict
    edit = found[0]
    typed = document.typed_with(start, end, edit.start, edit.end, edit.new)
    if typed is None:
        return verdict
    return replace(verdict, suggestion=replace(suggestion, latex=typed, plain=suggestion.latex))


def _span(place: Place, document: Document) -> tuple[int, int]:
    return (
        document.offset(place.line, place.column),
        document.offset(place.end_line, place.end_column),
    )


def in_file(verdict: Verdict, document: Document) -> Verdict:
    """The verdict with its places in the file, or in the cells of a notebook."""
    if not document.layers:
        return verdict
    return replace(verdict, places=tuple(place_in_file(p, document) for p in verdict.places))


def place_in_file(place: Place, document: Document) -> Place:
    """The place in the file, or in the cell, that the document was put together from."""
    if not document.layers:
        return place
    start, end = _span(place, document)
    first, last = document.origin(start), document.origin(end, end=True)
    if (first.file, first.cell) != (last.file, last.cell):
        last = first  # a formula that begins in one file and ends in another
    return Place(first.line, first.column, last.line, last.column, first.file, first.cell)


def skipped_in_file(skipped: Skipped, document: Document) -> Skipped:
    """What is skipped with its place in the file."""
    if not document.layers:
        return skipped
    found = document.origin(document.offset(skipped.line, skipped.column))
    return Skipped(found.line, found.column, skipped.reason, found.file, found.cell)


def placed(message: str, problem: Problem | None, claim: Claim, document: Document) -> str:
    """The message with the place in the deck of what it is about, where it has one."""
    if problem is None or problem.offset is None:
        return message
    offset = claim.offset(problem.offset)
    return message if offset is None else f"{message} ({document.said(offset)})"


def unreadable(blank: Verdict, claim: Claim, error: Problem, document: Document) -> Verdict:
    """The verdict on what cannot be parsed, or means nothing: position and expectation."""
    offset = claim.offset(error.offset or 0)
    text = error.message
    if offset is not None:
        text = f"{document.said(offset)}: {text}"
    text += f"; expected {error.expected}" if error.expected else ""
    if error.advice:
        text += f" ({error.advice})"
    status = Status.ILL_FORMED if isinstance(error, IllFormed) else Status.UNREADABLE
    return replace(blank, status=status, message=text)
