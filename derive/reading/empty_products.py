r"""Where a product over an index is meant: ``\prod_{i=k+1}^t`` says nothing of k beyond t."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derive.reading.bounds import Bounds, read_bounds
from derive.reading.letters import bound_letters
from derive.reading.names import letter_of
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Binary, Name, Node, Numeral, Relation, walk

ONE = Numeral("1", Fraction(1))


def with_products_meant(sentence: Sentence) -> Sentence:
    """The sentence, asserted only where its products have no fewer than 0 factors."""
    found = [c for node in sentence.nodes[1:] for c in _conditions(node)]
    return replace(sentence, conditions=(*sentence.conditions, *found)) if found else sentence


def _conditions(node: Node) -> Iterator[Node]:
    inside = bound_letters(node)
    for big in walk(node):
        if not isinstance(big, Big) or big.operator != r"\prod":
            continue
        for bounds in (b for item in big.lower for b in read_bounds(item, big.upper)):
            ends = [bounds.low, bounds.high]
            names = [n for e in ends if e is not None for n in walk(e) if isinstance(n, Name)]
            if None not in ends and names and not {letter_of(n) for n in names} & inside:
                yield _meant(bounds, big)


def _meant(bounds: Bounds, big: Big) -> Node:
    low, high = bounds.low, bounds.high
    assert low is not None
    assert high is not None
    if bounds.strict_low and bounds.strict_high:
        low = Binary("+", low, ONE, span=low.span)
    elif not (bounds.strict_low or bounds.strict_high):
        high = Binary("+", high, ONE, span=high.span)
    return Relation((low, high), (r"\le",), span=big.span)
