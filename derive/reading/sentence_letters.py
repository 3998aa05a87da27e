"""The letters of a sentence that run: those that something binds, and those in scripts."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.bounds import read_bounds
from derive.reading.letters import bound_letters
from derive.reading.names import letter_of, spread
from derive.reading.sentence import Sentence
from derive.reading.surface import Binary, Name, Node, Numeral, walk


def script_letters(node: Node) -> Iterator[str]:
    """Bare letters that are a script item, alone or with a number added: t in ``h_{t-1}``."""
    for inner in walk(node):
        if isinstance(inner, Name):
            for item in spread((*inner.sub, *inner.sup)):
                if isinstance(item, Binary) and isinstance(item.right, Numeral):
                    item = item.left
                if (letter := letter_of(item)) is not None:
                    yield letter


def bound_in(sentence: Sentence) -> set[str]:
    """Letters that a quantifier or a sum of the sentence binds."""
    letters = {b.letter for q in sentence.quantifiers for b in read_bounds(q, None)}
    for node in sentence.nodes:
        letters |= bound_letters(node)
    return letters
