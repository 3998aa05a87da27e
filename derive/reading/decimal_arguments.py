r"""Decimal commas in the bracket of a function: ``\sigma(0,5 \cdot 0,4 - 0,1)`` has one argument.

Behind a symbol a comma parts indices or arguments. A function that takes one argument has none to
part, so that a comma between digits that touch it is that of a decimal number.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce

from derive.reading.functions import function_named
from derive.reading.scope import Scope
from derive.reading.surface import (
    Binary,
    Call,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Scripted,
    Span,
    Unary,
    changed,
)
from derive.rules import RULES


class _Apart(Exception):
    """The comma parts two things."""


def with_decimal_arguments(node: Node, scope: Scope) -> Node:
    """The same for every call within ``node``."""
    if not node.below:
        return node
    return with_decimal_argument(changed(node, partial(with_decimal_arguments, scope=scope)), scope)


def with_decimal_argument(node: Node, scope: Scope) -> Node:
    """``node``, a call of a function of one argument, with its decimal commas read as such."""
    if not isinstance(node, Call) or len(node.args) < 2 or not isinstance(node.head, Name):
        return node
    known = function_named(node.head, scope)
    if known is None or known[0] not in RULES or RULES[known[0]].arity != 1:
        return node
    try:
        return replace(node, args=(reduce(_joined, node.args),))
    except _Apart:
        return node


def _joined(left: Node, right: Node) -> Node:
    """The two as one, their touching ends one number: sums first, then products, then signs."""
    span = Span(left.span.start, right.span.end)
    if _is_sum(right) or (_is_product(right) and not _is_sum(left)):
        return _at_the_beginning(left, right, span)
    if _is_sum(left) or _is_product(left):
        return _at_the_end(left, right, span)
    if isinstance(right, Scripted):
        return replace(right, body=_joined(left, right.body), span=span)
    if isinstance(left, Unary):
        return replace(left, body=_joined(left.body, right), span=span)
    if isinstance(left, Numeral) and isinstance(right, Numeral):
        return _number(left, right, span)
    raise _Apart


def _at_the_beginning(left: Node, right: Node, span: Span) -> Node:
    if isinstance(right, Juxtaposition):
        first, *rest = right.factors
        return replace(right, factors=(_joined(left, first), *rest), span=span)
    assert isinstance(right, Binary)
    return replace(right, left=_joined(left, right.left), span=span)


def _at_the_end(left: Node, right: Node, span: Span) -> Node:
    if isinstance(left, Juxtaposition):
        *rest, last = left.factors
        return replace(left, factors=(*rest, _joined(last, right)), span=span)
    assert isinstance(left, Binary)
    return replace(left, right=_joined(left.right, right), span=span)


def _is_sum(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator in ("+", "-")


def _is_product(node: Node) -> bool:
    return isinstance(node, Juxtaposition) or (isinstance(node, Binary) and not _is_sum(node))


def _number(left: Numeral, right: Numeral, span: Span) -> Numeral:
    touch = right.span.start == left.span.end + 1
    if not (touch and left.text.isdigit() and right.text.isdigit()):
        raise _Apart
    return Numeral(f"{left.text},{right.text}", Fraction(f"{left.text}.{right.text}"), span=span)
