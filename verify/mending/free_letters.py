r"""Letters that nothing binds: the sum over one is missing, or the terms run over another letter.

Where every term of ``A_{q,1} + \dots + A_{q,p}`` has q, and what changes from term to term is a
letter that the left side has already, one of the terms under one sum says what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Binary, Call, Dots, Name, Node, Span
from derive.reading.window_words import is_window
from verify.claim import sentence_of
from verify.mending.edit import Edit, typed
from verify.mending.missing import Missing, index_letters
from verify.mending.terms import factors, is_sum

COST = 4


def one_sum(search: Missing) -> Iterator[Edit]:
    """One term of a side with the sum over its free letter before it, for the whole side."""
    text = search.screen.text
    sentence = sentence_of(text)
    if sentence.kind != "equation" or len(sentence.nodes) != 2:
        return
    left, right = sentence.nodes
    terms = [t for t in _terms(right) if not isinstance(t, Dots)]
    free = [search.free_in(term) for term in terms]
    if len(terms) < 2 or len({*free}) != 1 or len(free[0]) != 1:
        return
    (letter,) = free[0]
    rest = "".join(rf", \quad {typed(q, text)}" for q in sentence.quantifiers)
    needed = index_letters(left)
    for term in (t for t in (terms[-1], terms[0]) if needed <= index_letters(t)):
        new = rf"{typed(left, text)} = \sum_{{{letter}}} {_alone(term, text)}{rest}"
        yield Edit(Span(0, len(text)), new, f"the sum should run over ${letter}$", COST)


def missing_sums(search: Missing) -> Iterator[Edit]:
    """A sum over a letter that nothing binds, in front of the term that has it."""
    free = {t.span: search.free_in(t) for t in search.all_terms if not is_sum(t)}
    for term in (t for t in search.all_terms if free.get(t.span)):
        # A letter that is free elsewhere too stays free there.
        letters = sorted(free[term.span] - _free_beside(term.span, free))
        first = next((f for f in factors(term) if index_letters(f) & set(letters)), term)
        place = Span(first.span.start, first.span.start)
        signs = {letter: search.sign(letter, term) for letter in letters}
        for letter in letters:
            yield Edit(place, signs[letter], f"the sum over ${letter}$ is missing", COST)
        if len(letters) > 1:
            what = f"the sums over ${', '.join(letters)}$ are missing"
            yield Edit(place, "".join(signs.values()), what, COST)


def _free_beside(place: Span, free: dict[Span, frozenset[str]]) -> frozenset[str]:
    """The letters that are free in what stands before or behind a place."""
    beside = (s for s in free if s.end <= place.start or place.end <= s.start)
    return frozenset().union(*(free[s] for s in beside))


def _terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary) and node.operator == "+":
        yield from _terms(node.left)
        yield node.right
    else:
        yield node


def _alone(term: Node, text: str) -> str:
    """A term as it can stand by itself; an operation in words gets its arrays in brackets."""
    if isinstance(term, Call) and isinstance(term.head, Name) and is_window(term.head.base):
        inside = ", ".join(typed(a, text) for a in term.args)
        return rf"\text{{{term.head.base.strip()}}} \left( {inside} \right)"
    return typed(term, text)
