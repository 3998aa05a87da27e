"""Claims: formulas of a deck with their text made whole, and where each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.errors import Problem
from verify.formulas import Kind
from verify.verdict import Place

SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\s*\d)")
"""All but those between two numbers."""


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
    ``again`` are its repetitions, each with its own pieces; ``notes`` say what was mended.
    ``put_in`` is a statement of a listing with the functions that it calls put in.
    """

    kind: Kind
    latex: str
    text: str
    places: tuple[Place, ...]
    pieces: tuple[Piece, ...] = ()
    error: Problem | None = None
    again: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    put_in: str = ""

    @property
    def key(self) -> str:
        """Equal for repetitions of one formula: its text without spaces, except in ``k_{1 11}``."""
        return f"{self.kind}:{SPACES.sub('', self.text)}{self.put_in}"

    def offset(self, at: int) -> int | None:
        """The deck's offset of position ``at`` of the text, ``None`` where it was supplied."""
        for piece in self.pieces:
            if piece.start <= at <= piece.start + piece.length:
                return piece.offset + at - piece.start
        return None


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """By their first places."""
    return sorted(claims, key=lambda c: (c.places[0].line, c.places[0].column))


def merged(claims: Sequence[Claim], states: Iterable[Hashable]) -> Iterator[Claim]:
    """Repetitions in the same state become further places of the first; claims are in order."""
    by_key: dict[Hashable, list[Claim]] = {}
    for claim, state in zip(claims, states, strict=True):
        by_key.setdefault((claim.key, state), []).append(claim)
    for first, *again in by_key.values():
        places = tuple(place for claim in (first, *again) for place in claim.places)
        yield replace(first, places=places, again=(*first.again, *again))


def assembled(claim: Claim, parts: list[tuple[str, int]]) -> Claim:
    """The claim with its text put together; an offset of -1 marks what the deck does not say."""
    text, pieces = "", []
    for part, offset in parts:
        if offset >= 0:
            pieces.append(Piece(len(text), offset, len(part)))
        text += part
    return replace(claim, text=text, pieces=tuple(pieces))


def longer(claim: Claim, glue: str, text: str, offset: int) -> Claim:
    """The claim with ``text`` of the deck behind it."""
    joined = claim.text + glue
    piece = Piece(len(joined), offset, len(text))
    return replace(claim, text=joined + text, pieces=(*claim.pieces, piece))
