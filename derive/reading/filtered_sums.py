r"""Sums over the indices that satisfy a condition: ``\sum_{t : x_t = v} a_t``.

The condition becomes a factor, 1 where it holds and 0 elsewhere, and the letter runs over its whole
range. ``\sum_{\substack{l, m \\ \text{s.t.} \\ (l-1) s + m = j}}`` is read alike.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.names import letter_of
from derive.reading.surface import (
    Big,
    Binary,
    Collection,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Relation,
    Span,
    changed,
)

SUCH_THAT = frozenset({":", r"\mid", "|", r"\colon"})
_WORDS = frozenset({"s.t.", "st", "where", "with"})
_COMPARED = frozenset({"=", r"\ne", r"\neq", r"\equiv"})


def with_filters_as_factors(node: Node) -> Node:
    """``node`` with the conditions of its sums as factors of what is summed."""
    node = changed(node, with_filters_as_factors)
    if not isinstance(node, Big) or node.operator != r"\sum":
        return node
    lower: list[Node] = []
    conditions: list[Relation] = []
    for item in node.lower:
        if isinstance(item, Relation) and item.operators[0] in SUCH_THAT and len(item.sides) > 2:
            lower.append(item.sides[0])
            conditions.append(_rest(item))
        elif isinstance(item, Relation) and _composite(item):
            conditions.append(item)
        elif not (isinstance(item, Name) and item.base in _WORDS):
            lower.append(item)
    if not conditions or not lower:
        return node
    return replace(node, lower=tuple(lower), body=_filtered(node.body, conditions))


def _rest(item: Relation) -> Relation:
    """What stands behind "such that"."""
    span = Span(item.sides[1].span.start, item.span.end)
    return Relation(item.sides[1:], item.operators[1:], span=span)


def _composite(item: Relation) -> bool:
    """``2 i + m = j``: no range of one letter."""
    left = item.sides[0]
    plain = letter_of(left) is not None or isinstance(left, Numeral | Collection)
    return not plain and len(item.sides) == 2 and item.operators[0] in _COMPARED


def _filtered(body: Node, conditions: list[Relation]) -> Node:
    factors = [Group(c, "[", span=body.span) for c in conditions]
    whole = Group(body, "(", span=body.span) if isinstance(body, Binary) else body
    return Juxtaposition((*factors, whole), span=body.span)
