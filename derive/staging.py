"""Stages: one array operation an equation, so that backward meets each intermediate once.

``C[i] = f(sum_u A[i+u] k[u] + b)`` becomes ``z_C[i] = sum_u A[i+u] k[u] + b`` and
``C[i] = f(z_C[i])``: every argument of a function (powers included) that contains a summation gets
a tensor of its own. The adjoint of ``z_C`` is then computed once, not inside each gradient that
uses it.
"""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Equation, Model, Notation, Tensor
from derive.expr import Access, Apply, Expr, Summation, children, rebuild, substitute, walk
from derive.index import Axis, Index


def staged(model: Model) -> Model:
    """The same model with the summations inside functions as equations of their own."""
    tensors = dict(model.tensors)
    equations: list[Equation] = []
    for equation in model.equations:
        hoist = _Hoist(equation, tensors)
        rhs = hoist.visit(equation.rhs, equation.axes)
        equations += [*hoist.equations, replace(equation, rhs=rhs)]
    return replace(model, tensors=tensors, equations=tuple(equations))


class _Hoist:
    """Collects the new equations of one equation, innermost first."""

    def __init__(self, equation: Equation, tensors: dict[str, Tensor]) -> None:
        self.name = equation.tensor
        self.tensors = tensors
        self.equations: list[Equation] = []

    def visit(self, expr: Expr, scope: tuple[Axis, ...]) -> Expr:
        """``expr`` with hoisted parts read from their tensors; ``scope`` are the axes around it."""
        inside = (*scope, *expr.axes) if isinstance(expr, Summation) else scope
        parts = tuple(self.visit(part, inside) for part in children(expr))
        if isinstance(expr, Apply):
            parts = tuple(self._hoisted(p, scope) if _has_summation(p) else p for p in parts)
        return rebuild(expr, parts) if parts else expr

    def _hoisted(self, expr: Expr, scope: tuple[Axis, ...]) -> Access:
        axes = tuple(a for a in scope if a in expr.free_axes)
        fresh = tuple(a.like() for a in axes)
        renamed = substitute(expr, dict(zip(axes, map(Index.of, fresh), strict=True)))
        name = self._fresh_name()
        ranges = tuple((a.lo, a.hi) for a in axes)
        notation = Notation(name, args=tuple(range(len(axes))))
        self.tensors[name] = Tensor(name, ranges, notation)
        self.equations.append(Equation(name, fresh, renamed))
        return Access(name, tuple(Index.of(a) for a in axes))

    def _fresh_name(self) -> str:
        candidates = (f"z{n}_{self.name}" for n in ("", *range(2, len(self.tensors) + 3)))
        return next(name for name in candidates if name not in self.tensors)


def _has_summation(expr: Expr) -> bool:
    return any(isinstance(node, Summation) for node in walk(expr))
