r"""How far a function without brackets reaches: ``\tanh W x + b``.

Of a number it takes one symbol, ``\log p_i q_i``; of a matrix the product that begins with it,
``\tanh W x``, as nobody squashes weights. What else may be meant, the product or all that follows,
is declared under `REACH`, or tried by the judge (`verify.variants.reach`). A function of the
sheet may stand without brackets, too: ``\sigma W x``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NoReturn

from derive.errors import IllFormed
from derive.reading.functions import function_named
from derive.reading.lexicon import occurrence
from derive.reading.scope import Scope
from derive.reading.surface import (
    Binary,
    Call,
    Juxtaposition,
    Name,
    Node,
    Scripted,
    Span,
    Unary,
    changed,
    walk,
)
from derive.reading.symbols import FUNCTIONS

REACH = "how far a function without brackets reaches"
ONE, PRODUCT, SUM = "its symbol", "the product", "all that follows"
LOGARITHMS = frozenset({r"\log", r"\ln", r"\lg"})
_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})
MATRIX = 2


def reaches_on(node: Node, scope: Scope) -> bool:
    """Whether a function without brackets stands before a product somewhere in ``node``."""
    return any(
        isinstance(n, Juxtaposition) and _place(_applied(n, scope)) is not None for n in walk(node)
    )


def with_reach(node: Node, scope: Scope) -> Node:
    """``node`` with every function without brackets applied to all that it takes.

    Raises `IllFormed` in an equation of a sheet, which nothing is compared with.
    """
    return _reaching(node, scope) if any(_may_reach(n, scope) for n in node.whole) else node


def _may_reach(node: Node, scope: Scope) -> bool:
    """Whether a function without brackets is seen here, applied to something or beside it."""
    if isinstance(node, Call):
        return _is_open(node)
    return isinstance(node, Juxtaposition) and any(
        isinstance(f, Name) and _is_function(f, scope) for f in node.factors[:-1]
    )


def _reaching(node: Node, scope: Scope) -> Node:
    if not node.below:
        return node
    inner = changed(node, partial(_reaching, scope=scope), _PLACES)
    if isinstance(inner, Juxtaposition):
        return _over_product(inner, scope)
    if isinstance(inner, Binary) and inner.operator in ("+", "-"):
        return _over_sum(inner, scope)
    return inner


def _applied(node: Juxtaposition, scope: Scope) -> Juxtaposition:
    r"""``\sigma W x`` with the function applied to what stands behind it."""
    factors: list[Node] = []
    for factor in node.factors:
        last = factors[-1] if factors else None
        if isinstance(last, Name) and _is_function(last, scope) and _is_symbol(factor):
            span = Span(last.span.start, factor.span.end)
            factors[-1] = Call(last, (factor,), "", span=span)
        else:
            factors.append(factor)
    return node if len(factors) == len(node.factors) else replace(node, factors=tuple(factors))


def _is_function(name: Name, scope: Scope) -> bool:
    if name.sub or name.sup or function_named(name, scope) is None:
        return False
    item = occurrence(name)
    return item is not None and scope.lexicon.match(item) is None


def _is_symbol(node: Node) -> bool:
    return isinstance(node, Name | Scripted)


def _place(node: Juxtaposition) -> int | None:
    """Where a function stands that has a symbol for its argument and factors behind it."""
    for number, factor in enumerate(node.factors[:-1]):
        if isinstance(factor, Call) and _is_open(factor) and _is_symbol(factor.args[0]):
            behind = node.factors[number + 1]
            if _is_symbol(behind) and not _starts_function(behind):
                return number
    return None


def _is_open(call: Call) -> bool:
    return not call.bracket and len(call.args) == 1 and isinstance(call.head, Name)


def _starts_function(node: Node) -> bool:
    return isinstance(node, Name) and node.base in FUNCTIONS


def _over_product(node: Juxtaposition, scope: Scope) -> Node:
    applied = _applied(node, scope)
    place = _place(applied)
    if place is None:
        return applied if len(applied.factors) > 1 else applied.factors[0]
    call = applied.factors[place]
    assert isinstance(call, Call)
    declared, whole = scope.operators.get(REACH), _is_matrix(call.args[0], scope)
    if _is_open_here(call, scope) and not whole:
        _ask(call)
    if declared == ONE or (declared is None and not whole):
        return applied
    behind = applied.factors[place + 1 :]
    inside = Span(call.args[0].span.start, behind[-1].span.end)
    argument = Juxtaposition((call.args[0], *behind), span=inside)
    wide = replace(call, args=(argument,), span=Span(call.span.start, inside.end))
    before = applied.factors[:place]
    return replace(applied, factors=(*before, wide)) if before else wide


def _is_matrix(node: Node, scope: Scope) -> bool:
    """A matrix of the sheet as a whole."""
    item = occurrence(node)
    match = None if item is None else scope.lexicon.match(item)
    return match is not None and match.omitted == MATRIX and not match.powers


def _over_sum(node: Binary, scope: Scope) -> Node:
    r"""``\tanh W x + b`` with the sum in the argument, where that is declared."""
    if (call := _last(node.left)) is None or _is_logarithm(call):
        return node
    if _is_open_here(call, scope):
        _ask(call)
    if scope.operators.get(REACH) != SUM:
        return node
    return _with_last(node.left, node)


def _is_open_here(call: Call, scope: Scope) -> bool:
    """Whether it stands in an equation of a sheet, and nothing is declared."""
    return scope.model is None and REACH not in scope.operators and not _is_logarithm(call)


def _ask(call: Call) -> NoReturn:
    raise IllFormed(
        "how far this function reaches is not said",
        offset=call.span.start,
        expected="brackets around its argument",
    )


def _last(node: Node) -> Call | None:
    """The function with a product for its argument that stands last in ``node``."""
    match node:
        case Call(args=(Juxtaposition(factors=factors),)) if _is_open(node):
            return node if all(map(_is_symbol, factors)) else None
        case Call(args=(Binary(),)) if _is_open(node):
            return node
        case Juxtaposition(factors=(*_, last)):
            return _last(last)
        case Binary(operator="+" | "-", right=right) | Unary(body=right):
            return _last(right)
    return None


def _is_logarithm(call: Call) -> bool:
    return isinstance(call.head, Name) and call.head.base in LOGARITHMS


def _with_last(node: Node, whole: Binary) -> Node:
    """``node`` with the rest of ``whole`` in the argument of its last function."""
    span = Span(node.span.start, whole.span.end)
    match node:
        case Call(args=(argument,)):
            inside = Span(argument.span.start, whole.span.end)
            more = Binary(whole.operator, argument, whole.right, span=inside)
            return replace(node, args=(more,), span=span)
        case Juxtaposition(factors=(*first, last)):
            return replace(node, factors=(*first, _with_last(last, whole)), span=span)
        case Binary(right=right):
            return replace(node, right=_with_last(right, whole), span=span)
        case Unary(body=body):
            return replace(node, body=_with_last(body, whole), span=span)
    return whole
