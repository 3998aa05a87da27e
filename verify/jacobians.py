"""Values of Jacobians by automatic differentiation.

``d R / d T`` is the total derivative: T is set free, everything computed from it moves, everything
that it was computed from stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import autograd
import numpy as np

from derive.arithmetic import AUTOGRAD, Array
from derive.equations import Equation, Model, slope_of
from derive.errors import LimitExceeded
from derive.evaluate import Ranges, evaluate, integer_ranges
from derive.expr import Expr, accesses

MOST_ROWS = 4096
"""Elements of the tensor above the bar; each costs one pass backwards."""


def slopes_in(*exprs: Expr) -> tuple[str, ...]:
    """The Jacobians that the expressions read, by name."""
    names = (a.tensor for expr in exprs for a in accesses(expr))
    return tuple(dict.fromkeys(n for n in names if slope_of(n) is not None))


def slope_ranges(name: str, ranges: Ranges) -> tuple[tuple[int, int], ...]:
    """The ranges of a Jacobian: those of the rows' tensor, then those of the columns'."""
    above, below = slope_of(name) or ("", "")
    return (*ranges[above], *ranges[below])


def slope_values(model: Model, env: Mapping[str, Array], name: str) -> Array:
    """The Jacobian ``name`` of ``model`` (at integer sizes) at the values in ``env``.

    Raises `LimitExceeded` where the tensor above the bar has more than `MOST_ROWS` elements.
    """
    above, below = slope_of(name) or ("", "")
    rows = np.shape(env[above])
    if prod(rows) > MOST_ROWS:
        raise LimitExceeded(f"a Jacobian of {prod(rows)} rows", expected=f"at most {MOST_ROWS}")
    moving = _computed_from(model, below, above)
    ranges = integer_ranges(model)

    def top(free: Array) -> Array:
        here = {**env, below: free}
        for e in moving:
            here[e.tensor] = evaluate(e.rhs, e.axes, here, ranges, number=AUTOGRAD)
        return here[above]

    with np.errstate(all="ignore"):
        jacobian = autograd.jacobian(top)(env[below])
    return np.reshape(jacobian, (*rows, *np.shape(env[below])))


def _computed_from(model: Model, below: str, above: str) -> list[Equation]:
    """The equations between the two tensors, in order of evaluation."""
    moved, found = {below}, []
    for e in model.equations:
        if e.tensor != below and moved & set(e.reads):
            moved.add(e.tensor)
            found.append(e)
        if e.tensor == above:
            break
    return found


def needed_slopes(names: tuple[str, ...], equations: Mapping[str, Equation]) -> list[str]:
    """``names`` and the Jacobians that their equations read in turn, those before them first."""
    needed = set(names)
    for name in reversed(list(equations)):
        if name in needed:
            needed.update(slopes_in(equations[name].rhs))
    return [n for n in equations if n in needed]
