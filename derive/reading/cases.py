r"""Letters whose numbers tell cases apart: where a page has ``M > 2``, ``M = 2`` fixes no size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from derive.errors import LimitExceeded, Unreadable
from derive.reading.conditions import AT_LEAST, AT_MOST, LESS, MORE, UNEQUAL
from derive.reading.document import Document
from derive.reading.names import size_key
from derive.reading.parse import parse
from derive.reading.sentence import Sentence, sentences
from derive.reading.surface import Name, Numeral

Cases = dict[str, list[tuple[str, Fraction]]]
"""By letter, the comparisons with a number that a document shows: the sign and the number."""

_SIGNED = re.compile(r"[<>]|\\(?:lt|gt|le|ge|ne|leq|geq|neq|leqslant|geqslant)(?![A-Za-z])|!=")
_HOLDS: tuple[tuple[frozenset[str], Callable[[Fraction, Fraction], bool]], ...] = (
    (MORE, lambda value, bound: value > bound),
    (LESS, lambda value, bound: value < bound),
    (AT_LEAST, lambda value, bound: value >= bound),
    (AT_MOST, lambda value, bound: value <= bound),
    (UNEQUAL, lambda value, bound: value != bound),
)


def cases_of(document: Document) -> Cases:
    """The comparisons of single letters with numbers; formulas that cannot be read show none."""
    found: Cases = {}
    for segment in document.formulas():
        if not _SIGNED.search(segment.text):
            continue
        try:
            read = sentences(parse(segment.text))
        except (Unreadable, LimitExceeded):
            continue
        for letter, sign, bound in (c for s in read for c in _compared(s)):
            found.setdefault(letter, []).append((sign, bound))
    return found


def is_case(letter: str, value: Fraction | int, cases: Cases) -> bool:
    """Whether the document has a case that this value is not: the number names another one."""
    compared = cases.get(letter, ())
    return any(not _holds(Fraction(value), sign, bound) for sign, bound in compared)


def number_of(sentence: Sentence) -> tuple[str, Fraction] | None:
    """``n = 3`` as its letter and the number; ``None`` for anything else."""
    left, right = sentence.nodes[0], sentence.nodes[-1]
    if sentence.kind != "equation" or len(sentence.nodes) != 2:
        return None
    if not isinstance(left, Name) or not isinstance(right, Numeral) or left.sup:
        return None
    key = size_key(left)
    return None if key is None else (key, right.value)


def _compared(sentence: Sentence) -> Iterator[tuple[str, str, Fraction]]:
    if sentence.kind != "relation" or len(sentence.nodes) != 2:
        return
    left, right = sentence.nodes
    key = size_key(left) if isinstance(left, Name) and not left.sup else None
    if key is not None and isinstance(right, Numeral):
        yield key, sentence.operators[0], right.value


def _holds(value: Fraction, sign: str, bound: Fraction) -> bool:
    return all(holds(value, bound) for signs, holds in _HOLDS if sign in signs)
