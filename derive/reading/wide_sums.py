r"""How far a sum reaches: over the terms behind it, too, where only that gives them a meaning.

In ``\sum_{i=1}^{n} y_i \log p_i + (1 - y_i) \log (1 - p_i)`` the letter i of the second term is
bound by nothing else, so that the sum governs both; in ``\sum_i a_i + c`` it governs the first.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from derive.reading.letters import bound_letters
from derive.reading.names import letter_of, spread
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Juxtaposition,
    Name,
    Node,
    Prefixed,
    Span,
    Unary,
    changed,
    walk,
)

_PRODUCTS = frozenset({"*", r"\cdot", r"\times", r"\odot"})
_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})


def with_wide_sums(node: Node, outer: Container[str]) -> Node:
    """``node`` with every sum reaching as far as its letters; ``outer`` are bound outside."""
    node = changed(node, lambda part: with_wide_sums(part, outer), _PLACES)
    if not isinstance(node, Binary) or node.operator not in {"+", "-"}:
        return node
    used = {k for k in index_letters(node.right) if k not in outer} - bound_letters(node.right)
    widened = _with_term(node.left, node.operator, node.right, used) if used else None
    return replace(widened, span=node.span) if widened is not None else node


def _with_term(node: Node, operator: str, term: Node, used: set[str]) -> Node | None:
    """``node`` with one term more under the sum at its end; ``None`` where none binds a letter."""
    match node:
        case Big(operator=r"\sum", body=body):
            inner = _with_term(body, operator, term, used)
            if inner is None and used & (bound_letters(node) - bound_letters(body)):
                inner = Binary(operator, body, term, span=Span(body.span.start, term.span.end))
            return None if inner is None else _over(node, term, body=inner)
        case Unary(body=body):
            inner = _with_term(body, operator, term, used)
            return None if inner is None else _over(node, term, body=inner)
        case Juxtaposition(factors=(*first, last)):
            inner = _with_term(last, operator, term, used)
            return None if inner is None else _over(node, term, factors=(*first, inner))
        case Binary(operator=mark, right=right) if mark in _PRODUCTS | {"+", "-"}:
            inner = _with_term(right, operator, term, used)
            return None if inner is None else _over(node, term, right=inner)
    return None


def _over(node: Node, term: Node, **changes: Any) -> Node:
    return replace(node, span=Span(node.span.start, term.span.end), **changes)


def index_letters(node: Node) -> Iterator[str]:
    """Letters in scripts and argument lists, alone or within an index such as ``i + 1``."""
    for part in walk(node):
        places: tuple[Node, ...] = ()
        if isinstance(part, Name):
            places = (*spread(part.sub), *spread(part.sup))
        elif isinstance(part, Call):
            places = part.args
        elif isinstance(part, Prefixed):
            places = spread(part.sub)
        for place in places:
            yield from (k for n in walk(place) if (k := letter_of(n)) is not None)
