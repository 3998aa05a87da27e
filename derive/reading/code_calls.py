"""Calls as programs write them: ``np.sum(x, axis=0, keepdims=True)``, ``np.dot(a, b)``.

The name of the library is left out; an axis is counted from 0, or from the last one backwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from derive.errors import IllFormed
from derive.expr import Expr, Summation, Value, number, power, product, quotient
from derive.index import Index
from derive.reading.arrays import ArrayValue, elementwise, matmul, transpose
from derive.reading.convolution import Shape
from derive.reading.names import word_of
from derive.reading.products import total
from derive.reading.scope import Scope
from derive.reading.slices import flat
from derive.reading.surface import Call, Name, Node, Numeral, Relation, Unary

Read = Callable[[Node, Scope], ArrayValue]
_LIBRARY = re.compile(r"(?:np|numpy|jnp|torch|tf|xp|cp|math|F)\.(\w+)")
_OPTIONS = frozenset({"axis", "dim", "keepdims", "keepdim"})


@dataclass(frozen=True)
class _Options:
    """The axis along which is summed, ``None`` for all; whether it is kept with length 1."""

    axis: int | None = None
    kept: bool = False


def without_library(name: Name) -> Name:
    """``np.exp`` as ``exp``; other names as they are."""
    found = _LIBRARY.fullmatch(name.base)
    return replace(name, base=found[1]) if found else name


def code_call(node: Call, scope: Scope, expected: Shape | None, read: Read) -> ArrayValue | None:
    """The value of a call that only programs write; ``None`` for any other.

    Raises `IllFormed` for an axis that the array does not have.
    """
    if not isinstance(node.head, Name):
        return None
    name = without_library(node.head).base
    plain = tuple(a for a in node.args if _option(a) is None)
    if len(plain) == len(node.args) and name == node.head.base:
        return None
    at = node.span.start
    if name != node.head.base:
        scope = scope.declare_operator("*", "elementwise")
    if name in ("sum", "mean") and len(plain) == 1:
        return _reduced(name, read(plain[0], scope), _options(node, at), scope, at)
    if len(plain) < len(node.args):
        return None
    values = [read(a, scope) for a in plain] if name in _OF_ARRAYS else []
    if len(values) == 2 and name in _TWO:
        return _TWO[name](values[0], values[1], at)
    if len(values) == 1 and name in _ONE:
        return _ONE[name](values[0], at)
    return read(replace(node, head=replace(node.head, base=name)), scope)


def _dot(left: ArrayValue, right: ArrayValue, at: int) -> ArrayValue:
    if not left.axes or not right.axes:
        return elementwise(left, right, product, "a product", at)
    return matmul(left, right, at)


def _outer(left: ArrayValue, right: ArrayValue, at: int) -> ArrayValue:
    return matmul(replace(left, row=False), replace(right, row=True), at)


def _multiply(left: ArrayValue, right: ArrayValue, at: int) -> ArrayValue:
    return elementwise(left, right, product, "elementwise product", at)


_TWO: dict[str, Callable[[ArrayValue, ArrayValue, int], ArrayValue]] = {
    "dot": _dot,
    "matmul": _dot,
    "outer": _outer,
    "multiply": _multiply,
}
_ONE: dict[str, Callable[[ArrayValue, int], ArrayValue]] = {
    "transpose": transpose,
    "square": lambda value, _: value.map(lambda x: power(x, 2)),
}
_OF_ARRAYS = frozenset({*_TWO, *_ONE})


def _option(node: Node) -> tuple[str, Node] | None:
    """``axis = 0`` as its two parts."""
    if not isinstance(node, Relation) or node.operators != ("=",):
        return None
    left, right = node.sides
    word = left.base if isinstance(left, Name) else word_of(left.below)
    return (word, right) if word in _OPTIONS else None


def _options(node: Call, at: int) -> _Options:
    found = _Options()
    for word, value in filter(None, map(_option, node.args)):
        if word.startswith("keep"):
            text = value.base if isinstance(value, Name) else word_of(value.below)
            found = replace(found, kept=text in ("True", "true") or _integer(value) == 1)
        elif (axis := _integer(value)) is not None:
            found = replace(found, axis=axis)
        else:
            raise IllFormed("an axis is a whole number", offset=at, expected="axis=0")
    return found


def _integer(node: Node) -> int | None:
    if isinstance(node, Unary) and node.operator == "-":
        inner = _integer(node.body)
        return None if inner is None else -inner
    whole = isinstance(node, Numeral) and node.value.denominator == 1
    return int(node.value) if whole and isinstance(node, Numeral) else None


def _reduced(name: str, value: ArrayValue, how: _Options, scope: Scope, at: int) -> ArrayValue:
    if how.axis is None:
        result, count = total(value), _extent(value.extents)
    elif not -value.rank <= how.axis < value.rank:
        raise IllFormed(f"{value.shape} has no axis {how.axis}", offset=at)
    else:
        result = _summed(value, how.axis % value.rank, how.kept, scope)
        count = value.extents[how.axis % value.rank]
    return result.map(lambda x: quotient(x, _size(count))) if name == "mean" else result


def _summed(value: ArrayValue, position: int, kept: bool, scope: Scope) -> ArrayValue:
    """The sum along one axis: of a matrix a row or a column, which a flat vector may be, too."""
    axis = value.axes[position]
    fresh = axis.like()
    rest = tuple(a for a in value.axes if a is not axis)
    at = tuple(Index.of(fresh if a is axis else a) for a in value.axes)
    row = position == 0 and (kept or not flat(scope))
    return ArrayValue(rest, Summation((fresh,), value.at(at)), row and len(rest) == 1)


def _extent(extents: Shape) -> Index:
    count = Index.of(1)
    for extent in extents:
        count = count * extent
    return count


def _size(count: Index) -> Expr:
    return Value(count) if count.value is None else number(count.value)
