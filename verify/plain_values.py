"""Formulas that give a symbol a value by numbers alone: ``w_2 = 1.7 - 0.24 = 1.46``."""

from __future__ import annotations

from derive.errors import Problem
from derive.reading.sentence import Sentence
from derive.reading.surface import Name, Node, walk
from verify.claim import sentence_of
from verify.claims import SPACES


def symbol_of_numbers(text: str) -> str | None:
    """The symbol that is given the value, without spaces; ``None`` where none is."""
    sentence = of_numbers(text)
    if sentence is None:
        return None
    left = sentence.nodes[0].span
    return SPACES.sub("", text[left.start : left.end])


def of_numbers(text: str) -> Sentence | None:
    """The equation of a symbol and sides that read nothing; ``None`` for any other formula."""
    try:
        sentence = sentence_of(text)
    except Problem:
        return None
    left, *right = sentence.nodes
    alone = sentence.kind == "equation" and isinstance(left, Name)
    return sentence if alone and not any(map(_reads, right)) else None


def _reads(node: Node) -> bool:
    return any(isinstance(part, Name) for part in walk(node))
