r"""Where a product over an index is meant: ``\prod_{i=k+1}^t`` says nothing of k beyond t.

Nor does ``W^{t-k}`` of a capital, a product of so many matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derive.reading.bounds import Bounds, read_bounds
from derive.reading.letters import bound_letters
from derive.reading.names import letter_of
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Binary, Name, Node, Numeral, Relation, Scripted, walk

ONE = Numeral("1", Fraction(1))


def with_products_meant(sentence: Sentence) -> Sentence:
    """The sentence, asserted only where its products have no fewer than 0 factors."""
    found = [c for node in sentence.nodes[1:] for c in (*_conditions(node), *_of_powers(node))]
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


def _of_powers(node: Node) -> Iterator[Node]:
    """``k \\le t`` for ``W^{t-k}``, where both are letters that run outside."""
    inside = bound_letters(node)
    for part in walk(node):
        base = next((n for n in walk(part) if isinstance(n, Name)), None)
        if not isinstance(part, Name | Scripted) or base is None or not base.base.isupper():
            continue
        for script in part.sup:
            match script:
                case Binary("-", Name() as more, Name() as less):
                    letters = {letter_of(more), letter_of(less)}
                    if None not in letters and not letters & inside:
                        yield Relation((less, more), (r"\le",), span=script.span)


def _meant(bounds: Bounds, big: Big) -> Node:
    low, high = bounds.low, bounds.high
    assert low is not None
    assert high is not None
    if bounds.strict_low and bounds.strict_high:
        low = Binary("+", low, ONE, span=low.span)
    elif not (bounds.strict_low or bounds.strict_high):
        high = Binary("+", high, ONE, span=high.span)
    return Relation((low, high), (r"\le",), span=big.span)
