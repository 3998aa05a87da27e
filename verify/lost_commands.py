r"""Formulas whose commands lost their beginning on the way out of a slide: ``heta`` for ``\theta``.

A claim is read with what was lost put back, and says so; its places stay those of the deck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.errors import LimitExceeded, Unreadable
from derive.reading.damage import Mended, mended, mends
from derive.reading.parse import parse
from verify.claims import Claim, Piece
from verify.formulas import LISTED, Kind, formulas

_TYPED = LISTED | {Kind.TABLE}


def with_lost_commands(claim: Claim) -> Claim:
    """The claim with the beginnings of its commands put back, where one alone can have been lost.

    One that cannot be read stays as it is unless it is one formula then.
    """
    if claim.kind in _TYPED or not claim.pieces:
        return claim
    text, notes = mended(claim.text)
    if not notes or (claim.error is not None and not _is_one(text)):
        return claim
    found = list(mends(claim.text))
    pieces = tuple(part for piece in claim.pieces for part in _moved(piece, found))
    return replace(claim, text=text, pieces=pieces, error=None, notes=(*claim.notes, *notes))


def _is_one(text: str) -> bool:
    try:
        return len(formulas(parse(text))) == 1
    except (Unreadable, LimitExceeded):
        return False


def _moved(piece: Piece, found: list[Mended]) -> Iterator[Piece]:
    """The parts of a piece between what was put back, at their places in the mended text."""
    at, end, shift = piece.start, piece.start + piece.length, 0
    for lost in found:
        if lost.end <= at:
            shift += lost.growth
            continue
        if lost.start >= end:
            break
        if lost.start > at:
            yield Piece(at + shift, piece.offset + at - piece.start, lost.start - at)
        at = lost.end
        shift += lost.growth
    if at < end:
        yield Piece(at + shift, piece.offset + at - piece.start, end - at)
