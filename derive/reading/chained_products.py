r"""Products over an index, ``\prod_{i=k+1}^t``, of numbers and of square matrices, and powers that
an index counts, ``W^{t-k}``.

They are written out over all places that the bounds can take; brackets make a factor 1, or the
identity, beyond them. In which order matrices stand, from the last or from the first, is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from derive.errors import IllFormed
from derive.expr import (
    ONE,
    Add,
    Delta,
    Expr,
    Number,
    Product,
    Value,
    add,
    negative,
    product,
    refresh,
    substitute,
)
from derive.index import Axis, Index, greatest, least
from derive.reading.arrays import ArrayValue, ShapeMismatch, matmul, scalar
from derive.reading.bounds import sum_axes
from derive.reading.conditions import Read
from derive.reading.orders import FIRST, LAST, ORDER
from derive.reading.problems import Reading, Undeclared, Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Big

MOST_FACTORS = 8
MATRIX = 2


def over_a_range(node: Big, scope: Scope, read: Read) -> ArrayValue:
    """The product of the body over one index.

    Raises `Undeclared` where the order of matrices is open, `ShapeMismatch` unless they are square,
    `Unsupported` for bounds that are no numbers or more factors than `MOST_FACTORS`.
    """
    at = node.span.start
    axes, brackets, inner = sum_axes(node.lower, node.upper, node.body, scope)
    lo, hi = (axes[0].lo.value, axes[0].hi.value) if len(axes) == 1 else (None, None)
    if lo is None or hi is None or hi - lo >= MOST_FACTORS:
        raise Unsupported("a product over this range is not judged", offset=at)
    value = read(node.body, inner)
    if value.rank not in (0, MATRIX) or (value.axes and value.extents[0] != value.extents[1]):
        raise ShapeMismatch(f"a product of several of {value.shape}", offset=at)
    places = range(lo, hi + 1)
    factors = [_factor(value, product(*brackets), axes[0], Index.of(n)) for n in places]
    if not factors:
        raise IllFormed("a product without factors", offset=at)
    return _in_order(factors, scope, at)


def _factor(value: ArrayValue, within: Expr, axis: Axis, place: Index) -> ArrayValue:
    """The factor at a place, 1 beyond the bounds."""
    body, inside = (substitute(e, {axis: place}) for e in (value.body, within))
    fresh = tuple(a.like() for a in value.axes)
    body = substitute(refresh(body), dict(zip(value.axes, map(Index.of, fresh), strict=True)))
    if inside == ONE:
        return ArrayValue(fresh, body)
    one = Delta(Index.of(fresh[0]) - fresh[1] - fresh[0].lo + fresh[1].lo) if fresh else ONE
    beyond = product(add(ONE, negative(inside)), one)
    return ArrayValue(fresh, add(product(inside, body), beyond))


def _in_order(factors: Sequence[ArrayValue], scope: Scope, at: int) -> ArrayValue:
    if not factors[0].axes:
        return scalar(product(*(f.body for f in factors)))
    order = scope.operators.get(ORDER) if len(factors) > 1 else FIRST
    if order is None:
        readings = (
            Reading("a product of matrices begins with the last one", (ORDER, LAST)),
            Reading("a product of matrices begins with the first one", (ORDER, FIRST)),
        )
        raise Undeclared("in which order these matrices stand is not said", ORDER, readings, at)
    chain = factors if order == FIRST else factors[::-1]
    return reduce(lambda a, b: matmul(a, b, at), chain)


def counted_power(value: ArrayValue, exponent: Expr, scope: Scope, at: int) -> ArrayValue | None:
    """A power of a square matrix whose exponent is an index; ``None`` for other exponents.

    An exponent that could be less than 0 counts where the scope says that it is none.
    """
    index = _index(exponent)
    low, high = (None, None) if index is None else (least(index), greatest(index))
    if index is None or low is None or high is None or low.value is None or high.value is None:
        return None
    apart = ((index - known).value for known in scope.nonnegative)
    positive = low.value >= 0 or any(n is not None and n >= 0 for n in apart)
    if not positive or high.value > MOST_FACTORS:
        return None
    first, second = (a.like() for a in value.axes)
    unit = Delta(Index.of(first) - second - first.lo + second.lo)
    powers = [ArrayValue((first, second), unit)]
    for _ in range(high.value):
        powers.append(matmul(powers[-1], value.map(refresh), at))
    rest = (
        product(Delta(index - n), p.at((Index.of(first), Index.of(second))))
        for n, p in enumerate(powers)
        if n >= low.value
    )
    return ArrayValue((first, second), add(*rest))


def _index(expr: Expr) -> Index | None:
    """The index that an expression is, if it is one."""
    match expr:
        case Value(index):
            return index
        case Number(value) if value.denominator == 1:
            return Index.of(int(value))
        case Add(terms):
            parts = [_index(t) for t in terms]
            found = [p for p in parts if p is not None]
            return sum(found, Index.of(0)) if len(found) == len(parts) else None
        case Product((Number(value), Value(index))) if value.denominator == 1:
            return int(value) * index
    return None
