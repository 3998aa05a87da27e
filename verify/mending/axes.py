r"""Sums that run along a wrong axis, or over nothing: one sample stands for all of a batch.

    \bar b_m = dY_{1m}               \sum_{n=1}^{N} dY_{nm}
    \bar b_n = \sum_{m=1}^{M} dY_{nm}       \sum_{m=1}^{N} dY_{mn}
    \sum_{l=1}^{N} P_{lj} dP_{lj}    \sum_{l=1}^{M} P_{il} dP_{il}

The letters change together in all symbols that have them, and the bounds follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.errors import Problem
from derive.reading.letters import bound_letters
from derive.reading.names import is_bare
from derive.reading.parse import parse
from derive.reading.surface import Big, Name, Node, Numeral, Span, walk
from verify.claim import sentence_of
from verify.mending.edit import Edit, typed
from verify.mending.indices import index_nodes, index_slots
from verify.mending.missing import Missing, index_letters
from verify.mending.terms import is_sum

COST = 4
FRESH = ("n", "i", "k", "s", "m", "j", "l", "q")
"""Letters for a sum that is put in; the first that the formula does not have."""
MOST_LETTERS = 4


def axes_of_sums(search: Missing) -> Iterator[Edit]:
    """Every such edit of the asserted sides."""
    text = search.screen.text
    for side in search.sides:
        for node in walk(side):
            if isinstance(node, Big) and node.operator == r"\sum" and len(node.lower) == 1:
                yield from _along_another(node, search)
    taken = {n.base for n in walk(parse(text)) if isinstance(n, Name)}
    fresh = next((letter for letter in FRESH if letter not in taken), None)
    for term in search.terms if fresh else ():
        if not is_sum(term) and fresh:
            yield from _over_all(term, fresh, search)


def _over_all(term: Node, letter: str, search: Missing) -> Iterator[Edit]:
    """A sum over ``letter`` in the places where the term has one and the same number."""
    text, inside = search.screen.text, index_nodes(term)
    numbers = [n for n in walk(term) if isinstance(n, Numeral) and id(n) in inside]
    above = {id(s) for n in walk(term) if isinstance(n, Name) for p in n.sup for s in walk(p)}
    numbers = [n for n in numbers if id(n) not in above]
    for value in dict.fromkeys(n.text for n in numbers):
        places = {n.span: letter for n in numbers if n.text == value}
        body = _renamed(term, places, text)
        if (sign := _sign(letter, body, search)) is not None:
            yield Edit(term.span, sign + body, f"the sum over ${letter}$ is missing", COST)


def _along_another(node: Big, search: Missing) -> Iterator[Edit]:
    """The letter of the sum in the place of another, which takes its place or leaves."""
    text = search.screen.text
    bound = sorted(bound_letters(replace(node, body=node.lower[0])))
    if len(bound) != 1:
        return
    (own,) = bound
    left = index_letters(sentence_of(text).nodes[0])
    beside = sorted(index_letters(node.body) - {own})[:MOST_LETTERS]
    for other in beside:
        for free in dict.fromkeys((other, *sorted(left - {other, own})[:MOST_LETTERS])):
            places = _exchanged(node.body, own, other, free)
            body = _renamed(node.body, places, text)
            if places and (sign := _sign(own, body, search)) is not None:
                what = f"the sum over ${own}$ runs along the wrong index"
                yield Edit(node.span, sign + body, what, COST)


def _exchanged(body: Node, own: str, other: str, free: str) -> Mapping[Span, str]:
    """In symbols with both letters ``own`` for ``other``, and ``free`` for ``own``."""
    found: dict[Span, str] = {}
    for node in walk(body):
        letters = [
            n
            for slot in index_slots(node)
            for n in walk(slot)
            if isinstance(n, Name) and is_bare(n) and n.base in (own, other)
        ]
        if {n.base for n in letters} == {own, other}:
            found |= {n.span: own if n.base == other else free for n in letters}
    return found


def _renamed(node: Node, places: Mapping[Span, str], text: str) -> str:
    new = typed(node, text)
    for span in sorted(places, key=lambda s: -s.start):
        start, end = span.start - node.span.start, span.end - node.span.start
        new = new[:start] + places[span] + new[end:]
    return new


def _sign(letter: str, body: str, search: Missing) -> str | None:
    """The sum over the letter with the range of its slots in ``body``."""
    try:
        (node,) = parse(body).items
    except (Problem, ValueError):
        return None
    return search.sign(letter, node)
