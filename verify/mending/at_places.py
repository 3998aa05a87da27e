r"""A derived right side at one place: its brackets decided, the sums that they bound written out.

For ``\frac{\partial J}{\partial s_1}`` nobody wants ``\sum_u [1 \le 2 - u \le n] \, d_{2-u} w_u``
who may have ``d_1 w_1``. The sizes have their values then, as the place has.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod

from derive.equations import Equation, sized
from derive.errors import LimitExceeded
from derive.expr import (
    ONE,
    ZERO,
    Delta,
    Expr,
    Guard,
    Summation,
    add,
    rewrite,
    substitute,
    summation,
    walk,
)
from derive.index import Axis, Index, Size

MOST = 64
"""Terms that are looked at before most of them vanish."""


def at_place(equation: Equation, indices: tuple[Index, ...], sizes: Mapping[Size, int]) -> Expr:
    """The right side at ``indices``, written out where some are numbers and brackets would remain.

    Raises `LimitExceeded` where that is more than `MOST` terms.
    """
    rhs = rewrite(substitute(equation.rhs, dict(zip(equation.axes, indices, strict=True))), decided)
    bound = any(isinstance(n, Guard | Delta) for n in walk(rhs))
    if not bound or all(i.value is None for i in indices):
        return rhs
    here = sized(equation, sizes)
    rhs = rewrite(substitute(here.rhs, dict(zip(here.axes, indices, strict=True))), decided)
    return rewrite(rhs, _written_out)


def decided(node: Expr) -> Expr:
    """A bracket without letters as 0 or 1."""
    value = node.index.value if isinstance(node, Guard | Delta) else None
    if value is None:
        return node
    return ONE if (value >= 0 if isinstance(node, Guard) else value == 0) else ZERO


def _written_out(node: Expr) -> Expr:
    """A sum whose index stands in a bracket, term by term; the other sums around it."""
    if not isinstance(node, Summation):
        return node
    bound = {a for n in walk(node.body) if isinstance(n, Guard | Delta) for a in n.index.axes}
    axes = [a for a in node.axes if a in bound]
    terms = (_term(node.body, axes, values) for values in _values(axes))
    return summation([a for a in node.axes if a not in bound], add(*terms)) if axes else node


def _values(axes: list[Axis]) -> list[tuple[int, ...]]:
    ranges = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in axes]
    count = prod(map(len, ranges))
    if count > MOST:
        raise LimitExceeded(f"{count} terms", expected=f"at most {MOST}")
    return list(product(*ranges))


def _term(body: Expr, axes: list[Axis], values: tuple[int, ...]) -> Expr:
    at = {a: Index.of(v) for a, v in zip(axes, values, strict=True)}
    return rewrite(substitute(body, at), decided)
