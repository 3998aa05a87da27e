"""The derivative of one element at fresh indices: SymPy differentiates, the core takes over.

Differentiating at indices that occur nowhere else is what makes it right: at an element named by a
bound index SymPy keeps the sum silently (sympy#21891).
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from derive.equations import Equation
from derive.expr import Expr
from derive.index import Axis, Index
from derive.lower import element, lower, raise_, symbol


def element_derivative(equation: Equation, tensor: str, at: tuple[Axis, ...]) -> Expr:
    """d rhs / d tensor[at], an expression over the axes of the left side and ``at``.

    Deltas compare each access of the tensor with ``at``; none is summed.
    """
    wrt = element(tensor, tuple(Index.of(a) for a in at))
    raised = sympy.diff(raise_(equation.rhs), wrt)
    scope: Mapping[sympy.Symbol, Index] = {symbol(a): Index.of(a) for a in (*equation.axes, *at)}
    return lower(raised, scope)
