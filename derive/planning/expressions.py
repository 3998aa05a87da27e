"""From an expression in index notation to arrays: one small function for each kind of node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod

from derive.equations import Range
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
    product,
    summation,
)
from derive.index import Axis, Index
from derive.planning.arrays import Array, Extent, Literal, Map, Ramp
from derive.planning.book import Book
from derive.planning.contraction import contract
from derive.planning.cost import NOMINAL
from derive.planning.labelled import Labelled, mapped, summed
from derive.planning.views import view

ZERO, ONE = Literal(Fraction(0)), Literal(Fraction(1))


@dataclass(frozen=True)
class Reader:
    """What expressions read: the ranges of the tensors, the arrays that hold them, and the book."""

    ranges: Mapping[str, Sequence[Range]]
    arrays: Mapping[str, Array]
    book: Book


def scalar(array: Array) -> Labelled:
    """An array without axes."""
    return Labelled(array, ())


def compiled(expr: Expr, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    """``expr`` as an array over those of its free axes that it really depends on.

    ``order`` lists the free axes as the dimensions of the result should follow each other.
    """
    match expr:
        case Number():
            return scalar(Literal(expr.value))
        case Value():
            return _value(expr.index, order)
        case Access():
            return _access(expr, frozenset(), reader)
        case Apply():
            arguments = [compiled(a, order, reader) for a in expr.arguments]
            return mapped(expr.function, arguments, order)
        case Add():
            return _added([_signed(t, order, reader) for t in expr.terms], order)
        case Summation():
            return _summation(expr, order, reader)
        case Delta() | Guard():
            return _where([expr], scalar(ONE), order)
        case Product():
            return _product(expr.factors, order, reader)
    raise TypeError(f"no array for {type(expr).__name__}")


def _value(index: Index, order: Sequence[Axis]) -> Labelled:
    """An index used as a number."""
    if not index.axes:
        return scalar(Extent(index) if index.value is None else Literal(Fraction(index.value)))
    total: list[tuple[bool, Labelled]] = []
    for axis in (a for a in order if a in index.axes):
        ramp = Labelled(Ramp(axis.lo, axis.hi), (axis,))
        total.append(_times(index.coefficient(axis), ramp))
    if index.constant.terms:
        value = index.constant.value
        if value is not None:
            total.append((value < 0, scalar(Literal(Fraction(abs(value))))))
        else:
            total.append((False, scalar(Extent(index.constant))))
    return _added(total, order)


def _times(coefficient: Index, ramp: Labelled) -> tuple[bool, Labelled]:
    value = coefficient.value
    if value is None:
        return False, mapped("*", (scalar(Extent(coefficient)), ramp), ramp.axes)
    if abs(value) == 1:
        return value < 0, ramp
    return value < 0, mapped("*", (scalar(Literal(Fraction(abs(value)))), ramp), ramp.axes)


def _access(expr: Access, over: AbstractSet[Axis], reader: Reader) -> Labelled:
    array = reader.arrays[expr.tensor]
    return view(array, expr.indices, reader.ranges[expr.tensor], over)


def _signed(expr: Expr, order: tuple[Axis, ...], reader: Reader) -> tuple[bool, Labelled]:
    """(is it subtracted, the array)."""
    match expr:
        case Number(value) if value < 0:
            return True, scalar(Literal(-value))
        case Product((Number(value), *rest)) if value < 0:
            return True, compiled(product(Number(-value), *rest), order, reader)
    return False, compiled(expr, order, reader)


def _added(terms: Sequence[tuple[bool, Labelled]], order: Sequence[Axis]) -> Labelled:
    """Sum of signed terms, a positive one first where there is one."""
    terms = sorted(terms, key=lambda t: t[0]) if terms[0][0] else terms
    (minus, total), *rest = terms
    if minus:
        total = mapped("negative", (total,), order)
    for minus, term in rest:
        total = mapped("-" if minus else "+", (total, term), order)
    return total


def scaled(item: Labelled, scale: Fraction) -> Labelled:
    """``scale * item``."""
    if scale == 1:
        return item
    if scale == -1:
        return mapped("negative", (item,), item.axes)
    if isinstance(item.array, Literal):
        return Labelled(Literal(scale * item.array.value), item.axes)
    return Labelled(Map("*", (Literal(scale), item.array)), item.axes)


def _product(factors: Sequence[Expr], order: tuple[Axis, ...], reader: Reader) -> Labelled:
    """Numbers, brackets, numerators and denominators, each in their place."""
    scale = Fraction(1)
    brackets: list[Delta | Guard] = []
    above: list[Labelled] = []
    below: list[Labelled] = []
    for factor in factors:
        match factor:
            case Number(value):
                scale *= value
            case Delta() | Guard():
                if not _is_padding(factor, factors, reader):
                    brackets.append(factor)
            case Apply("pow", (base, Number(value))) if value == -1:
                below.append(compiled(base, order, reader))
            case _:
                above.append(compiled(factor, order, reader))
    total = above[0] if above else scalar(ONE)
    for item in above[1:]:
        total = mapped("*", (total, item), order)
    total = scaled(total, scale)
    for item in below:
        total = mapped("/", (total, item), order)
    return _where(brackets, total, order) if brackets else total


def _where(brackets: Sequence[Delta | Guard], item: Labelled, order: Sequence[Axis]) -> Labelled:
    """``item`` where every bracket holds, zero elsewhere (NaN there as well)."""
    for bracket in brackets:
        test = "==" if isinstance(bracket, Delta) else ">="
        condition = mapped(test, (_value(bracket.index, order), scalar(ZERO)), order)
        if isinstance(item.array, Literal):
            item = scaled(mapped("indicator", (condition,), order), item.array.value)
        else:
            item = mapped("where", (condition, item, scalar(ZERO)), order)
    return item


def _is_padding(bracket: Expr, factors: Sequence[Expr], reader: Reader) -> bool:
    """True where the bracket keeps an access of the product inside: padding does the same."""
    if not isinstance(bracket, Guard):
        return False
    return any(
        bracket.index in (index - lo, hi - index)
        for factor in factors
        if isinstance(factor, Access)
        for index, (lo, hi) in zip(factor.indices, reader.ranges[factor.tensor], strict=True)
    )


def _summation(expr: Summation, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    axes, factors = _flat(expr)
    if len(factors) == 1 and isinstance(factors[0], Add) and _has_contraction(factors[0]):
        parts = [_signed(summation(axes, t), order, reader) for t in factors[0].terms]
        return _added(parts, order)
    return contraction(axes, factors, order, reader)


def _flat(expr: Expr) -> tuple[tuple[Axis, ...], tuple[Expr, ...]]:
    """Axes and factors with summations inside the product opened."""
    match expr:
        case Summation(axes, body):
            inner, factors = _flat(body)
            return (*axes, *inner), factors
        case Product(factors):
            parts = [_flat(f) for f in factors]
            return tuple(a for p, _ in parts for a in p), tuple(f for _, p in parts for f in p)
    return (), (expr,)


def _has_contraction(expr: Add) -> bool:
    """True where a term is a product whose factors depend on different axes."""

    def differ(term: Expr) -> bool:
        _, factors = _flat(term)
        return len({f.free_axes for f in factors if f.free_axes}) > 1

    return any(differ(term) for term in expr.terms)


def contraction(
    axes: Sequence[Axis], factors: Sequence[Expr], order: tuple[Axis, ...], reader: Reader
) -> Labelled:
    """``sum over axes of the product of factors``, two operands at a time, the smallest first."""
    inside = (*order, *axes)
    scale = prod((f.value for f in factors if isinstance(f, Number)), start=Fraction(1))
    brackets = [
        f for f in factors if isinstance(f, Delta | Guard) and not _is_padding(f, factors, reader)
    ]
    rest = [f for f in factors if not isinstance(f, Number | Delta | Guard)]
    uses = Counter(a for f in (*rest, *brackets) for a in f.free_axes)
    alone = {a for a in axes if uses[a] == 1}
    items = [_operand(f, alone, inside, reader) for f in rest]
    for bracket in brackets:
        items = _guarded(items, bracket, inside)
    items = [summed(i, [a for a in i.axes if a in alone]) for i in items] or [scalar(ONE)]
    while len(items) > 1:
        items = _contract_cheapest(items, set(axes), inside, reader.book)
    (total,) = items
    total = summed(total, [a for a in total.axes if a in axes])
    return _repeated(scaled(total, scale), [a for a in axes if not uses[a]])


def _operand(
    factor: Expr, alone: AbstractSet[Axis], order: tuple[Axis, ...], reader: Reader
) -> Labelled:
    if isinstance(factor, Access):
        return _access(factor, alone, reader)
    return compiled(factor, order, reader)


def _guarded(
    items: Sequence[Labelled], bracket: Delta | Guard, order: Sequence[Axis]
) -> list[Labelled]:
    """Zero where the bracket does not hold: in a factor that has its axes, or as a factor."""
    for place, item in enumerate(items):
        if bracket.index.axes <= set(item.axes):
            return [*items[:place], _where([bracket], item, order), *items[place + 1 :]]
    return [*items, _where([bracket], scalar(ONE), order)]


def _repeated(item: Labelled, axes: Sequence[Axis]) -> Labelled:
    """A sum over axes on which nothing depends is a multiple."""
    extent = prod((a.extent for a in axes), start=Index.of(1))
    if extent.value is not None:
        return scaled(item, Fraction(extent.value))
    return mapped("*", (scalar(Extent(extent)), item), item.axes)


def _contract_cheapest(
    items: Sequence[Labelled], axes: AbstractSet[Axis], order: Sequence[Axis], book: Book
) -> list[Labelled]:
    """Replace the pair with the smallest joint index space by its product.

    Axes that no other operand has are summed on the way.
    """

    def work(pair: tuple[Labelled, Labelled]) -> int:
        union = {*pair[0].axes, *pair[1].axes}
        return prod(a.extent.evaluate(lambda _: NOMINAL) for a in union)

    a, b = min(combinations(items, 2), key=work)
    others = [item for item in items if item is not a and item is not b]
    kept = {x for item in others for x in item.axes}
    over = {x for x in axes if x not in kept and (x in a.axes or x in b.axes)}
    joint = contract(a, b, over, order, book)
    joint = summed(joint, [x for x in joint.axes if x in over])
    return [joint, *others]
