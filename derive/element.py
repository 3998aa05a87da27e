"""The derivative of one element at fresh indices: every access leaves a Kronecker delta.

Differentiating at indices that occur nowhere else is what makes it right: at an element named by a
bound index a sum would be kept silently (as SymPy does, sympy#21891). Brackets and the masks of
maxima are constant, functions differentiate by `derive.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from derive.equations import Equation
from derive.expr import (
    ONE,
    ZERO,
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Product,
    Summation,
    Winner,
    children,
    rebuild,
    refresh,
    substitute,
)
from derive.gather import gathered, plus, times
from derive.index import Axis, Index, surely_nonnegative
from derive.rules import derivative


def element_derivative(equation: Equation, tensor: str, at: tuple[Axis, ...]) -> Expr:
    """d rhs / d tensor[at], an expression over the axes of the left side and ``at``.

    Deltas compare each access of the tensor with ``at``; none is summed.
    """
    rhs = gathered(_standing_in(equation.rhs, {}))
    return refresh(_slope(rhs, Access(tensor, tuple(map(Index.of, at)))))


def _slope(expr: Expr, by: Access) -> Expr:
    match expr:
        case Access(tensor, indices):
            return _same(indices, by.indices) if tensor == by.tensor else ZERO
        case Add(terms):
            return plus(*(_slope(term, by) for term in terms))
        case Summation(axes, body):
            inner = _slope(body, by)
            return ZERO if inner == ZERO else Summation(axes, inner)
        case Product(factors):
            return plus(*(_product_slope(factors, k, by) for k in range(len(factors))))
        case Apply(function, arguments):
            return plus(*(_chained(function, arguments, k, by) for k in range(len(arguments))))
    return ZERO


def _product_slope(factors: tuple[Expr, ...], place: int, by: Access) -> Expr:
    """The product with the derivative of the factor at this place."""
    inner = _slope(factors[place], by)
    if inner == ZERO:
        return ZERO
    return times(*factors[:place], *factors[place + 1 :], inner)


def _chained(function: str, arguments: tuple[Expr, ...], place: int, by: Access) -> Expr:
    """The partial derivative in one argument times that of the argument."""
    inner = _slope(arguments[place], by)
    if inner == ZERO:
        return ZERO
    partial = derivative(function, arguments, place)
    factors = partial.factors if isinstance(partial, Product) else (partial,)
    return times(*map(gathered, factors), inner)


def _same(own: tuple[Index, ...], at: tuple[Index, ...]) -> Expr:
    """The deltas of ``own`` and ``at``, in the order of the names that they compare."""
    pairs = sorted(zip(own, at, strict=True), key=_first_name)
    return times(*(_delta(*pair) for pair in pairs))


def _first_name(pair: tuple[Index, Index]) -> str:
    own, at = map(str, pair)
    return min(own, at) if own.isidentifier() else at


def _delta(own: Index, at: Index) -> Expr:
    """``[at = own]``, decided where the ranges decide it."""
    index = own - at if own.value is not None else at - own
    if index.value == 0:
        return ONE
    if surely_nonnegative(index - 1) or surely_nonnegative(-index - 1):
        return ZERO
    return Delta(index)


def _standing_in(expr: Expr, places: Mapping[Axis, Index]) -> Expr:
    """``expr`` with other summed axes, the same in sums that say the same."""
    if isinstance(expr, Summation):
        fresh = tuple(
            _stand_in(a.name, a.lo, a.hi, len(places) + k) for k, a in enumerate(expr.axes)
        )
        inner = dict(zip(expr.axes, map(Index.of, fresh), strict=True))
        return Summation(fresh, _standing_in(expr.body, {**places, **inner}))
    if isinstance(expr, Winner) or not children(expr):
        return substitute(expr, places)
    return rebuild(expr, tuple(_standing_in(part, places) for part in children(expr)))


@lru_cache(maxsize=4096)
def _stand_in(name: str, lo: Index, hi: Index, depth: int) -> Axis:
    """The axis that stands for the one bound at this depth."""
    return Axis(name, lo, hi)
