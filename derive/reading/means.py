"""The mean of all elements of an array."""

from __future__ import annotations

from math import prod

from derive.expr import Expr, Value, number, quotient
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.products import total


def count(value: ArrayValue) -> Expr:
    """The number of elements."""
    index = prod((a.extent for a in value.axes), start=Index.of(1))
    return Value(index) if index.value is None else number(index.value)


def mean(value: ArrayValue) -> ArrayValue:
    """The sum of all elements by their number; a number is its own."""
    return total(value).map(lambda s: quotient(s, count(value))) if value.axes else value
