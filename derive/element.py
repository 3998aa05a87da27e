"""The derivative of one element at fresh indices: SymPy differentiates, the core takes over.

Differentiating at indices that occur nowhere else is what makes it right: at an element named by a
bound index SymPy keeps the sum silently (sympy#21891).
"""

from __future__ import annotations

from functools import lru_cache

import sympy

from derive.equations import Equation
from derive.expr import Access, Expr
from derive.form import form_of
from derive.index import Axis, Index
from derive.lower import lower, raise_, symbol


def element_derivative(equation: Equation, tensor: str, at: tuple[Axis, ...]) -> Expr:
    """d rhs / d tensor[at], with the left side's axes free and ``at`` free and new.

    Deltas compare each access of the tensor with ``at``; none is summed.
    """
    form = form_of(equation.rhs, Access(tensor, tuple(map(Index.of, at))))
    return form.filled(_slope(form.expr, form.element))


@lru_cache(maxsize=4096)
def _slope(expr: Expr, by: Access) -> Expr:
    axes = expr.free_axes | by.free_axes
    return lower(sympy.diff(raise_(expr), raise_(by)), {symbol(a): Index.of(a) for a in axes})
