r"""Ranges that run further than what a formula is about: ``i, j = 1, \dots, 12`` for 5.

So do displayed arrays on the left side, whose cells behind dots have indices that are too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from derive.index import Axis, Index
from derive.reading.names import letter_of
from derive.reading.statement import Statement
from derive.reading.surface import Call, Matrix, Name, Node, Numeral, walk
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
    if not said:
        return _shorter_array(ends, read, text)
    return Suggestion(_SHORT.sub("1, 2", new), "; ".join(reversed(said)))


def _shorter_array(ends: Mapping[Axis, int], read: Statement, text: str) -> Suggestion | None:
    """The formula with the array on its left side no larger than what is there.

    ``None`` where one number of its cells would have to become two.
    """
    head = sentence_of(text).nodes[0]
    numbers = {a: a.hi.value for a in read.axes}
    short = {(number, ends.get(a)) for a, number in numbers.items() if number in _last(ends)}
    if not isinstance(head, Matrix) or len(short) != len({old for old, _ in short}):
        return None
    new = text
    for node in sorted(_indices(head), key=lambda n: n.span.start, reverse=True):
        end = next((end for old, end in short if old == node.value), None)
        if end is not None:
            new = new[: node.span.start] + str(end) + new[node.span.end :]
    said = (
        f"the array on the left ends at {end}, not at {old}" for old, end in sorted(short, key=str)
    )
    return Suggestion(new, "; ".join(said)) if new != text else None


def _last(ends: Mapping[Axis, int]) -> set[int | None]:
    return {axis.hi.value for axis in ends}


def _indices(array: Matrix) -> Iterator[Numeral]:
    """The numbers in brackets and scripts of the cells, those above symbols left out."""
    for node in (n for row in array.rows for cell in row for n in walk(cell)):
        slots: tuple[Node, ...] = node.args if isinstance(node, Call) else ()
        slots += node.sub if isinstance(node, Name) else ()
        yield from (s for s in slots if isinstance(s, Numeral))


def _running(stray: Stray, read: Statement) -> Axis | None:
    """The index of the left side that alone runs too far."""
    index = stray.access.indices[stray.position]
    axes = [a for a in read.axes if index == Index.of(a)]
    return axes[0] if axes and not stray.below else None


def _last_numeral(node: Node) -> Numeral | None:
    numerals = [n for n in walk(node) if isinstance(n, Numeral)]
    return max(numerals, key=lambda n: n.span.start, default=None)
