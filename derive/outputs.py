"""Derivatives written through the output: ``C (1 - C)``, ``Y_i (delta_ik - Y_k)``.

The right side of an equation that comes back in a derivative is written as the equation's left
side: as a whole, or, where it is a product such as ``exp(z_i) / sum_k exp(z_k)``, factor by factor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from derive.alpha import alpha_key
from derive.equations import Equation
from derive.expr import (
    Access,
    Add,
    Apply,
    Expr,
    Number,
    Product,
    Summation,
    Winner,
    children,
    power,
    product,
    rewrite,
    substitute,
)
from derive.index import Axis, Index


def through_output(slope: Expr, equation: Equation) -> Expr:
    """The slope with the equation's whole right side, where it occurs, as its left side.

    The order of terms and factors does not matter: differentiation changes it.
    """
    if isinstance(equation.rhs, Access | Number):
        return slope
    whole = alpha_key(_in_order(equation.rhs))

    def rule(node: Expr) -> Expr:
        same = type(node) is type(equation.rhs) and alpha_key(_in_order(node)) == whole
        return equation.lhs if same else node

    return rewrite(slope, rule)


def _in_order(expr: Expr) -> Expr:
    """Terms and factors by their texts."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Add):
            return Add(tuple(sorted(node.terms, key=alpha_key)))
        if isinstance(node, Product):
            return Product(tuple(sorted(node.factors, key=alpha_key)))
        return node

    return rewrite(expr, rule)


def through_product(expr: Expr, equation: Equation) -> Expr:
    """``expr`` with every product that contains all factors of the right side written through it.

    Only right sides that are products of at least two factors other than numbers are looked for.
    """
    if not isinstance(equation.rhs, Product):
        return expr
    pattern = list(_single(equation.rhs))
    if len(pattern) < 2 or any(isinstance(f, Number) for f in pattern):
        return expr

    def rule(node: Expr) -> Expr:
        while isinstance(node, Product):
            shorter = _factored(node, pattern, equation)
            if shorter is None:
                break
            node = shorter
        return node

    return rewrite(expr, rule)


def _factored(node: Product, pattern: list[Expr], equation: Equation) -> Expr | None:
    """The product with one occurrence of the pattern replaced, ``None`` where there is none."""
    factors = list(_single(node))
    for factor in factors:
        places = _unify(pattern[0], factor, frozenset(equation.axes))
        if places is None or set(places) != set(equation.axes):
            continue
        wanted = Counter(alpha_key(substitute(p, places)) for p in pattern)
        present = Counter(alpha_key(f) for f in factors)
        if wanted <= present:
            rest = []
            for f in factors:
                key = alpha_key(f)
                if wanted[key] > 0:
                    wanted[key] -= 1
                else:
                    rest.append(f)
            head = Access(equation.tensor, tuple(places[a] for a in equation.axes))
            return _gathered([*rest, head])
    return None


def cancelled(expr: Expr) -> Expr:
    """``expr`` without factors whose reciprocal stands beside them."""

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Product):
            return node
        kept = factors = list(_single(node))
        for factor in factors:
            match factor:
                case Apply("pow", (base, Number(n))) if n == -1:
                    kept = _without_both(kept, factor, base)
        return node if kept is factors else _gathered(kept)

    return rewrite(expr, rule)


def _without_both(factors: list[Expr], reciprocal: Expr, base: Expr) -> list[Expr]:
    """The factors less one of each; as they are where there is no ``base``."""
    keys = [alpha_key(f) for f in factors]
    pair = [keys.index(key) for key in map(alpha_key, (reciprocal, base)) if key in keys]
    if len(pair) < 2:
        return factors
    return [f for place, f in enumerate(factors) if place not in pair]


def _single(node: Product) -> Iterator[Expr]:
    """The factors with whole powers taken apart: ``x^-2`` is ``x^-1`` twice."""
    for factor in node.factors:
        match factor:
            case Apply("pow", (base, Number(n))) if n.denominator == 1 and abs(n) > 1:
                yield from [power(base, 1 if n > 0 else -1)] * abs(int(n))
            case _:
                yield factor


def _gathered(factors: list[Expr]) -> Expr:
    """The product of single factors, equal reciprocals as one power again."""
    count = Counter(alpha_key(f) for f in factors)
    done: set[str] = set()
    result = []
    for factor in factors:
        key = alpha_key(factor)
        match factor:
            case Apply("pow", (base, Number(n))) if n == -1 and count[key] > 1:
                if key not in done:
                    result.append(power(base, Fraction(-count[key])))
                    done.add(key)
            case _:
                result.append(factor)
    return product(*result)


def _unify(pattern: Expr, target: Expr, axes: frozenset[Axis]) -> dict[Axis, Index] | None:
    """What ``axes`` must be for the pattern to be the target; summations and masks do not unify."""
    if type(pattern) is not type(target) or isinstance(pattern, Summation | Winner):
        return None
    if isinstance(pattern, Access) and isinstance(target, Access):
        return _unify_indices(pattern, target, axes)
    if isinstance(pattern, Apply) and pattern.function != getattr(target, "function", None):
        return None
    places: dict[Axis, Index] = {}
    pairs = zip(children(pattern), children(target), strict=False)
    for inner in (_unify(p, t, axes) for p, t in pairs):
        if inner is None or any(places.get(a, i) != i for a, i in inner.items()):
            return None
        places |= inner
    return places


def _unify_indices(
    pattern: Access, target: Access, axes: frozenset[Axis]
) -> dict[Axis, Index] | None:
    if pattern.tensor != target.tensor:
        return None
    places: dict[Axis, Index] = {}
    for index, value in zip(pattern.indices, target.indices, strict=True):
        axis = next((a for a in axes if Index.of(a) == index), None)
        if axis is None or places.get(axis, value) != value:
            return None
        places[axis] = value
    return places
