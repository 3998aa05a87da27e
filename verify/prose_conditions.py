r"""Conditions that stand in prose: For $i \ne j$, $a_i = b_j$; $h = 1$ if $x > 0$.

Such a condition belongs to the formula right before it in its sentence, or, where it opens the
sentence, to the formulas behind it, up to the next condition. It counts for a formula that has all
its letters only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derive.errors import LimitExceeded, Unreadable
from derive.reading.bounds import is_quantifier
from derive.reading.conditions import EQUAL, is_condition
from derive.reading.document import Document
from derive.reading.names import letter_of
from derive.reading.parse import parse
from derive.reading.provisos import IF
from derive.reading.segments import Segment
from derive.reading.surface import Node, Relation

ALONE = "a condition, read with the formula beside it"
LONGEST = 80
"""Characters of a condition."""
NEAR = 4
"""So many words before a condition may hold the one that makes it one."""
_COMPARED = re.compile(r"[<>=]|\\(?:not|neq?|lt|gt|leq?|geq?|leqslant|geqslant)(?![A-Za-z])")
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_NO_LETTER = frozenset(
    r"\ne \neq \lt \gt \le \leq \ge \geq \leqslant \geqslant \not \quad \qquad \text \land".split()
)
_BESIDE = frozenset({",", "", "("})
"""What may stand alone between a formula and its condition."""
_ALSO = frozenset({",", "", "and", "und", "et", "e", "y"})
"""What may stand between two conditions."""
_ENDS = re.compile(r"[.;!?](?=\s|$)")
_BLANK = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True)
class Bound:
    """``of`` are the conditions of a formula's delimiter, ``alone`` those delimiters, by start."""

    of: Mapping[int, tuple[Segment, ...]] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()

    def conditions(self, segment: Segment, formula: str) -> tuple[Segment, ...]:
        """The conditions of one ``formula`` of the delimiter: those of letters that it has."""
        letters = _letters(formula)
        found = self.of.get(segment.start, ())
        return tuple(c for c in found if _letters(c.text) <= letters)


def bound(document: Document) -> Bound:
    """Which delimiters of the document are conditions, and of which formulas."""
    of: dict[int, list[Segment]] = defaultdict(list)
    alone: set[int] = set()
    before: Segment | None = None
    formulas: list[Segment] = []  # of this sentence, since its last condition
    opening: list[Segment] = []  # the condition that opened this sentence, or followed such a one
    for segment in document.formulas():
        gap = document.text[before.outer_end if before is not None else 0 : segment.outer_start]
        if _breaks(gap, before, bool(opening) and segment.kind == "display"):
            formulas, opening = [], []
        chained = before is not None and (before in opening or before.start in alone)
        words = _ALSO if chained else _BESIDE if formulas else frozenset()
        if not _is_condition(segment, gap, words):
            for condition in opening:
                of[segment.start].append(condition)
                alone.add(condition.start)
            formulas.append(segment)
        elif formulas and not opening:
            of[formulas[-1].start].append(segment)
            alone.add(segment.start)
        else:
            opening, formulas = [*(opening if before in opening else ()), segment], []
        before = segment
    return Bound({start: tuple(found) for start, found in of.items()}, frozenset(alone))


def _breaks(gap: str, before: Segment | None, awaited: bool) -> bool:
    """Whether a new sentence begins in ``gap``, the text between two delimiters.

    A display that is ``awaited`` may stand behind a blank line.
    """
    words = gap.strip()
    if _ENDS.search(gap):
        return True
    if before is not None and before.kind == "display" and words[:1].isupper():
        return True
    return bool(_BLANK.search(gap)) and not awaited and not words[:1].islower()


def _is_condition(segment: Segment, gap: str, beside: frozenset[str]) -> bool:
    """Whether the delimiter compares, and the words before it, or those ``beside``, say so."""
    text = segment.text
    if segment.kind != "inline" or len(text) > LONGEST or not _COMPARED.search(text):
        return False
    words = re.findall(r"\w+", gap)[-NEAR:]
    said = any(word.lower() in IF for word in words)
    if not said and gap.strip() not in beside:
        return False
    try:
        items = parse(text).items
    except (Unreadable, LimitExceeded):
        return False
    return bool(items) and all(_compares(item, said) for item in items)


def _compares(item: Node, said: bool) -> bool:
    """A comparison; an equation between letters only, and only where words make it a condition."""
    if not isinstance(item, Relation) or not is_condition(item) or is_quantifier(item):
        return False
    if not set(item.operators) & EQUAL:
        return True
    return said and all(letter_of(side) is not None for side in item.sides)


def _letters(text: str) -> set[str]:
    found: Iterable[str] = _LETTER.findall(text)
    return {letter for letter in found if letter not in _NO_LETTER}
