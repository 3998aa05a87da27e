r"""Terms that run over the wrong letter: ``A_{q,1} + \dots + A_{q,p}`` where q is summed over.

Every term has a letter that nothing binds, and what changes from term to term is a letter that the
left side has already: one of the terms under one sum says what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Binary, Call, Dots, Name, Node, Span
from derive.reading.window_words import is_window
from verify.claim import sentence_of
from verify.edit import Edit, typed
from verify.edit_missing import Missing

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
    for term in (terms[-1], terms[0]):
        new = rf"{typed(left, text)} = \sum_{{{letter}}} {_alone(term, text)}{rest}"
        yield Edit(Span(0, len(text)), new, f"the sum should run over ${letter}$", COST)


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
