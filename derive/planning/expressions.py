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
    Winner,
    accesses,
    product,
    summation,
)
from derive.index import Axis, Index
from derive.maximum import as_maximum
from derive.planning.arrays import Array, Extent, Literal
from derive.planning.book import Book
from derive.planning.contraction import contract
from derive.planning.cost import NOMINAL
from derive.planning.elementwise import (
    ONE,
    added,
    is_number,
    kept,
    multiplied,
    number,
    scalar,
    scaled,
    unmarked,
    where,
    within,
)
from derive.planning.labelled import Labelled, full, mapped, summed
from derive.planning.maxima import Greatest, Winners
from derive.planning.views import view


@dataclass(frozen=True)
class Reader:
    """What expressions read: the ranges of the tensors, the arrays that hold them, and the book."""

    ranges: Mapping[str, Sequence[Range]]
    arrays: Mapping[str, Array]
    book: Book


def compiled(expr: Expr, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    """``expr`` as an array over those of its free axes that it really depends on.

    ``order`` lists the free axes as the dimensions of the result should follow each other.
    """
    match expr:
        case Number():
            return scalar(Literal(expr.value))
        case Value():
            return number(expr.index, order)
        case Access():
            return _access(expr, frozenset(), reader)
        case Apply():
            arguments = [compiled(a, order, reader) for a in expr.arguments]
            return mapped(expr.function, arguments, order)
        case Add():
            return added([_signed(t, order, reader) for t in expr.terms], order)
        case Summation():
            return _summation(expr, order, reader)
        case Delta() | Guard():
            return where([expr], scalar(ONE), order)
        case Product():
            return _product(expr.factors, order, reader)
        case Winner():
            return _winner(expr, order, reader)
    raise TypeError(f"no array for {type(expr).__name__}")


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
    total = scaled(multiplied(above or [scalar(ONE)], order), scale)
    for item in below:
        total = mapped("/", (total, item), order)
    if below:
        total = within(total, above, order)
    return where(brackets, total, order) if brackets else total


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


def _winner(expr: Winner, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    """The mask of a maximum, read where the winner is looked for."""
    whole = compiled(expr.body, (*order, *expr.axes), reader)
    outer = tuple(a for a in order if a in whole.axes)
    array = Winners(full(whole, (*outer, *expr.axes)).array, len(expr.axes), expr.tie)
    places = (*map(Index.of, outer), *expr.at)
    return view(array, places, [(a.lo, a.hi) for a in (*outer, *expr.axes)])


def _greatest(expr: Winner, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    """``max over axes of body``."""
    whole = compiled(expr.body, (*order, *expr.axes), reader)
    dims = tuple(d for d, a in enumerate(whole.axes) if a in expr.axes)
    rest = tuple(a for a in whole.axes if a not in expr.axes)
    return Labelled(Greatest(whole.array, dims), rest) if dims else whole


def _summation(expr: Summation, order: tuple[Axis, ...], reader: Reader) -> Labelled:
    if (winner := as_maximum(expr)) is not None:
        return _greatest(winner, order, reader)
    axes, factors = _flat(expr)
    if len(factors) == 1 and isinstance(factors[0], Add) and _has_contraction(factors[0]):
        parts = [_signed(summation(axes, t), order, reader) for t in factors[0].terms]
        return added(parts, order)
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
    inside = _as_stored((*order, *axes), order, factors)
    scale = prod((f.value for f in factors if isinstance(f, Number)), start=Fraction(1))
    brackets = [
        f for f in factors if isinstance(f, Delta | Guard) and not _is_padding(f, factors, reader)
    ]
    rest = [f for f in factors if not isinstance(f, Number | Delta | Guard)]
    uses = Counter(a for f in (*rest, *brackets) for a in f.free_axes)
    alone = {a for a in axes if uses[a] == 1}
    items = [_operand(f, alone, inside, reader) for f in rest]
    numbers = [i for i in items if is_number(i.array)]
    items = [i for i in items if not is_number(i.array)]
    for bracket in brackets:
        items = _guarded(items, bracket, inside)
    items = [summed(i, [a for a in i.axes if a in alone]) for i in items] or [scalar(ONE)]
    while len(items) > 1:
        items = _contract_cheapest(items, set(axes), inside, reader.book)
    (total,) = items
    total = summed(total, [a for a in total.axes if a in axes])
    total = multiplied((scaled(unmarked(total), scale), *numbers), total.axes)
    return _repeated(total, [a for a in axes if not uses[a]])


def _as_stored(
    inside: tuple[Axis, ...], order: tuple[Axis, ...], factors: Sequence[Expr]
) -> tuple[Axis, ...]:
    """The axes in the order of an array that has them all, so that nothing is read across it.

    Those that are left in the end keep their order.
    """
    for access in (a for f in factors for a in accesses(f)):
        stored = tuple(a for i in access.indices for a in inside if i == Index.of(a))
        free = tuple(a for a in stored if a in order)
        if len(stored) == len(access.indices) == len(inside) and free == order:
            return stored
    return inside


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
            return [*items[:place], kept(bracket, item, order), *items[place + 1 :]]
    return [*items, where([bracket], scalar(ONE), order)]


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
