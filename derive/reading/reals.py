r"""Sizes that an element-of sign states: ``W \in \mathbb{R}^{10 \times 192}``."""

from __future__ import annotations

from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.sentence import Sentence, extents
from derive.reading.surface import Collection, Name, Node

ELEMENT = r"\in"
BLACKBOARD = frozenset({r"\mathbb", r"\mathds", r"\mathbf", r"\mathrm", r"\mathcal"})
"""Accents that make an R the sign of the reals."""


def is_membership(sentence: Sentence) -> bool:
    """Whether it says the size of a symbol, or of a list of them, and nothing else."""
    if sentence.kind != "relation" or sentence.operators != (ELEMENT,):
        return False
    left, right = sentence.nodes
    return bool(subjects_of(left)) and lengths_of(right) is not None


def subjects_of(node: Node) -> tuple[Occurrence, ...]:
    """The symbols in ``x, y``; none where something else is listed."""
    names = node.items if isinstance(node, Collection) and not node.bracket else (node,)
    found = tuple(item for n in names if (item := occurrence(n)) is not None)
    return found if len(found) == len(names) else ()


def lengths_of(node: Node) -> tuple[Node, ...] | None:
    r"""The extents in ``\mathbb{R}^{m \times n}``; none for ``\mathbb{R}``, ``None`` for no reals.

    A plain R may be any letter: it needs at least two extents.
    """
    if not isinstance(node, Name) or node.sub or node.primes or len(node.sup) > 1:
        return None
    blackboard = node.base == "R" and bool(BLACKBOARD & {*node.accents})
    marked = blackboard or node.base in (r"\Re", r"\R")
    if not marked and (node.base != "R" or node.accents):
        return None
    found = extents(node.sup[0]) if node.sup else ()
    return found if marked or (found is not None and len(found) > 1) else None
