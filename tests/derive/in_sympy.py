"""Core expressions as SymPy shows them, and SymPy's own derivative of one element: a witness."""

from __future__ import annotations

from functools import cache

import sympy

from derive.expr import (
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    Summation,
    Value,
    rewrite,
)
from derive.index import Axis, Index, Symbol
from derive.lower import Scalar, function_class, lower
from derive.rules import derivative


def slope_by_sympy(expr: Expr, by: Access) -> Expr:
    """What SymPy says is d expr / d by, for ``by`` at axes that occur nowhere in ``expr``."""
    axes = expr.free_axes | {a for index in by.indices for a in index.axes}
    return lower(sympy.diff(raise_(expr), raise_(by)), {symbol(a): Index.of(a) for a in axes})


def without_brackets(expr: Expr) -> Expr:
    """The expression with an array of its own for every bracket, which is as constant."""

    def rule(node: Expr) -> Expr:
        return Access("bracket", (node.index,)) if isinstance(node, Guard) else node

    return rewrite(expr, rule)


@cache
def _function(name: str) -> type[sympy.Function]:
    """The function of `derive.slides`, with the catalogue's derivatives."""

    def fdiff(self: sympy.Function, argindex: int = 1) -> sympy.Expr:
        slots = tuple(Access(f"argument {k}", ()) for k in range(len(self.args)))
        values = {raise_(slot): value for slot, value in zip(slots, self.args, strict=True)}
        return raise_(derivative(name, slots, argindex - 1)).subs(values)

    return type(name, (function_class(name),), {"fdiff": fdiff})


@cache
def symbol(item: Symbol) -> sympy.Symbol:
    """The SymPy symbol of an axis (unique, like the axis) or a size."""
    if isinstance(item, Axis):
        return sympy.Dummy(item.name, integer=True)
    sign = {"positive": True} if item.least > 0 else {"nonnegative": True}
    return sympy.Symbol(item.name, integer=True, **sign)


def raise_index(index: Index) -> sympy.Expr:
    """An index as a SymPy integer expression."""
    return sympy.Add(*(c * sympy.Mul(*(symbol(s) for s in m)) for m, c in index.terms))


def raise_(expr: Expr) -> sympy.Expr:
    """The same expression in SymPy, sums unevaluated; brackets and winners have no counterpart."""
    match expr:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Value(index):
            return raise_index(index)
        case Access(tensor, ()):
            return Scalar(tensor)
        case Access(tensor, indices):
            return sympy.IndexedBase(tensor)[tuple(map(raise_index, indices))]
        case Apply("pow", (base, exponent)):
            return raise_(base) ** raise_(exponent)
        case Apply(function, arguments):
            return _function(function)(*map(raise_, arguments))
        case Product(factors):
            return sympy.Mul(*map(raise_, factors))
        case Add(terms):
            return sympy.Add(*map(raise_, terms))
        case Delta(index):
            return sympy.KroneckerDelta(raise_index(index), 0)
        case Summation(axes, body):
            limits = ((symbol(a), raise_index(a.lo), raise_index(a.hi)) for a in axes)
            return sympy.Sum(raise_(body), *limits)
    raise TypeError(f"no counterpart in SymPy: {expr!r}")
