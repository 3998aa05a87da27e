r"""Labelled numbers as claims: ``label = \begin{bmatrix} … \end{bmatrix}``, judged like any other.

Every cell keeps its place in the deck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from derive.reading.calls import SLOTS
from derive.reading.damage import mended
from derive.reading.labelled import Labelled
from derive.reading.printed import Printed
from verify.claims import Claim, Piece
from verify.formulas import Kind
from verify.verdict import Place, Status, Verdict

Parts = list[tuple[str, int]]
"""Stretches of a claim's text with their offsets in the deck; -1 for what the deck does not say."""


def table_parts(found: Labelled) -> Parts:
    """The text of the claim that these numbers make under their label, mended where damaged."""
    label, offset = found.label
    whole, mends = mended(label)
    return [
        (whole, -1 if mends or found.note else offset),
        (r" = \begin{bmatrix} ", -1),
        *_cells(found),
        (r" \end{bmatrix}", -1),
    ]


def _cells(found: Labelled) -> Iterator[tuple[str, int]]:
    for number, row in enumerate(found.rows):
        if number:
            yield r" \\ ", -1
        for place, (text, offset) in enumerate(row):
            if place:
                yield " & ", -1
            latex = re.sub(r"(?<!\\)%", r"\\%", text)
            yield (latex, offset if latex == text and text else -1)


def printed_claim(line: Printed, place: Place) -> Claim:
    r"""``loss \approx 0.10258052``: a printed value is right within the precision it shows."""
    start = f"{line.latex} \\approx "
    piece = Piece(len(start), line.number_start, len(line.number))
    text = start + line.number
    return Claim(Kind.ALONE, text, text, (place,), (piece,), notes=("printed by a program",))


def softened(verdict: Verdict, claim: Claim) -> Verdict:
    """The verdict with what was mended; open on numbers that may belong to something else.

    A column of another length is another example, a label with other indices another array's; one
    whole number may number a page, a printed one belong to another run.
    """
    if claim.notes:
        verdict = replace(verdict, assumptions=(*claim.notes, *verdict.assumptions))
    labelled = claim.kind is Kind.TABLE and SLOTS in verdict.message
    other = labelled or claim.kind in (Kind.COLUMN, Kind.ALONE)
    other = other and verdict.status is Status.ILL_FORMED
    if not other and (claim.kind is not Kind.ALONE or verdict.status is not Status.REFUTED):
        return verdict
    message = f"these numbers may be of something else: {verdict.message}"
    return replace(verdict, status=Status.UNDECIDED, message=message, suggestion=None)
