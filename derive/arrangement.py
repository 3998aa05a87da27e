"""The order of factors and terms after differentiation: by kind, then by what is inside.

Numbers, sizes, powers, products, sums; then brackets, axes, elements, deltas, masks, tensors
without axes, summations, and functions by name. How an author wrote them does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum, auto
from fractions import Fraction
from functools import lru_cache
from typing import Any

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
    Winner,
)
from derive.index import Axis, Index, Symbol

Key = tuple[Any, ...]
"""``(kind, name, number of parts, *parts)``: keys of one kind have one layout, so they compare."""


class _Kind(IntEnum):
    ZERO = auto()
    ONE = auto()
    HALF = auto()
    MINUS_ONE = auto()
    WHOLE = auto()
    FRACTION = auto()
    SIZE = auto()
    POWER = auto()
    PRODUCT = auto()
    SUM = auto()
    BRACKET = auto()
    AXIS = auto()
    ELEMENT = auto()
    DELTA = auto()
    MASK = auto()
    SCALAR = auto()
    SUMMATION = auto()
    FUNCTION = auto()


_SPECIAL = {
    Fraction(0): _Kind.ZERO,
    Fraction(1): _Kind.ONE,
    Fraction(1, 2): _Kind.HALF,
    Fraction(-1): _Kind.MINUS_ONE,
}


def arranged(expr: Expr) -> Key:
    """What factors and terms are sorted by."""
    return _KEYS[type(expr)](expr)


def _key(kind: _Kind, *parts: Key, name: str = "") -> Key:
    return (kind, name, len(parts), *parts)


def _number(value: Fraction) -> Key:
    kind = _SPECIAL.get(value) or (_Kind.WHOLE if value.denominator == 1 else _Kind.FRACTION)
    return kind, "", 0, value


def _symbol(symbol: Symbol) -> Key:
    if isinstance(symbol, Axis):
        return _Kind.AXIS, symbol.name, 0, symbol.uid
    return _Kind.SIZE, symbol.name, 0


@lru_cache(maxsize=2**14)
def _index(index: Index) -> Key:
    """An index as the sum of products of powers that it is."""
    terms = sorted(_monomial(symbols, n) for symbols, n in index.terms if symbols)
    constant = index.terms[-1] if index.terms else ((), 0)
    if not constant[0]:
        terms[:0] = [_number(Fraction(constant[1]))]
    return terms[0] if len(terms) == 1 else _key(_Kind.SUM, *terms)


def _monomial(symbols: tuple[Symbol, ...], coefficient: int) -> Key:
    factors = sorted(_raised(symbol, symbols.count(symbol)) for symbol in set(symbols))
    if coefficient != 1:
        factors[:0] = [_number(Fraction(coefficient))]
    return factors[0] if len(factors) == 1 else _key(_Kind.PRODUCT, *factors)


def _raised(symbol: Symbol, exponent: int) -> Key:
    key = _symbol(symbol)
    return key if exponent == 1 else _key(_Kind.POWER, key, _number(Fraction(exponent)))


def _access(node: Access) -> Key:
    kind = _Kind.ELEMENT if node.indices else _Kind.SCALAR
    count = len(node.indices)  # before the name: an array read at fewer indices comes first
    return kind, "", count, node.tensor, *map(_index, node.indices)


def _apply(node: Apply) -> Key:
    parts = map(arranged, node.arguments)
    if node.function == "pow":
        return _key(_Kind.POWER, *parts)
    return _key(_Kind.FUNCTION, *parts, name=node.function)


def _summation(node: Summation) -> Key:
    limits = ((_symbol(a), _index(a.lo), _index(a.hi)) for a in node.axes)
    return _key(_Kind.SUMMATION, arranged(node.body), *limits)


_KEYS: Mapping[type[Expr], Callable[[Any], Key]] = {
    Number: lambda node: _number(node.value),
    Value: lambda node: _index(node.index),
    Access: _access,
    Apply: _apply,
    Product: lambda node: _key(_Kind.PRODUCT, *map(arranged, node.factors)),
    Add: lambda node: _key(_Kind.SUM, *map(arranged, node.terms)),
    Summation: _summation,
    # Deltas stay as they come: `derive.element` puts them in order.
    Delta: lambda _: _key(_Kind.DELTA),
    Guard: lambda node: _key(_Kind.BRACKET, _index(node.index)),
    Winner: lambda node: _key(_Kind.MASK, *map(_index, node.at), arranged(node.body)),
}
