"""Sums, products and powers in which what is equal is gathered.

    x + 2 x = 3 x,    x x^2 = x^3,    (a b)^2 = a^2 b^2,    2 (a + b) = 2 a + 2 b

(the last where nothing else is multiplied). Differentiation alone would say ``x dx + x dx``. What
is gathered must *be* equal, bound axes included, so sums that say the same need the same axes
(`derive.element` sees to it). Away from poles each rule holds for all values; they are those of
SymPy's automatic evaluation (``Add.flatten``, ``Mul.flatten``, ``Pow.__new__``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from derive.arrangement import arranged
from derive.expr import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Expr,
    Number,
    Product,
    Value,
    add,
    number,
    power,
    product,
    rewrite,
)
from derive.index import Index


def gathered(expr: Expr) -> Expr:
    """The expression with every sum, product and power made by the constructors below.

    Deltas are written as ``[0 - index]``, polynomials in the sizes as sums and products.
    """
    return rewrite(expr, _gathered)


def _gathered(node: Expr) -> Expr:
    match node:
        case Product(factors):
            return times(*factors)
        case Add(terms):
            return plus(*terms)
        case Apply("pow", (base, exponent)):
            return raised(base, exponent)
        case Value(index):
            return _opened(index)
        case Delta(index):
            return Delta(-index)
    return node


def _opened(index: Index) -> Expr:
    monomials = ([number(n), *(Value(Index.of(s)) for s in symbols)] for symbols, n in index.terms)
    return plus(*(times(*factors) for factors in monomials))


def times(*factors: Expr) -> Expr:
    """The product, with equal bases as one power; a number alone before a sum goes into it."""
    scale = Fraction(1)
    exponents: dict[Expr, Expr] = {}
    for factor in _factors(factors):
        if isinstance(factor, Number):
            scale *= factor.value
            continue
        base, exponent = _as_power(factor)
        exponents[base] = plus(exponents[base], exponent) if base in exponents else exponent
    if not scale:
        return ZERO
    powers = [raised(base, exponent) for base, exponent in exponents.items()]
    if any(isinstance(p, Product | Number) for p in powers):
        return times(Number(scale), *powers)
    if scale != 1 and len(powers) == 1 and isinstance(powers[0], Add):
        return plus(*(times(Number(scale), term) for term in powers[0].terms))
    return product(Number(scale), *sorted(powers, key=arranged))


def plus(*terms: Expr) -> Expr:
    """The sum, with equal terms as one."""
    constant = Fraction(0)
    counts: dict[Expr, Fraction] = {}
    for term in _terms(terms):
        if isinstance(term, Number):
            constant += term.value
            continue
        scale, rest = _scaled(term)
        counts[rest] = counts.get(rest, Fraction(0)) + scale
    kept = [product(Number(n), rest) for rest, n in counts.items() if n]
    return add(Number(constant), *sorted(kept, key=arranged))


def raised(base: Expr, exponent: Expr) -> Expr:
    """The power; a whole one of a product or of a power is taken of what is inside."""
    if exponent == ZERO:
        return ONE
    if isinstance(exponent, Number) and exponent.value.denominator == 1:
        match base:
            case Product(factors):
                return times(*(raised(factor, exponent) for factor in factors))
            case Apply("pow", (inner, first)):
                return raised(inner, times(first, exponent))
    return power(base, exponent)


def _factors(factors: Iterable[Expr]) -> Iterator[Expr]:
    for factor in factors:
        yield from factor.factors if isinstance(factor, Product) else (factor,)


def _terms(terms: Iterable[Expr]) -> Iterator[Expr]:
    for term in terms:
        yield from term.terms if isinstance(term, Add) else (term,)


def _as_power(factor: Expr) -> tuple[Expr, Expr]:
    match factor:
        case Apply("pow", (base, exponent)):
            return base, exponent
    return factor, ONE


def _scaled(term: Expr) -> tuple[Fraction, Expr]:
    """The number before a term, and the term without it."""
    match term:
        case Product((Number(scale), *rest)):
            return scale, product(*rest)
    return Fraction(1), term
