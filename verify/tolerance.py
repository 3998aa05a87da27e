r"""How far two right computations of one formula may lie apart in floating point.

Rounding moves the value of an expression by at most ``n u m``: ``u`` the unit roundoff, ``n`` the
number of roundings on the longest way from inputs to the value, ``m`` its *magnitude*, the same
expression with every term made positive (Higham, Accuracy and Stability of Numerical Algorithms,
2002, section 3.1):

    m(x) = |x|,   m(a + b) = m(a) + m(b),   m(a b) = m(a) m(b),   m(f(a)) = |f(a)| + |f'(a)| m(a).
"""

from __future__ import annotations

from math import prod

import numpy as np

from derive.equations import Equation, Model
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Number,
    Summation,
    Value,
    add,
    children,
    product,
    rebuild,
)
from derive.loops import Loop
from derive.rules import derivative

UNIT = float(np.finfo(np.float64).eps)


def magnitude(expr: Expr) -> Expr:
    """The magnitude of ``expr`` as an expression over the same axes."""
    if isinstance(expr, Number):
        return Number(abs(expr.value))
    if isinstance(expr, Access | Value):
        return Apply("abs", (expr,))
    if isinstance(expr, Delta | Guard):
        return expr
    if isinstance(expr, Apply):
        slopes = (
            product(Apply("abs", (derivative(expr.function, expr.arguments, k),)), magnitude(a))
            for k, a in enumerate(expr.arguments)
            if not isinstance(a, Number)
        )
        return add(Apply("abs", (expr,)), *slopes)
    return rebuild(expr, tuple(magnitude(part) for part in children(expr)))


def roundings(expr: Expr) -> int:
    """Roundings on the longest way through ``expr`` at integer sizes."""
    below = max((roundings(part) for part in children(expr)), default=0)
    if isinstance(expr, Summation):
        return below + prod(max(a.extent.value or 1, 1) for a in expr.axes)
    return below + max(len(children(expr)), 1)


def model_roundings(model: Model) -> int:
    """A bound for any tensor or adjoint of ``model`` (at integer sizes): forwards, then back.

    A recurrence has as many as its places together.
    """
    return 4 * sum(map(_of_block, model.blocks))


def _of_block(block: Equation | Loop) -> int:
    if not isinstance(block, Loop):
        return roundings(block.rhs)
    return block.length * sum(roundings(e.rhs) for e in block.equations)
