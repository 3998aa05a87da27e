r"""What a sheet's equations are rid of before its symbols are learned.

Letters that touch and make a name of the front matter, or a left side, are that name: ``xmu_{ij}``;
``J(W, b; x, y)`` is the loss J, ``\mathrm{RMS}(a)`` is RMS; labels of functions are part of their
names; class labels choose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import replace

from derive.reading.class_labels import with_labels_chosen
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.einstein import with_sums
from derive.reading.labelled_functions import with_labels_folded
from derive.reading.names import head
from derive.reading.orders import SUMS
from derive.reading.sentence import Sentence
from derive.reading.sheet_dependences import without_dependences
from derive.reading.surface import Big, Call, Juxtaposition, Name, Node, changed
from derive.reading.types import label_heads
from derive.reading.words import LONGEST_WORD, beside, one_word

_INDICES = frozenset({"sub", "sup", "lower", "upper"})


def spelled(
    sentences: Iterable[Sentence], front: Front, functions: Collection[str]
) -> list[Sentence]:
    """The sentences with every name in one piece."""
    found = list(sentences)
    words = frozenset(_declared_words(front)) | frozenset(_defined_words(found))
    loss = front.text("loss")
    sizes = frozenset(front.mapping("sizes"))
    labels = frozenset(label_heads(front))

    def one(node: Node) -> Node:
        node = with_labels_folded(node, functions)
        node = _everywhere(node, lambda n: _joined(n, words, functions))
        node = _everywhere(node, lambda n: _bounded(n, sizes))
        return with_labels_chosen(node, labels)

    result = []
    for sentence in found:
        left, *right = map(one, sentence.nodes)
        if isinstance(left, Call) and isinstance(left.head, Name) and head(left.head) == loss:
            left = left.head
        whole = replace(sentence, nodes=(left, *right))
        result.append(with_sums(whole) if front.text(SUMS) else whole)
    return without_dependences(result, front.mapping("types"), functions)


def _declared_words(front: Front) -> Iterator[str]:
    keys = (*front.mapping("types"), *front.mapping("sizes"))
    named = [*front.texts("inputs"), *keys, front.text("loss") or "L"]
    for latex in named:
        if latex.isalnum() and len(latex) > 1:
            yield from _word_of(single(latex))


def _defined_words(sentences: Iterable[Sentence]) -> Iterator[str]:
    for sentence in sentences:
        if sentence.kind == "equation":
            yield from _word_of(sentence.nodes[0])


def _word_of(node: Node) -> Iterator[str]:
    if not isinstance(node, Juxtaposition):
        return
    word = one_word(list(node.factors))
    name = word.head if isinstance(word, Call) else word
    if isinstance(name, Name):
        yield name.base


def _joined(node: Node, words: Container[str], functions: Collection[str]) -> Node:
    """Letters that touch as a name that is known, or as a function that is applied."""
    if not isinstance(node, Juxtaposition):
        return node
    factors, at = list(node.factors), 0
    while at < len(factors):
        for count in range(min(len(factors) - at, LONGEST_WORD), 1, -1):
            word = one_word(factors[at : at + count])
            name = word.head if isinstance(word, Call) else word
            if not isinstance(name, Name):
                continue
            several = isinstance(word, Call) and len(word.args) > 1 and name.base.isupper()
            called = several or (isinstance(word, Call) and head(name) in functions)
            if word is not None and (name.base in words or called):
                factors[at : at + count] = [word]
                break
        at += 1
    return beside(node, factors)


def _bounded(node: Node, sizes: Container[str]) -> Node:
    r"""``\sum_{i=1}^{NT}`` up to the size NT, which is no product of indices."""
    if not isinstance(node, Big):
        return node

    def joined(part: Node) -> Node:
        return _everywhere(part, lambda n: _joined(n, sizes, ()))

    upper = joined(node.upper) if node.upper is not None else None
    return replace(node, lower=tuple(map(joined, node.lower)), upper=upper)


def _everywhere(node: Node, rule: Callable[[Node], Node]) -> Node:
    return rule(changed(node, lambda part: _everywhere(part, rule), _INDICES))
