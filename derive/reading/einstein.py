r"""Sums that stand in repeated indices, ``y_n = X_{nd} w_d``, where ``sums: einstein`` says so.

A letter that fills two index places of a term, below, above or in a derivative, and is neither on
the left nor bound is summed over, in the innermost term that has both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from derive.reading.names import letter_of, spread
from derive.reading.sentence import Sentence
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Group,
    Name,
    Node,
    Relation,
    Unary,
    changed,
    walk,
)
from derive.reading.surface import (
    Collection as Listed,
)
from derive.reading.wide_sums import index_letters

_GREEK = frozenset("alpha beta mu nu rho sigma kappa lambda".split())
_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})


def with_sums(sentence: Sentence) -> Sentence:
    """The sentence with its sums written."""
    left, *others = sentence.nodes
    outer = {*index_letters(left)}
    return replace(sentence, nodes=(left, *(_summed(node, outer) for node in others)))


def _summed(node: Node, outer: Collection[str]) -> Node:
    """``node`` with a sum over what is repeated in each of its terms."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        return replace(node, left=_summed(node.left, outer), right=_summed(node.right, outer))
    if isinstance(node, Unary):
        return replace(node, body=_summed(node.body, outer))
    inner = changed(node, lambda part: _inside(part, outer), _PLACES)
    bound = {k for n in walk(inner) if isinstance(n, Big) for i in n.lower for k in _letters(i)}
    counts = Counter(k for k in _filled(inner) if k not in outer and k not in bound)
    repeated = [k for k, times in counts.items() if times > 1]
    if not repeated:
        return inner
    lower = tuple(Name(f"\\{k}" if len(k) > 1 else k, span=node.span) for k in repeated)
    return Big(r"\sum", lower, None, inner, span=node.span)


def _inside(node: Node, outer: Collection[str]) -> Node:
    """What stands in brackets or is an argument, term by term."""
    if isinstance(node, Group):
        return replace(node, body=_summed(node.body, outer))
    if isinstance(node, Call) and not all(letter_of(a) for a in node.args):
        return replace(node, args=tuple(_summed(a, outer) for a in node.args))
    return changed(node, lambda part: _inside(part, outer), _PLACES)


def _letters(item: Node) -> Iterator[str]:
    return (k for n in walk(item) if (k := letter_of(n)) is not None)


def _filled(node: Node) -> Iterator[str]:
    """Every index place that a letter fills alone."""
    pending = [node]
    while pending:
        part = pending.pop()
        places: tuple[Node, ...] = ()
        if isinstance(part, Name):
            places = (*spread(part.sub), *spread(part.sup))
        elif isinstance(part, Call):
            places = part.args
        for place in places:
            letter = letter_of(place.body if isinstance(place, Group) else place)
            if letter is not None and letter.islower() and (len(letter) == 1 or letter in _GREEK):
                yield letter
        pending += part.below if not isinstance(part, Name | Listed | Relation) else ()
