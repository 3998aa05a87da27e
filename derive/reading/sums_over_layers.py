r"""Sums over the layers of a family, ``\sum_{l=1}^{L} \|W^{(l)}\|^2``, written out.

Every layer's tensor has a shape of its own, so that no index runs over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.index import Index
from derive.layers import Layers
from derive.reading.bounds import read_bounds
from derive.reading.layer_families import end_of, labels_of, put_in, text_at
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Binary, Name, Node, changed, walk

SUM = r"\sum"


def with_sums_written_out(sentence: Sentence, family: Layers) -> Sentence:
    """The sentence with a term for every layer in the place of each such sum."""
    if not any(_numbers(n, family) for node in sentence.nodes for n in walk(node)):
        return sentence
    return replace(sentence, nodes=tuple(_written_out(n, family) for n in sentence.nodes))


def text_written_out(sentence: Sentence, text: str, family: Layers) -> str:
    """The same of the text of a sentence."""
    found = [b for node in sentence.nodes for b in _outermost(node, family)]
    for big in sorted(found, key=lambda b: -b.span.start):
        start, end = big.body.span.start, big.body.span.end
        shift = text[:start], text[start:end], text[end:]
        terms = []
        for number in _numbers(big, family):
            whole = text_at(text, (big.body,), {family.letter: Index.of(number)})
            terms.append(whole[start : len(whole) - len(shift[2])])
        text = text[: big.span.start] + r"\left(" + " + ".join(terms) + r"\right)" + shift[2]
    return text


def _written_out(node: Node, family: Layers) -> Node:
    numbers = _numbers(node, family)
    if not numbers or not isinstance(node, Big):
        return changed(node, lambda part: _written_out(part, family))
    terms = [_at(node.body, number, family) for number in numbers]
    total = terms[0]
    for term in terms[1:]:
        total = Binary("+", total, term, span=node.span)
    return total


def _at(body: Node, number: int, family: Layers) -> Node:
    return put_in(body, dict(labels_of(body, {family.letter: Index.of(number)})))


def _outermost(node: Node, family: Layers) -> Iterator[Big]:
    if isinstance(node, Big) and _numbers(node, family):
        yield node
        return
    for part in node.below:
        yield from _outermost(part, family)


def _numbers(node: Node, family: Layers) -> tuple[int, ...]:
    """The layers that a sum runs over; none where it is no sum over the family's letter."""
    if not isinstance(node, Big) or node.operator != SUM or len(node.lower) != 1:
        return ()
    (item,) = node.lower
    if isinstance(item, Name):
        return family.numbers if item.base == family.letter and not (item.sub or item.sup) else ()
    for bounds in read_bounds(item, node.upper):
        if bounds.letter == family.letter and bounds.low is not None and bounds.high is not None:
            lo, hi = end_of(bounds.low, family), end_of(bounds.high, family)
            if lo is not None and hi is not None:
                return tuple(range(lo + bounds.strict_low, hi - bounds.strict_high + 1))
    return ()
