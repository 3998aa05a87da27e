r"""Definitions within a chain: ``\hat y = a = \sigma(z) = \frac{1}{1 + e^{-z}}`` defines three.

The first link defines what stands on the left. Of the others a symbol defines by what follows it,
as does what differs where two sides are of one form: ``\varphi(s_j) = \varphi(\sum_k w_{jk} x_k)``
says what ``s_j`` is, ``g(\theta^T x) = 1 / (1 + e^{-\theta^T x})`` what g is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, Node, Relation, Span, changed, walk

ARGUMENT = Name("z")


def first_link(sentence: Sentence) -> Sentence:
    """The left side and what it equals at once."""
    return _equation(sentence, *_told(sentence)[:2])


def further_links(sentence: Sentence) -> Iterator[Sentence]:
    """What the other links would define, of symbols that nothing else defines."""
    for left, right in pairwise(_told(sentence)[1:]):
        if occurrence(left) is not None:
            yield _equation(sentence, left, right)
        for part, value in _differing(left, right):
            yield _equation(sentence, part, value)
        if isinstance(left, Call) and (law := _law(left, right)) is not None:
            yield replace(_equation(sentence, *law), quantifiers=())


def symbol_of(sentence: Sentence) -> tuple[str, tuple[Node, ...]] | None:
    """The left side without what runs below it."""
    item = occurrence(sentence.nodes[0])
    return None if item is None else (item.head, item.name.sup)


def _told(sentence: Sentence) -> tuple[Node, ...]:
    r"""The sides without names of probabilities, ``p(o | c)``, that another side tells."""
    first, *others = sentence.nodes
    told = [n for n in others if not _is_probability(n)]
    return (first, *(told or others))


def _is_probability(node: Node) -> bool:
    return isinstance(node, Call) and any(isinstance(a, Relation) for a in node.args)


def _equation(sentence: Sentence, left: Node, right: Node) -> Sentence:
    span = Span(left.span.start, right.span.end)
    return replace(sentence, nodes=(left, right), operators=("=",), span=span, continued=False)


def _differing(left: Node, right: Node) -> Iterator[tuple[Node, Node]]:
    """The symbols of ``left`` in whose places ``right``, alike elsewhere, has something else."""
    if left == right:
        return
    if isinstance(left, Name) and not isinstance(right, Name):
        yield left, right
        return
    same = type(left) is type(right) and len(left.below) == len(right.below)
    if not same or not isinstance(left, Call) or not isinstance(right, Call):
        return
    if left.head == right.head:
        for one, other in zip(left.args, right.args, strict=False):
            yield from _differing(one, other)


def _law(left: Call, right: Node) -> tuple[Node, Node] | None:
    """``g(z)`` and its value, from g of something that the right side reads as a whole."""
    plain = isinstance(left.head, Name) and is_bare(left.head) and left.bracket == "("
    if not plain or len(left.args) != 1 or isinstance(left.args[0], Name):
        return None
    value = _put(right, left.args[0], replace(ARGUMENT, span=left.args[0].span))
    read = {n for n in walk(value) if isinstance(n, Name)}
    if value == right or ARGUMENT not in read:
        return None
    return replace(left, args=(ARGUMENT,)), value


def _put(node: Node, old: Node, new: Node) -> Node:
    """``node`` with ``new`` wherever ``old`` stands."""
    return new if node == old else changed(node, lambda part: _put(part, old, new))
