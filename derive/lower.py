"""Between the core and SymPy: `raise_` shows an expression as SymPy, `lower` reads one back.

SymPy is the language of the slide-level equations and the one that differentiates a single element
(`derive.element`). It never evaluates a sum or a delta here: those belong to `derive.collapse`,
since SymPy sums a Kronecker delta over an index of coefficient two without asking for divisibility.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import sympy

from derive.errors import IllFormed
from derive.expr import (
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Number,
    Product,
    Summation,
    Value,
    add,
    power,
    product,
    summation,
)
from derive.index import Axis, Index, Size, Symbol
from derive.rules import derivative


@cache
def function_class(name: str) -> type[sympy.Function]:
    """The SymPy function for a catalogue or generic name; it differentiates by `derive.rules`."""

    def fdiff(self: sympy.Function, argindex: int = 1) -> sympy.Expr:
        slots = tuple(Access(f"argument {k}", ()) for k in range(len(self.args)))
        slope = raise_(derivative(name, slots, argindex - 1))
        return slope.subs(
            {raise_(slot): value for slot, value in zip(slots, self.args, strict=True)}
        )

    return type(name, (sympy.Function,), {"fdiff": fdiff, "core_name": name})


class Scalar(sympy.Symbol):  # type: ignore[misc]  # SymPy has no types
    """A tensor without axes, told apart from a size."""


@cache
def symbol(item: Symbol) -> sympy.Symbol:
    """The SymPy symbol of an axis (unique, like the axis) or a size."""
    if isinstance(item, Axis):
        return sympy.Dummy(item.name, integer=True)
    if item.least > 0:
        return sympy.Symbol(item.name, integer=True, positive=True)
    return sympy.Symbol(item.name, integer=True, nonnegative=True)


def size(name: sympy.Symbol) -> Size:
    """The size that a free SymPy symbol stands for: at least 1 unless it is only nonnegative."""
    return Size(name.name, 0 if name.is_nonnegative and not name.is_positive else 1)


def raise_index(index: Index) -> sympy.Expr:
    """An index as a SymPy integer expression."""
    return sympy.Add(*(c * sympy.Mul(*(symbol(s) for s in m)) for m, c in index.terms))


def element(tensor: str, indices: tuple[Index, ...]) -> sympy.Expr:
    """An element as ``Indexed``; the only element of a rank-0 tensor as a `Scalar`."""
    if not indices:
        return Scalar(tensor)
    return sympy.IndexedBase(tensor)[tuple(raise_index(i) for i in indices)]


def raise_(expr: Expr) -> sympy.Expr:
    """The same expression in SymPy, sums unevaluated; for brackets and masks see `derive.form`."""
    match expr:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Value(index):
            return raise_index(index)
        case Access(tensor, indices):
            return element(tensor, indices)
        case Apply("pow", (base, exponent)):
            return raise_(base) ** raise_(exponent)
        case Apply(function, arguments):
            return function_class(function)(*(raise_(a) for a in arguments))
        case Product(factors):
            return sympy.Mul(*(raise_(f) for f in factors))
        case Add(terms):
            return sympy.Add(*(raise_(t) for t in terms))
        case Delta(index):
            return sympy.KroneckerDelta(raise_index(index), 0)
        case Summation(axes, body):
            limits = ((symbol(a), raise_index(a.lo), raise_index(a.hi)) for a in axes)
            return sympy.Sum(raise_(body), *limits)
    raise TypeError(f"no counterpart in SymPy: {expr!r}")


Scope = Mapping[sympy.Symbol, Index]


def lower_index(expr: sympy.Expr, scope: Scope) -> Index:
    """A SymPy integer expression as an index; symbols not in ``scope`` are sizes.

    Raises `IllFormed` for anything that is not an integer polynomial affine in the running indices.
    """
    if isinstance(expr, sympy.Integer):
        return Index.of(int(expr))
    if isinstance(expr, sympy.Symbol):
        return scope[expr] if expr in scope else Index.of(size(expr))
    if isinstance(expr, sympy.Add):
        return sum((lower_index(a, scope) for a in expr.args), Index.of(0))
    if isinstance(expr, sympy.Mul):
        return _lower_index_product(expr, expr.args, scope)
    if isinstance(expr, sympy.Pow) and isinstance(expr.exp, sympy.Integer) and expr.exp > 0:
        return _lower_index_product(expr, (expr.base,) * int(expr.exp), scope)
    raise IllFormed(
        f"index {expr} is not an integer polynomial",
        expected="sums and products of integers, sizes and running indices",
    )


def _lower_index_product(expr: sympy.Expr, factors: tuple[sympy.Expr, ...], scope: Scope) -> Index:
    result = Index.of(1)
    for factor in (lower_index(f, scope) for f in factors):
        if result.axes and factor.axes:
            raise IllFormed(
                f"index {expr} multiplies running indices",
                expected="an index affine in the running indices",
            )
        result = result * factor
    return result


def lower_bound(expr: sympy.Expr, scope: Scope) -> Index:
    """A bound of a range as an index. Raises `IllFormed` where it runs with another index."""
    bound = lower_index(expr, scope)
    if bound.axes:
        raise IllFormed(
            f"the bound {expr} of a range depends on a running index",
            expected="a polynomial in the sizes",
        )
    return bound


_NAMED: dict[type[sympy.Basic], str] = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.tanh: "tanh",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.Abs: "abs",
    sympy.sign: "sign",
}


def lower(expr: sympy.Expr, scope: Scope) -> Expr:
    """A SymPy expression as core; ``scope`` gives the index that each free symbol stands for.

    Symbols outside the scope are sizes. Every ``Sum`` gets fresh axes. Raises `IllFormed` where a
    node has no counterpart (``Piecewise``, ``Max`` …), naming it.
    """
    if isinstance(expr, sympy.Rational):
        return Number(Fraction(int(expr.p), int(expr.q)))
    if isinstance(expr, Scalar):
        return Access(expr.name, ())
    if isinstance(expr, sympy.Symbol):
        return Value(lower_index(expr, scope))
    if isinstance(expr, sympy.Indexed):
        return Access(expr.base.label.name, tuple(lower_index(i, scope) for i in expr.indices))
    if isinstance(expr, sympy.Add):
        return add(*(lower(a, scope) for a in expr.args))
    if isinstance(expr, sympy.Mul):
        return product(*(lower(a, scope) for a in expr.args))
    if isinstance(expr, sympy.Pow):
        return power(lower(expr.base, scope), lower(expr.exp, scope))
    if isinstance(expr, sympy.KroneckerDelta):
        return Delta(lower_index(expr.args[0] - expr.args[1], scope))
    if isinstance(expr, sympy.Sum):
        return _lower_sum(expr, scope)
    return _lower_function(expr, scope)


def _lower_sum(expr: sympy.Sum, scope: Scope) -> Expr:
    inner, axes = dict(scope), []
    # SymPy lists the innermost summation first; an axis keeps its place.
    for limit in expr.limits:
        if len(limit) != 3:
            raise IllFormed(
                f"the sum over {limit[0]} has no bounds", expected="Sum(f, (i, lo, hi))"
            )
        name, lo, hi = limit
        fresh = Axis(name.name, lower_bound(lo, scope), lower_bound(hi, scope))
        inner[name] = Index.of(fresh)
        axes.append(fresh)
    return summation(axes, lower(expr.function, inner))


def _lower_function(expr: sympy.Expr, scope: Scope) -> Expr:
    name = getattr(expr, "core_name", None) or _NAMED.get(type(expr))
    if name is None and isinstance(expr, sympy.core.function.AppliedUndef):
        name = expr.func.__name__
    if name is None:
        raise IllFormed(
            f"{type(expr).__name__} has no meaning in a model: {expr}",
            expected="sums, products, powers and functions of the catalogue",
            advice="write numbers as Rational and functions as those of derive.rules",
        )
    return Apply(name, tuple(lower(a, scope) for a in expr.args))
