"""SymPy's derivative of one element, asked directly: a witness of the answers by form."""

from __future__ import annotations

import sympy

from derive.expr import Access, Expr, Guard, rewrite
from derive.index import Index
from derive.lower import lower, raise_, symbol


def slope_by_sympy(expr: Expr, by: Access) -> Expr:
    """What SymPy says is d expr / d by, for ``by`` at axes that occur nowhere in ``expr``."""
    axes = expr.free_axes | {a for index in by.indices for a in index.axes}
    return lower(sympy.diff(raise_(expr), raise_(by)), {symbol(a): Index.of(a) for a in axes})


def without_brackets(expr: Expr) -> Expr:
    """The expression with an array of its own for every bracket, which is as constant."""

    def rule(node: Expr) -> Expr:
        return Access("bracket", (node.index,)) if isinstance(node, Guard) else node

    return rewrite(expr, rule)
