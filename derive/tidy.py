"""The order of factors and terms in which a derivation is read."""

from __future__ import annotations

from derive.expr import (
    ONE,
    Access,
    Add,
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    add,
    product,
    rewrite,
)


def tidy(expr: Expr) -> Expr:
    """Order factors and terms for reading: numbers, brackets, adjoints, then the rest by name."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Product):
            return product(*sorted(node.factors, key=_factor_rank))
        if isinstance(node, Add):
            return add(*sorted(node.terms, key=_term_rank))
        return node

    return rewrite(expr, rule)


def _factor_rank(factor: Expr) -> tuple[int, str]:
    if isinstance(factor, Number):
        return 0, ""
    if isinstance(factor, Delta | Guard):
        return 1, ""
    if isinstance(factor, Access):
        return (2 if factor.tensor.startswith("∂") else 3), factor.tensor
    return 4, ""


def _term_rank(term: Expr) -> int:
    """Terms with a negative number in front come last."""
    first = term.factors[0] if isinstance(term, Product) else ONE
    return int(isinstance(first, Number) and first.value < 0)
