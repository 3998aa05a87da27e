"""Laws of roots, sums and masks, put in before an expression meets residues.

The interpreter sees values only: `with_roots` gives what it needs a name of its own, because a
power's exponent is lost among residues, and `with_masks` sees through a tensor to its definition.
Both keep the value wherever the expression has one. Exponentials are in `derive.exponents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.equations import Equation
from derive.expr import (
    ONE,
    Access,
    Add,
    Apply,
    Expr,
    Number,
    Product,
    Summation,
    add,
    number,
    power,
    product,
    quotient,
    refresh,
    rewrite,
    substitute,
    summation,
)

Scaled = tuple[Fraction, Expr]
"""A coefficient and a term, or an exponent and a base."""

_LARGEST_FACTORED = 10**6
_RECTIFIED = {"relu", "leaky_relu"}


def root(base: Expr, exponent: Fraction) -> Expr:
    """``base^exponent`` for a broken exponent, which becomes part of the function's name."""
    return Apply(f"^{exponent}", (base,))


def exponent_of(function: str) -> Fraction | None:
    """The exponent of a `root`, ``None`` for any other function."""
    return Fraction(function[1:]) if function.startswith("^") else None


def with_roots(expr: Expr) -> Expr:
    """Roots and broken powers by name, ``x^(n + 2) = x^n x^2``, only natural logarithms."""

    def rule(node: Expr) -> Expr:
        match node:
            case Apply("sqrt", (base,)):
                return root(base, Fraction(1, 2))
            case Apply("pow", (base, Number(exponent))) if exponent.denominator > 1:
                return root(base, exponent)
            case Apply("pow", (Apply(function, (base,)), Number(exponent))) if (
                inner := exponent_of(function)
            ) is not None:
                return broken_power(base, inner * exponent)
            case Apply("pow", (base, exponent)) if not isinstance(exponent, Number):
                return product(*(_symbolic_power(base, *part) for part in linear(exponent, {})))
            case Apply("log10", (argument,)):
                return quotient(*(with_roots(Apply("log", (x,))) for x in (argument, number(10))))
            case Apply("log", (Number(value),)) if value > 0:
                return add(*(times(n, Apply("log", (p,))) for n, p in primes(value)))
        return node

    return rewrite(expr, rule)


def with_masks(expr: Expr, definitions: Mapping[str, Equation]) -> Expr:
    """``step(relu(x)) = step(x)``, also where ``relu(x)`` is a tensor's definition."""

    def rule(node: Expr) -> Expr:
        match node:
            case Apply("step", (Access(tensor) as access,)) if tensor in definitions:
                inner = unfolded(access, definitions[tensor])
                return rule(Apply("step", (inner,))) if _is_rectified(inner) else node
            case Apply("step", (Apply(function, (inner,)),)) if function in _RECTIFIED:
                return rule(Apply("step", (inner,)))
        return node

    return rewrite(expr, rule)


def _is_rectified(expr: Expr) -> bool:
    return isinstance(expr, Apply) and expr.function in _RECTIFIED


def linear(expr: Expr, definitions: Mapping[str, Equation]) -> list[Scaled]:
    """``expr`` as a sum of coefficients times terms, one level of brackets opened after the other.

    A term that is a tensor whose definition is a sum is replaced by it.
    """
    match expr:
        case Number(value):
            return [(value, ONE)] if value else []
        case Add(terms):
            return [part for term in terms for part in linear(term, definitions)]
        case Product(factors):
            return _linear_product(factors, definitions)
        case Summation(axes, body):
            return [(c, summation(axes, t)) for c, t in linear(body, definitions)]
        case Access(tensor) if tensor in definitions and _is_sum(definitions[tensor].rhs):
            return linear(unfolded(expr, definitions[tensor]), definitions)
    return [(Fraction(1), expr)]


def _linear_product(factors: tuple[Expr, ...], definitions: Mapping[str, Equation]) -> list[Scaled]:
    scale = Fraction(1)
    for factor in factors:
        if isinstance(factor, Number):
            scale *= factor.value
    rest = [f for f in factors if not isinstance(f, Number)]
    if len(rest) == 1:
        return [(scale * c, t) for c, t in linear(rest[0], definitions)]
    opened = next((k for k, f in enumerate(rest) if isinstance(f, Add)), None)
    if opened is None:
        return [(scale, product(*rest))]
    around = (rest[:opened], rest[opened + 1 :])
    parts = linear(rest[opened], definitions)
    return [(scale * c, product(*around[0], t, *around[1])) for c, t in parts]


def _is_sum(expr: Expr) -> bool:
    """Whether a definition is worth being put into an exponent."""
    match expr:
        case Add() | Access() | Apply("log" | "softplus"):
            return True
        case Product(factors):
            return sum(not isinstance(f, Number) for f in factors) == 1
    return False


def unfolded(access: Access, equation: Equation) -> Expr:
    places = dict(zip(equation.axes, access.indices, strict=True))
    return refresh(substitute(equation.rhs, places))


def _symbolic_power(base: Expr, coefficient: Fraction, exponent: Expr) -> Expr:
    """``base^(coefficient * exponent)``."""
    if exponent == ONE:
        return broken_power(base, coefficient)
    if coefficient.denominator > 1:
        return Apply("pow", (base, times(coefficient, exponent)))
    return power(Apply("pow", (base, exponent)), coefficient)


def broken_power(base: Expr, exponent: Fraction) -> Expr:
    return power(base, exponent) if exponent.denominator == 1 else root(base, exponent)


def times(scale: Fraction, expr: Expr) -> Expr:
    return product(Number(scale), expr)


def primes(value: Fraction) -> list[Scaled]:
    """The prime factors with their exponents; a large rest stays as it is."""
    found: list[Scaled] = []
    for sign, whole in ((1, value.numerator), (-1, value.denominator)):
        prime = 2
        while whole > 1:
            if prime * prime > whole or prime * prime > _LARGEST_FACTORED:
                prime = whole
            count = 0
            while whole % prime == 0:
                whole, count = whole // prime, count + 1
            if count:
                found.append((Fraction(sign * count), number(prime)))
            prime += 1
    return found
