r"""The first adjoints above the loss with what they read put in: ``Y_k \sum_j t_j - t_k``.

Where an adjoint reads one other, and that one reads none, the two together are what a textbook
shows: behind softmax and cross-entropy every quotient cancels.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.equations import Equation, Model, adjoint_of
from derive.expr import Access, Expr, Number, accesses, refresh, rewrite, substitute
from derive.latex import latex
from derive.outputs import cancelled
from derive.steps import Compact, Derivation
from derive.tidy import tidy

OPERATORS = ("what it reads put in",)


def put_in(model: Model, equation: Equation, known: Mapping[str, Derivation]) -> Compact | None:
    """The equation of an adjoint with the one adjoint that it reads put in.

    ``None`` where it reads none or several, or one that itself reads another that is no number.
    """
    expr = with_known(equation, known)
    if expr is None:
        return None
    return Compact(f"{latex(equation.lhs, model)} = {latex(expr, model)}", OPERATORS)


def with_known(equation: Equation, known: Mapping[str, Derivation]) -> Expr | None:
    """The right side with the adjoint put in and quotients cancelled."""
    read = _adjoints(equation.rhs)
    if len(read) != 1:
        return None
    (name,) = read
    if name not in known:
        return None
    first = known[name].equation
    numbers = [known[n].equation for n in _adjoints(first.rhs) if n in known]
    closed = first.rhs
    for constant in (n for n in numbers if isinstance(n.rhs, Number)):
        closed = _with(closed, constant, constant.rhs)
    if _adjoints(closed):
        return None
    return tidy(cancelled(_with(equation.rhs, first, closed)))


def _with(expr: Expr, equation: Equation, rhs: Expr) -> Expr:
    """``expr`` with ``rhs`` for the left side of the equation, wherever that is read."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor == equation.tensor:
            return refresh(substitute(rhs, dict(zip(equation.axes, node.indices, strict=True))))
        return node

    return rewrite(expr, rule)


def _adjoints(expr: Expr) -> set[str]:
    """The tensors whose adjoints are read."""
    return {name for a in accesses(expr) if (name := adjoint_of(a.tensor)) is not None}
