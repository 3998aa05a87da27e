r"""Names of several letters on a page: ``KL = \sum_i p_i \log (p_i / q_i)``, ``out_t = …``.

Capitals that touch on the left of an equation, and three small letters or more, are one name
wherever they stand so; ``dout = …`` may be the gradient of ``out``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Juxtaposition, Name, Node, Prefixed, changed, walk
from derive.reading.words import LONGEST_WORD, beside, one_word, over

LONG = 5
"""So many letters are a word wherever they stand."""
SHORTEST = 3
"""Least small letters that are a word: ``ab`` is a product."""


def words_of(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The words that some left sides are, and those of many letters: ``target_{o1}``."""
    found: set[str] = set()
    for sentence in sentences:
        if sentence.kind == "equation":
            found |= {*_words(sentence.nodes[0])}
            found |= {w for node in sentence.nodes for n in walk(node) for w in _long_words(n)}
    return frozenset(found)


def with_words(sentence: Sentence, words: frozenset[str]) -> Sentence:
    """The sentence with these words in one piece."""
    if not words:
        return sentence
    return replace(sentence, nodes=tuple(_joined(n, words) for n in sentence.nodes))


def _words(left: Node) -> Iterator[str]:
    if not isinstance(left, Juxtaposition):
        return
    name = _name(one_word([*left.factors]))
    if name is None or not name.base.isalpha():
        return
    if name.base.isupper() or (len(name.base) >= SHORTEST and name.base[0] not in "d∂"):
        yield name.base


def _long_words(node: Node) -> Iterator[str]:
    """Runs of many small letters that touch."""
    factors = [*node.factors] if isinstance(node, Juxtaposition) else []
    places = (
        (start, end)
        for start in range(len(factors))
        for end in range(start + LONG, min(start + LONGEST_WORD, len(factors)) + 1)
    )
    for start, end in places:
        name = _name(one_word(factors[start:end]))
        if name is not None and name.base.islower() and name.base[0] != "d":
            longer = end < len(factors) and one_word(factors[start : end + 1]) is not None
            before = start and one_word(factors[start - 1 : end]) is not None
            if not longer and not before:
                yield name.base


def _name(word: Node | None) -> Name | None:
    called = word.head if isinstance(word, Call) else word
    return called if isinstance(called, Name) else None


def _joined(node: Node, words: frozenset[str]) -> Node:
    node = changed(node, lambda part: _joined(part, words))
    if not isinstance(node, Juxtaposition):
        return node
    factors, at = [*node.factors], 0
    while at < len(factors):
        for count in range(min(len(factors) - at, LONGEST_WORD), 1, -1):
            if (word := _one(factors[at : at + count], words)) is not None:
                factors[at : at + count] = [word]
                break
        at += 1
    return beside(node, factors)


def _one(letters: list[Node], words: frozenset[str]) -> Node | None:
    r"""The word that letters make; of ``\partial KL`` the operator stands before it."""
    first, *rest = letters
    body = first.body if isinstance(first, Prefixed) else first
    if not isinstance(body, Name) or not is_bare(body):
        return None
    word = one_word([body, *rest])
    name = _name(word)
    if word is None or name is None or name.base not in words:
        return None
    if isinstance(first, Prefixed):
        return replace(first, body=word, span=over(first, word))
    return word if occurrence(word) is not None else None
