"""A bracket that is missing, or one too many: put right where one reading alone remains.

What is opened is closed somewhere; what is closed was opened somewhere, or is one too many. Every
place is tried; what cannot be read, or means nothing in the model, is no reading, nor is a bracket
around less than a sum that is no argument of a function. Readings that have the same values are
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from derive.errors import LimitExceeded, Problem
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from derive.reading.scan import scan
from derive.reading.surface import Binary
from derive.reading.symbols import FUNCTIONS
from verify.claim import sentence_of
from verify.claims import Claim, Piece
from verify.setting import Convention, Setting
from verify.understood import understood

MOST_PLACES = 80
ADVICE = "unbalanced brackets"
_BEFORE = re.compile(r"(\\?[A-Za-z]+)\s*$")


@dataclass(frozen=True)
class Mended:
    """A text with one bracket more or less, and what was done in words."""

    text: str
    words: str
    bracket: int
    at: int
    longer: int

    def pieces(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Where the parts of the text stand that are left."""
        for piece in pieces:
            end = piece.start + piece.length
            if piece.start < self.at:
                yield replace(piece, length=min(end, self.at) - piece.start)
            begin = max(piece.start, self.at + max(-self.longer, 0))
            if begin < end:
                offset = piece.offset + begin - piece.start
                yield Piece(begin + self.longer, offset, end - begin)


def balanced(claim: Claim, setting: Setting) -> Claim:
    """The claim as it must have been meant; itself where several readings remain, or none."""
    if claim.error is None or claim.error.advice != ADVICE:
        return claim
    found: list[tuple[Mended, tuple[np.ndarray, ...]]] = []
    for mended in _mended(claim.text):
        values = _values(mended, setting)
        if values is None:
            continue
        if not values:
            return claim  # it depends on what nobody declared
        if not any(_same(values, other) for _, other in found):
            found.append((mended, values))
        if len(found) > 1:
            return claim
    if not found:
        return claim
    best = found[0][0]
    words = f"the brackets do not match: {best.words}, as nothing else has a meaning"
    pieces = tuple(best.pieces(claim.pieces))
    return replace(
        claim, text=best.text, pieces=pieces, error=None, notes=(*claim.notes, words), again=()
    )


def _mended(text: str) -> Iterator[Mended]:
    """Every text with one bracket more or less that has as many of both kinds."""
    for opening, closing in (("(", ")"), ("[", "]")):
        surplus = text.count(opening) - text.count(closing)
        if abs(surplus) != 1 or r"\left" in text or r"\right" in text:
            continue
        for at in (k for k, sign in enumerate(text) if sign == closing and surplus < 0):
            yield Mended(text[:at] + text[at + 1 :], f"a {closing} is left out", -1, at, -1)
        places = sorted({w.start for w in scan(text)} | {w.end for w in scan(text)})
        new = closing if surplus > 0 else opening
        for at in places[:MOST_PLACES]:
            begins = _opening(text, at, new, opening)
            yield Mended(text[:at] + new + text[at:], f"a {new} is added", begins, at, 1)


def _opening(text: str, at: int, new: str, opening: str) -> int:
    """Where the bracket opens that is one of the new pair; found by going back from its end."""
    if new == opening:
        return at
    depth = 0
    for place in range(at - 1, -1, -1):
        depth += (text[place] == new) - (text[place] == opening)
        if depth < 0:
            return place
    return -1


def _holds_a_sum(text: str, opening: int, setting: Setting) -> bool:
    """Whether a sum stands in the bracket that opens there, or a function before it."""
    depth, end = 0, opening
    for end in range(opening, len(text)):
        depth += (text[end] in "([") - (text[end] in ")]")
        if not depth:
            break
    name = _BEFORE.search(text[:opening])
    functions = setting.scope(Convention()).functions
    if name is not None and (name[1] in functions or name[1] in FUNCTIONS):
        return True
    items = parse(text[opening + 1 : end]).items
    return len(items) == 1 and isinstance(items[0], Binary) and items[0].operator in "+-"


def _values(mended: Mended, setting: Setting) -> tuple[np.ndarray, ...] | None:
    """What the sides are in numbers; ``None`` for no reading, nothing where it is not known."""
    try:
        if mended.bracket >= 0 and not _holds_a_sum(mended.text, mended.bracket, setting):
            return None
        sentence_of(mended.text)
        known = understood(mended.text, setting, Convention())
    except Undeclared:
        return ()
    except (Problem, LimitExceeded):
        return None
    read = known.statement
    if known.strays or known.introduced or not read.sides:
        return None
    sample = setting.bench.sample.with_scalars(read.variables)
    try:
        return tuple(sample.values(side.body, read.axes) for side in read.sides)
    except (Problem, KeyError, ValueError):
        return None


def _same(first: tuple[np.ndarray, ...], second: tuple[np.ndarray, ...]) -> bool:
    return len(first) == len(second) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=0.0, equal_nan=True)
        for a, b in zip(first, second, strict=True)
    )
