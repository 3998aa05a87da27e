r"""Maxima and minima: ``\max_{u, v} A(…)``, ``\max(0, x)``, ``\max x``, ``(x)_+``.

Over indices a maximum is the sum over the place of its winner (`derive.maximum`); the tie rule is
the sheet's ``ties``. ``\max(0, x)`` is ReLU.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import IllFormed
from derive.expr import ZERO, Apply, Expr, negative
from derive.index import Axis, Index
from derive.maximum import maximum
from derive.reading.arrays import ArrayValue, elementwise
from derive.reading.bounds import sum_axes
from derive.reading.chained_products import over_a_range
from derive.reading.conditions import Read
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Big

EXTREMES = {"maximum": 1, "minimum": -1}
"""Catalogue names of functions of two numbers, with their sign."""
PLANE = 2
OPERATORS = {r"\max": 1, r"\min": -1}


def over_indices(node: Big, scope: Scope, read: Read) -> ArrayValue:
    """``\\max`` or ``\\min`` of the body over its indices, or over a whole array.

    Raises `Unsupported` for a side condition and for other operators.
    """
    at = node.span.start
    if node.operator == r"\prod" and node.lower:
        return over_a_range(node, scope, read)
    if node.operator not in OPERATORS:
        raise Unsupported(f"{node.operator} over an index is not judged yet", offset=at)
    sign = OPERATORS[node.operator]
    if not node.lower:
        return over_array(read(node.body, scope), sign, scope, at)
    axes, brackets, inner = sum_axes(node.lower, node.upper, node.body, scope)
    if brackets:
        raise Unsupported("a condition under a maximum is not judged yet", offset=at)
    _note_ties(scope)
    return read(node.body, inner).map(
        lambda x: _signed(maximum(axes, _signed(x, sign), scope.ties), sign)
    )


def over_array(value: ArrayValue, sign: int, scope: Scope, at: int) -> ArrayValue:
    """The greatest (or, with sign -1, least) element. Raises `IllFormed` for a number."""
    if not value.axes:
        raise IllFormed("a maximum of one number", offset=at, expected="several, or an index below")
    _note_ties(scope)
    body = maximum(value.axes, _signed(value.body, sign), scope.ties)
    return ArrayValue((), _signed(body, sign))


def pooled(value: ArrayValue, side: int, scope: Scope, at: int) -> ArrayValue:
    """The greatest element of every window of ``side`` by ``side`` in the first two dimensions.

    ``out(i, j, …) = max_{u, v} A(lo + s (i - 1) + u, lo + s (j - 1) + v, …)`` for i, j from 1, with
    u and v below s. Raises `IllFormed` where windows do not fill the array.
    """
    if value.rank < PLANE or any(e.value is None or e.value % side for e in value.extents[:PLANE]):
        raise IllFormed(f"windows of {side}×{side} do not fill {value.shape}", offset=at)
    outer = tuple(
        Axis(a.name, Index.of(1), Index.of((a.extent.value or 0) // side))
        for a in value.axes[:PLANE]
    )
    inner = tuple(Axis(n, Index.of(0), Index.of(side - 1)) for n in "uv")
    pairs = zip(value.axes, outer, inner, strict=False)
    places = tuple(a.lo + side * (Index.of(i) - 1) + u for a, i, u in pairs)
    body = value.at((*places, *map(Index.of, value.axes[PLANE:])))
    _note_ties(scope)
    return ArrayValue((*outer, *value.axes[PLANE:]), maximum(inner, body, scope.ties))


def of_list(name: str, values: Sequence[ArrayValue], scope: Scope, at: int) -> ArrayValue:
    """``maximum`` or ``minimum`` of the values, element by element; of one array: over all."""
    sign = EXTREMES[name]
    first, *others = values
    if not others:
        return over_array(first, sign, scope, at)
    for other in others:
        first = elementwise(first, other, lambda x, y: _of_two(name, x, y), name, at)
    return first


def positive_part(value: ArrayValue) -> ArrayValue:
    """``(x)_+``."""
    return value.map(lambda x: Apply("relu", (x,)))


def _of_two(name: str, x: Expr, y: Expr) -> Expr:
    if ZERO not in (x, y):
        return Apply(name, (x, y))
    other = y if x == ZERO else x
    sign = EXTREMES[name]
    return _signed(Apply("relu", (_signed(other, sign),)), sign)


def _signed(expr: Expr, sign: int) -> Expr:
    return expr if sign == 1 else negative(expr)


def _note_ties(scope: Scope) -> None:
    winners = {"first": "the first one", "split": "all, in equal shares", "all": "all"}
    scope.note(f"a tie of a maximum goes to {winners[scope.ties]}")
