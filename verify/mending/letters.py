"""The index letters of a formula's text, and those in scope at a hole in it."""

from __future__ import annotations

from functools import lru_cache

from derive.errors import Problem
from derive.reading.names import letter_of
from derive.reading.parse import parse
from derive.reading.surface import Big, Name, Node, walk
from verify.mending.hole import HOLE
from verify.mending.indices import index_nodes


def typed_letters(text: str) -> frozenset[str]:
    """Everything in ``text`` that could be a letter."""
    found = (letter_of(node) for node in walk(parse(text)))
    return frozenset(letter for letter in found if letter is not None)


@lru_cache(maxsize=4096)
def letters_in(text: str) -> frozenset[str]:
    """The index letters in ``text``, those that only stand under a sum left out."""
    try:
        tree = parse(text)
    except Problem:
        return frozenset()
    under = {id(n) for b in walk(tree) if isinstance(b, Big) for i in b.lower for n in walk(i)}
    inside = index_nodes(tree) - under
    return frozenset(n.base for n in walk(tree) if isinstance(n, Name) and id(n) in inside)


@lru_cache(maxsize=1024)
def letters_at_hole(holed: str) -> frozenset[str]:
    """The letters of ``holed`` that stand free, or are bound by the sums around its hole.

    None of what cannot be read.
    """
    try:
        tree = parse(holed)
    except Problem:
        return frozenset()
    around = (b for b in walk(tree) if isinstance(b, Big) and any(map(_is_hole, walk(b.body))))
    bound = (n for big in around for item in big.lower for n in walk(item))
    return letters_in(holed) | {n.base for n in bound if isinstance(n, Name)}


def _is_hole(node: Node) -> bool:
    return isinstance(node, Name) and node.base == HOLE
