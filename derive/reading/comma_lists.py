r"""``i, j = 1,2`` behind a formula with these indices lists 1 and 2: an index is never 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile

from derive.reading.names import letter_of
from derive.reading.surface import Collection, Node, Numeral, Relation, Span
from derive.reading.wide_sums import index_letters

_PAIR = re.compile(r"(\d+),(\d+)")
_USUAL = frozenset("ijklmnpqrstuv")
"""Letters that, alone before the sign, are taken for an index where they stand as arguments."""


def with_lists(items: Sequence[Node]) -> tuple[Node, ...]:
    """The items of a display, ``i = 1,2`` as a list where another item has the index i."""
    found: list[Node] = []
    for item in items:
        listed = _listed(item, items)
        if listed is not item and isinstance(listed, Relation):
            before = list(takewhile(lambda n: letter_of(n) is not None, reversed(found)))
            del found[len(found) - len(before) :]
            letters = (*reversed(before), listed.sides[0])
            span = Span(letters[0].span.start, listed.span.end)
            left = Collection(letters, bracket="", span=span) if before else listed.sides[0]
            listed = replace(listed, sides=(left, listed.sides[1]), span=span)
        found.append(listed)
    return tuple(found)


def _listed(item: Node, items: Sequence[Node]) -> Node:
    if not isinstance(item, Relation) or item.operators != ("=",):
        return item
    left, right = item.sides
    pair = _PAIR.fullmatch(right.text) if isinstance(right, Numeral) else None
    if pair is None or int(pair[2]) != int(pair[1]) + 1:
        return item
    letters = set(_letters(left))
    used = {k for other in items if other is not item for k in index_letters(other)}
    if not letters or not letters <= used or not letters <= _USUAL:
        return item
    first = Span(right.span.start, right.span.start + len(pair[1]))
    second = Span(first.end + 1, right.span.end)
    values = (_whole(pair[1], first), _whole(pair[2], second))
    return replace(item, sides=(left, Collection(values, bracket="", span=right.span)))


def _letters(node: Node) -> Iterator[str]:
    """The letters of ``i`` or ``i, j``; none where something else stands."""
    parts = node.items if isinstance(node, Collection) and node.bracket == "" else (node,)
    letters = [letter_of(part) for part in parts]
    if all(letter is not None for letter in letters):
        yield from (letter for letter in letters if letter is not None)


def _whole(text: str, span: Span) -> Numeral:
    return Numeral(text, Fraction(text), span=span)
