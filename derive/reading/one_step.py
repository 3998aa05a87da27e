r"""Derivatives through one step of a recurrence alone, all that stands before it held fixed.

``\partial c_t / \partial c_{t-1} = \mathrm{diag}(f_t)`` of an LSTM leaves out that the gates of
step t hang on ``h_{t-1}``, and that on ``c_{t-1}``: the partial derivative, not the total one.
"""

from __future__ import annotations

from derive.equations import Equation, Model
from derive.expr import (
    ONE,
    Access,
    Expr,
    Guard,
    add,
    negative,
    product,
    refresh,
    rewrite,
    substitute,
)
from derive.index import surely_nonnegative
from derive.loops import Loop
from derive.reading.differential import differential


def through_one_step(expr: Expr, by: Access, model: Model) -> Expr:
    """``d expr / d by`` where tensors of a recurrence move within their step only."""
    loops = {n: b for b in model.blocks if isinstance(b, Loop) for n in b.tensors}

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor in loops:
            return _opened(node, by, model, loops[node.tensor])
        return node

    return differential(rewrite(expr, rule), by, model, loops)


def _opened(access: Access, by: Access, model: Model, loop: Loop) -> Expr:
    """What the step computes, from tensors of earlier places alone, and from what ``by`` is."""
    k = loop.position[access.tensor]
    if access.tensor == by.tensor and access.indices[k] == by.indices[k]:
        return access
    equation = model.by_tensor[access.tensor]
    ends = [
        end
        for a, i in zip(equation.axes, access.indices, strict=True)
        for end in (i - a.lo, a.hi - i)
    ]
    if any(surely_nonnegative(-end - 1) for end in ends):
        return access  # given: it begins the recurrence
    within = product(*(Guard(end) for end in ends if not surely_nonnegative(end)))
    if within != ONE:  # some of these places begin it
        opened = product(within, _step(access, by, equation, model, loop))
        return add(opened, product(add(ONE, negative(within)), access))
    return _step(access, by, equation, model, loop)


def _step(access: Access, by: Access, equation: Equation, model: Model, loop: Loop) -> Expr:
    place = access.indices[loop.position[access.tensor]]
    at = dict(zip(equation.axes, access.indices, strict=True))

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or node.tensor not in loop.tensors:
            return node
        here = node.indices[loop.position[node.tensor]] == place
        return _opened(node, by, model, loop) if here else node

    return rewrite(refresh(substitute(equation.rhs, at)), rule)
