"""The derivative of one element at fresh indices: SymPy differentiates, the core takes over.

Differentiating at indices that occur nowhere else is what makes it right: at an element named by a
bound index SymPy keeps the sum silently (sympy#21891).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import sympy

from derive.equations import Equation
from derive.expr import Expr, Summation, Winner, children, rebuild, substitute
from derive.index import Axis, Index
from derive.lower import element, lower, raise_, symbol


def element_derivative(equation: Equation, tensor: str, at: tuple[Axis, ...]) -> Expr:
    """d rhs / d tensor[at], an expression over the axes of the left side and ``at``.

    Deltas compare each access of the tensor with ``at``; none is summed.
    """
    outer = (*equation.axes, *at)
    places = dict(zip(outer, _stand_ins(outer, 0), strict=True))
    wrt = element(tensor, tuple(Index.of(places[a]) for a in at))
    rhs = _standing_in(equation.rhs, {a: Index.of(b) for a, b in places.items()})
    raised = sympy.diff(raise_(rhs), wrt)
    scope: Mapping[sympy.Symbol, Index] = {symbol(b): Index.of(a) for a, b in places.items()}
    return lower(raised, scope)


@lru_cache(maxsize=4096)
def _stand_in(name: str, lo: Index, hi: Index, depth: int) -> Axis:
    """The axis that stands for the one bound at this depth, in every equation.

    Most of SymPy's time goes into what it can know of a symbol, and it remembers the answers.
    """
    return Axis(name, lo, hi)


def _stand_ins(axes: Iterable[Axis], depth: int) -> tuple[Axis, ...]:
    return tuple(_stand_in(a.name, a.lo, a.hi, depth + k) for k, a in enumerate(axes))


def _standing_in(expr: Expr, places: Mapping[Axis, Index]) -> Expr:
    """``expr`` with other axes, free and summed."""
    if isinstance(expr, Summation):
        fresh = _stand_ins(expr.axes, len(places))
        inner = dict(zip(expr.axes, map(Index.of, fresh), strict=True))
        return Summation(fresh, _standing_in(expr.body, {**places, **inner}))
    if isinstance(expr, Winner) or not children(expr):
        return substitute(expr, places)
    return rebuild(expr, tuple(_standing_in(part, places) for part in children(expr)))
