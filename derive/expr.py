"""The core language: a closed set of frozen nodes and the few traversals that passes need.

    expr ::= Number(q)                      an exact rational
           | Value(index)                   an index or a size used as a number
           | Access(tensor, indices)        an element of a tensor
           | Apply(function, arguments)     an elementwise function of `derive.rules`
           | Product(factors) | Add(terms)
           | Summation(axes, body)
           | Delta(index)                   1 where index = 0, else 0   (Kronecker)
           | Guard(index)                   1 where index >= 0, else 0  (Iverson bracket)
           | Winner(axes, at, body, tie)    1 where body is greatest over axes at axes = at, else 0

A product whose Delta or Guard is 0 *is* 0: its other factors are then not read, so a guard may
stand before an access that would be out of range. Every bound axis is a unique object;
`derive.check` says what is well formed. Nothing here knows LaTeX, SymPy or NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import prod
from operator import attrgetter, is_
from typing import Any

from derive.errors import LimitExceeded
from derive.index import Axis, Index


@dataclass(frozen=True)
class Expr:
    """Base of the closed set of nodes; `free_axes` is cached on each node."""

    @cached_property
    def free_axes(self) -> frozenset[Axis]:
        """Axes that occur and are not bound by a summation inside."""
        inner: frozenset[Axis] = frozenset().union(
            *[c.free_axes for c in children(self)], *[index.axes for index in indices_of(self)]
        )
        if isinstance(self, Summation):
            return inner - frozenset(self.axes)
        if isinstance(self, Winner):
            return (self.body.free_axes - frozenset(self.axes)).union(*(i.axes for i in self.at))
        return inner


@dataclass(frozen=True)
class Number(Expr):
    value: Fraction


@dataclass(frozen=True)
class Value(Expr):
    index: Index


@dataclass(frozen=True)
class Access(Expr):
    tensor: str
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Apply(Expr):
    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Product(Expr):
    factors: tuple[Expr, ...]


@dataclass(frozen=True)
class Add(Expr):
    terms: tuple[Expr, ...]


@dataclass(frozen=True)
class Summation(Expr):
    axes: tuple[Axis, ...]
    body: Expr


@dataclass(frozen=True)
class Delta(Expr):
    index: Index


@dataclass(frozen=True)
class Guard(Expr):
    index: Index


TIES = ("first", "split", "all")
"""Who wins a tie: the first in the order of the axes, everybody with an equal share, everybody."""


@dataclass(frozen=True)
class Winner(Expr):
    """The one-hot mask of a maximum, constant under differentiation (away from ties).

    1 where ``body`` with ``axes`` put at ``at`` is the greatest over all values of ``axes``, else
    0; ``tie`` is one of `TIES`. ``max f = sum over axes of Winner * f`` (`derive.maximum`).
    """

    axes: tuple[Axis, ...]
    at: tuple[Index, ...]
    body: Expr
    tie: str = "first"


ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))


def number(value: int | Fraction | str) -> Number:
    """An exact rational; decimal text such as ``"0.5470"`` stays exact."""
    return Number(Fraction(value))


def product(*factors: Expr) -> Expr:
    """A product with nested products flattened, numbers multiplied together and put first.

    Raises `LimitExceeded` where that number has more than `LARGEST_NUMBER` binary digits.
    """
    flat: list[Expr] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    rest = [item for item in flat if not isinstance(item, Number)]
    scale = prod(item.value for item in flat if isinstance(item, Number))
    if scale == 0:
        return ZERO
    if _digits(scale) > LARGEST_NUMBER:
        raise LimitExceeded(f"a constant with {_digits(scale)} binary digits")
    if scale != 1 or not rest:
        rest.insert(0, Number(Fraction(scale)))
    return rest[0] if len(rest) == 1 else Product(tuple(rest))


def add(*terms: Expr) -> Expr:
    """A sum of terms with nested sums flattened and zeros dropped."""
    flat: list[Expr] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    flat = [t for t in flat if t != ZERO]
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def negative(expr: Expr) -> Expr:
    """``-expr``."""
    return product(MINUS_ONE, expr)


def power(base: Expr, exponent: int | Fraction | Expr) -> Expr:
    """``base ** exponent``; a whole power of a number is a number."""
    if not isinstance(exponent, Expr):
        exponent = Number(Fraction(exponent))
    if exponent == ONE:
        return base
    if isinstance(base, Number) and isinstance(exponent, Number):
        whole = exponent.value.denominator == 1
        small = _digits(base.value) * abs(exponent.value) <= MOST_DIGITS
        if whole and small and (base.value or exponent.value > 0):
            return Number(base.value ** int(exponent.value))
    return Apply("pow", (base, exponent))


MOST_DIGITS = 2**12
"""A power of a number with more binary digits stays a power."""
LARGEST_NUMBER = 2**13
"""Most binary digits of a constant: it can still be shown."""


def _digits(value: Fraction | int) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def quotient(top: Expr, bottom: Expr) -> Expr:
    """``top / bottom``; exact where the bottom is a number other than zero."""
    if isinstance(bottom, Number) and bottom.value:
        return product(Number(1 / bottom.value), top)
    return product(top, power(bottom, -1))


def summation(axes: Iterable[Axis], body: Expr) -> Expr:
    """A summation, merged with the one directly inside it; no axes, no node."""
    axes = tuple(axes)
    if not axes:
        return body
    if isinstance(body, Summation):
        return Summation(axes + body.axes, body.body)
    return Summation(axes, body)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Sub-expressions in order."""
    return _CHILDREN[type(expr)](expr)


def indices_of(expr: Expr) -> tuple[Index, ...]:
    """The indices that this node itself carries."""
    return _INDICES[type(expr)](expr)


_CHILDREN: Mapping[type[Expr], Callable[[Any], tuple[Expr, ...]]] = {
    **dict.fromkeys((Number, Value, Access, Delta, Guard), lambda _: ()),
    **dict.fromkeys((Summation, Winner), lambda e: (e.body,)),
    Product: attrgetter("factors"),
    Add: attrgetter("terms"),
    Apply: attrgetter("arguments"),
}
_INDICES: Mapping[type[Expr], Callable[[Any], tuple[Index, ...]]] = {
    **dict.fromkeys((Number, Product, Add, Apply, Summation), lambda _: ()),
    **dict.fromkeys((Value, Delta, Guard), lambda e: (e.index,)),
    Access: attrgetter("indices"),
    Winner: attrgetter("at"),
}


def rebuild(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same node over other sub-expressions (flattening and folding as the constructors do)."""
    if isinstance(expr, Product):
        return product(*parts)
    if isinstance(expr, Add):
        return add(*parts)
    if isinstance(expr, Apply):
        return power(*parts) if expr.function == "pow" else Apply(expr.function, parts)
    if isinstance(expr, Summation):
        return ZERO if parts[0] == ZERO else Summation(expr.axes, parts[0])
    if isinstance(expr, Winner):
        return Winner(expr.axes, expr.at, parts[0], expr.tie)
    return expr


def rewrite(expr: Expr, rule: Callable[[Expr], Expr]) -> Expr:
    """Apply ``rule`` to every node, leaves first."""
    parts = children(expr)
    if parts:
        mended = tuple([rewrite(part, rule) for part in parts])
        if not all(map(is_, mended, parts)):
            expr = rebuild(expr, mended)
    return rule(expr)


def walk(expr: Expr) -> Iterator[Expr]:
    """Every node, root first."""
    pending = [expr]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(children(node))


def accesses(expr: Expr) -> list[Access]:
    """Every access, in order of occurrence."""
    return [node for node in walk(expr) if isinstance(node, Access)]


def substitute(expr: Expr, mapping: Mapping[Any, Index]) -> Expr:
    """Replace axes (or sizes) in every index.

    Ranges of bound axes are *not* touched; see `derive.resize`.
    """
    if not mapping:
        return expr

    def rule(node: Expr) -> Expr:
        indices = indices_of(node)
        new = tuple([i.substitute(mapping) for i in indices])
        if all(map(is_, new, indices)):
            return node
        if isinstance(node, Access):
            return Access(node.tensor, new)
        if isinstance(node, Value):
            return Value(new[0]) if new[0].value is None else number(new[0].value)
        if isinstance(node, Delta | Guard):
            return type(node)(new[0])
        assert isinstance(node, Winner)
        return Winner(node.axes, new, node.body, node.tie)

    return rewrite(expr, rule)


def refresh(expr: Expr) -> Expr:
    """The same expression with every bound axis replaced by a fresh one."""
    if isinstance(expr, Summation | Winner):
        axes = tuple([a.like() for a in expr.axes])
        new = map(Index.of, axes)
        body = substitute(refresh(expr.body), dict(zip(expr.axes, new, strict=True)))
        return replace(expr, axes=axes, body=body)
    parts = children(expr)
    fresh = tuple([refresh(part) for part in parts])
    return expr if all(map(is_, fresh, parts)) else rebuild(expr, fresh)
