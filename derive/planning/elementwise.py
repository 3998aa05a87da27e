"""Elementwise arithmetic on arrays with axes: numbers, sums, multiples, brackets as masks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from derive.expr import Delta, Guard
from derive.index import Axis, Index
from derive.planning.arrays import Array, Extent, Literal, Map, Ramp
from derive.planning.labelled import Labelled, mapped
from derive.planning.windows import is_padded

ZERO, ONE = Literal(Fraction(0)), Literal(Fraction(1))


def is_number(array: Array) -> bool:
    """True for what Python computes, without an array."""
    if isinstance(array, Map):
        return all(is_number(part) for part in array.operands)
    return isinstance(array, Literal | Extent)


def scalar(array: Array) -> Labelled:
    """An array without axes."""
    return Labelled(array, ())


def number(index: Index, order: Sequence[Axis]) -> Labelled:
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
    return added(total, order)


def _times(coefficient: Index, ramp: Labelled) -> tuple[bool, Labelled]:
    value = coefficient.value
    if value is None:
        return False, mapped("*", (scalar(Extent(coefficient)), ramp), ramp.axes)
    if abs(value) == 1:
        return value < 0, ramp
    return value < 0, mapped("*", (scalar(Literal(Fraction(abs(value)))), ramp), ramp.axes)


def added(terms: Sequence[tuple[bool, Labelled]], order: Sequence[Axis]) -> Labelled:
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


def multiplied(items: Sequence[Labelled], order: Sequence[Axis]) -> Labelled:
    """The product; zero where a padded one has nothing, whatever the others are there."""
    masks = [item for item in items if _is_mask(item)]
    if masks and len(masks) < len(items):
        total = multiplied([item for item in items if not _is_mask(item)], order)
        for mask in masks:
            assert isinstance(mask.array, Map)
            total = _kept(Labelled(mask.array.arguments[0], mask.axes), total, order)
        return total
    total, *rest = sorted(items, key=_is_reciprocal)
    for item in rest:
        if _is_reciprocal(item):
            total = mapped("/", (total, _denominator(item)), order)
        else:
            total = mapped("*", (total, item), order)
    return within(total, items, order) if rest else total


def _is_mask(item: Labelled) -> bool:
    return isinstance(item.array, Map) and item.array.function == "indicator"


def _is_reciprocal(item: Labelled) -> bool:
    match item.array:
        case Map("pow", (_, Literal(value))):
            return value == -1
    return False


def _denominator(item: Labelled) -> Labelled:
    """What an item is the reciprocal of."""
    assert isinstance(item.array, Map)
    return Labelled(item.array.arguments[0], item.axes)


def within(item: Labelled, factors: Iterable[Labelled], order: Sequence[Axis]) -> Labelled:
    """``item`` where no padded factor is outside, zero elsewhere."""
    for factor in factors:
        if is_padded(factor.array):
            outside = mapped("outside", (factor,), order)
            item = mapped("where", (outside, scalar(ZERO), item), order)
    return item


def kept(bracket: Delta | Guard, item: Labelled, order: Sequence[Axis]) -> Labelled:
    """``item`` where the bracket holds, elsewhere the mark that nothing is there."""
    test = "==" if isinstance(bracket, Delta) else ">="
    return _kept(mapped(test, (number(bracket.index, order), scalar(ZERO)), order), item, order)


def _kept(condition: Labelled, item: Labelled, order: Sequence[Axis]) -> Labelled:
    """A zero of the item's own becomes positive: a negative one is the mark."""
    item = marked(item)
    if not is_padded(item.array):
        item = Labelled(Map("+", (item.array, ZERO)), item.axes)
    return mapped("kept", (condition, item), order)


def marked(item: Labelled) -> Labelled:
    """A bracket's mask with the mark in place of its zeros; another item as it is."""
    if not _is_mask(item):
        return item
    assert isinstance(item.array, Map)
    return Labelled(Map("kept", (item.array.arguments[0], item.array)), item.axes)


def unmarked(item: Labelled) -> Labelled:
    """Zeros in place of the marks of brackets."""
    return Labelled(_unmarked(item.array), item.axes)


def _unmarked(array: Array) -> Array:
    match array:
        case Map("kept", (condition, Map("+", (value, Literal(zero))))) if not zero:
            return Map("where", (condition, value, ZERO))
        case Map("kept", (condition, value)):
            return Map("where", (condition, _unmarked(value), ZERO))
    return array


def where(brackets: Sequence[Delta | Guard], item: Labelled, order: Sequence[Axis]) -> Labelled:
    """``item`` where every bracket holds, zero elsewhere (NaN there as well)."""
    for bracket in brackets:
        test = "==" if isinstance(bracket, Delta) else ">="
        condition = mapped(test, (number(bracket.index, order), scalar(ZERO)), order)
        if isinstance(item.array, Literal):
            item = scaled(mapped("indicator", (condition,), order), item.array.value)
        else:
            item = mapped("where", (condition, item, scalar(ZERO)), order)
    return item
