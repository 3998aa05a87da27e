r"""Brackets that went missing, or are too many: ``a + b \odot c`` for ``(a + b) \odot c``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.reading.surface import Binary, Call, Group, Juxtaposition, Node, Span
from verify.mending.edit import Edit, typed
from verify.mending.terms import factors, is_sum

MISSING = "brackets are missing"
TOO_MANY = "the brackets are too many"
TOO_FAR = "the brackets reach too far"
COST = 4
MOST_FACTORS = 4
"""Factors of a product between which a bracket may have stood."""


def brackets(node: Node, text: str) -> Iterator[Edit]:
    """Brackets put around a part of a sum, or taken away from a sum that is a factor."""
    if is_sum(node):
        yield from _put_around(node, text)
    elif isinstance(node, Call) and len(node.args) == 1 and is_sum(node.args[0]):
        behind = Span(node.head.span.end, node.span.end)  # may be a product, ``W^T (a - b)``
        yield from _made_smaller(node.args[0], behind, text)
    elif isinstance(node, Binary | Juxtaposition):
        for factor in factors(node):
            if isinstance(factor, Group) and factor.bracket in "([" and is_sum(factor.body):
                yield Edit(factor.span, typed(factor.body, text), TOO_MANY, COST)
                yield from _made_smaller(factor.body, factor.span, text)


def _put_around(node: Node, text: str) -> Iterator[Edit]:
    """The sum that a factor at one end multiplies: all of its terms up to that factor."""
    summands = list(_summands(node))
    for k, term in enumerate(summands):
        inner = _factors(term)
        for end in inner[:-1] if k else ():
            yield _around(summands[0].span.start, end.span.end, text)
        for start in inner[1:] if k < len(summands) - 1 else ():
            yield _around(start.span.start, summands[-1].span.end, text)


def _made_smaller(body: Node, outside: Span, text: str) -> Iterator[Edit]:
    """The bracket around ``body`` closed before its last terms, or opened behind its first."""
    spans = [t.span for t in _summands(body)]
    inner = body.span
    opening = text[outside.start : inner.start]
    closing = text[inner.end : outside.end]
    for first, second in pairwise(spans):
        between, rest = text[first.end : second.start], text[second.start : inner.end]
        early = f"{opening}{text[inner.start : first.end]}{closing}{between}{rest}"
        late = f"{text[inner.start : first.end]}{between}{opening}{rest}{closing}"
        yield from (Edit(outside, new, TOO_FAR, COST) for new in (early, late))


def _around(start: int, end: int, text: str) -> Edit:
    return Edit(Span(start, end), f"({text[start:end]})", MISSING, COST)


def _summands(node: Node) -> Iterator[Node]:
    """What a sum adds and takes away, as it stands from left to right."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        yield from _summands(node.left)
        yield from _summands(node.right)
    else:
        yield node


def _factors(term: Node) -> list[Node]:
    """The factors of a term, where it is a product of a few."""
    if not isinstance(term, Binary | Juxtaposition):
        return []
    found = list(factors(term))
    return found if 1 < len(found) <= MOST_FACTORS else []
