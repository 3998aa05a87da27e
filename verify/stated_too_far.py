r"""Ranges that run further than what a formula is about: ``i, j = 1, \dots, 12`` for 5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.index import Axis, Index
from derive.reading.names import letter_of
from derive.reading.statement import Statement
from derive.reading.surface import Node, Numeral, walk
from verify.claim import sentence_of
from verify.ranges import Stray
from verify.verdict import Suggestion

_SHORT = re.compile(r"\b1\s*,\s*2\s*,\s*\\[lc]?dots\s*,\s*2\b")


def stated_shorter(found: Sequence[Stray], read: Statement, text: str) -> Suggestion | None:
    """The formula with ranges that end where its left side does; ``None`` where that is no cure."""
    ends = {axis: stray.bound for stray in found if (axis := _running(stray, read)) is not None}
    if not ends:
        return None
    new, said = text, []
    for node in sorted(sentence_of(text).quantifiers, key=lambda q: q.span.start, reverse=True):
        letters = {k for n in walk(node) if (k := letter_of(n)) is not None}
        mine = {a.name: (a.hi.value, end) for a, end in ends.items() if a.name in letters}
        last = _last_numeral(node)
        if last is None or len({*mine.values()}) != 1:
            continue
        (old, end) = next(iter(mine.values()))
        if last.value == old:
            new = new[: last.span.start] + str(end) + new[last.span.end :]
            said.append(f"${', '.join(sorted(mine))}$ end at {end}, not at {old}")
    tidy = _SHORT.sub("1, 2", new)
    return Suggestion(tidy, "; ".join(reversed(said))) if said else None


def _running(stray: Stray, read: Statement) -> Axis | None:
    """The index of the left side that alone runs too far."""
    index = stray.access.indices[stray.position]
    axes = [a for a in read.axes if index == Index.of(a)]
    return axes[0] if axes and not stray.below else None


def _last_numeral(node: Node) -> Numeral | None:
    numerals = [n for n in walk(node) if isinstance(n, Numeral)]
    return max(numerals, key=lambda n: n.span.start, default=None)
