"""The interpreter: the meaning of the core language, for any number type.

Every node becomes an array with one dimension per axis in scope, of extent 1 where it does not
depend on that axis; an access is a gather by broadcast integer indices, a summation adds trailing
dimensions. Nothing is rewritten, so everything fast can be checked against it.

Reads outside a tensor's range are refused, never padded, unless a `Delta` or `Guard` in an
enclosing product is 0 there: then the product is 0 and whatever stands beside that factor does not
matter, be it infinite or not a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

import numpy as np

from derive.arithmetic import AUTOGRAD, EXACT, FLOAT, Array, Numbers
from derive.equations import Model, adjoint_name
from derive.errors import IllFormed, LimitExceeded
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
    children,
)
from derive.index import Axis, Index, Symbol

__all__ = [
    "AUTOGRAD",
    "EXACT",
    "FLOAT",
    "Numbers",
    "OutOfRange",
    "Ranges",
    "evaluate",
    "integer_ranges",
    "run",
]

Ranges = Mapping[str, Sequence[tuple[int, int]]]
"""Inclusive bounds of every axis of every tensor; element ``lo`` is at position 0 of the array."""


class OutOfRange(IllFormed):
    """An access outside a tensor's range.

    ``tensor`` was read with index ``value`` in ``position`` (from 0), whose range is ``bounds``,
    where the axes of that index had the values ``axes``.
    """

    def __init__(
        self,
        access: Access,
        position: int,
        value: int,
        bounds: tuple[int, int],
        at: dict[Axis, int],
    ) -> None:
        self.tensor = access.tensor
        self.access = access
        self.position = position
        self.value = value
        self.bounds = bounds
        self.axes = at
        there = ", ".join(f"{a.name} = {n}" for a, n in at.items())
        super().__init__(
            f"{access.tensor} is read at {value} on axis {position + 1}"
            + (f" for {there}" if there else ""),
            expected=f"{bounds[0]}..{bounds[1]}",
        )


@dataclass(frozen=True)
class _Scope:
    """Axes in scope in the order of dimensions, what they run over, and the live positions."""

    numbers: Numbers
    env: Mapping[str, Array]
    ranges: Ranges
    spans: dict[Axis, tuple[int, int]]
    live: Array | None = None

    def values(self, symbol: Symbol) -> Array:
        if not isinstance(symbol, Axis) or symbol not in self.spans:
            raise ValueError(f"{symbol} has no value here; put sizes in with model.at_sizes()")
        lo, hi = self.spans[symbol]
        shape = [-1 if a is symbol else 1 for a in self.spans]
        return np.arange(lo, hi + 1).reshape(shape)

    def at(self, index: Index) -> Array:
        """The integers that ``index`` takes, with one dimension per axis in scope."""
        return np.asarray(index.evaluate(self.values)).reshape(self.shape_of(index))

    def shape_of(self, index: Index) -> tuple[int, ...]:
        return tuple(
            max(hi - lo + 1, 0) if a in index.axes else 1 for a, (lo, hi) in self.spans.items()
        )

    def under(self, gate: Array) -> _Scope:
        return replace(self, live=gate if self.live is None else self.live & gate)

    def within(self, inner: dict[Axis, tuple[int, int]]) -> _Scope:
        live = self.live
        if live is not None:
            live = live.reshape(live.shape + (1,) * len(inner))
        return replace(self, spans={**self.spans, **inner}, live=live)

    def constant(self, value: Fraction) -> Array:
        return np.full((1,) * len(self.spans), self.numbers.constant(value))


def evaluate(
    expr: Expr,
    axes: Sequence[Axis],
    env: Mapping[str, Array],
    ranges: Ranges,
    *,
    number: Numbers = FLOAT,
) -> Array:
    """The values of ``expr`` for all values of its free ``axes``; shape: their extents, in order.

    ``env`` holds an array of the number type for every tensor that is read, ``ranges`` where it
    starts and ends. All sizes must have been put in (`Model.at_sizes`). Raises `OutOfRange` for a
    read that no guard excludes, `LimitExceeded` where a sum has too many terms, ``ValueError`` for
    a size without value, and `derive.arithmetic.Irrational` where rationals do not suffice.
    """
    spans = {a: _span(a) for a in axes}
    shape = tuple(_extent(span) for span in spans.values())
    _refuse_large(expr, spans, number)
    if 0 in shape:
        return number.asarray(np.zeros(shape))
    with np.errstate(all="ignore"):
        array = _value(expr, _Scope(number, env, ranges, spans))
        if np.shape(array) == shape:
            return array
        return number.add(array, number.asarray(np.zeros(shape, dtype=np.int64)))


def run(model: Model, values: Mapping[str, Array], *, number: Numbers = FLOAT) -> dict[str, Array]:
    """All tensors of ``model`` (which is ``at_sizes``) from ``values`` for inputs and parameters.

    Equations are evaluated in order; a tensor that is given although it has an equation is kept as
    given. Raises what `evaluate` raises, and `IllFormed` for a missing or wrongly shaped array.
    """
    ranges = integer_ranges(model)
    env: dict[str, Array] = {}
    for name, given in values.items():
        env[name] = number.asarray(given)
        wanted = tuple(_extent(span) for span in ranges[name])
        if np.shape(env[name]) != wanted:
            raise IllFormed(f"{name} has shape {np.shape(env[name])}", expected=f"{wanted}")
    if missing := [n for n in (*model.inputs, *model.parameters) if n not in env]:
        raise IllFormed(f"no value for {', '.join(missing)}")
    for equation in model.equations:
        if equation.tensor not in env:
            env[equation.tensor] = evaluate(equation.rhs, equation.axes, env, ranges, number=number)
    return env


def integer_ranges(model: Model) -> dict[str, tuple[tuple[int, int], ...]]:
    """The ranges of every tensor of ``model`` (which is ``at_sizes``) and of its adjoint.

    Raises ``ValueError`` where a bound still contains a size.
    """
    out = {}
    for name, tensor in model.tensors.items():
        bounds = tuple((_integer(lo), _integer(hi)) for lo, hi in tensor.ranges)
        out[name] = out[adjoint_name(name)] = bounds
    return out


def _integer(bound: Index) -> int:
    if bound.value is None:
        raise ValueError(f"the bound {bound} has no value; put sizes in with model.at_sizes()")
    return bound.value


def _span(axis: Axis) -> tuple[int, int]:
    return _integer(axis.lo), _integer(axis.hi)


def _extent(span: tuple[int, int]) -> int:
    return max(span[1] - span[0] + 1, 0)


def _terms(expr: Expr, spans: Mapping[Axis, tuple[int, int]]) -> int:
    """Number of elements of an array over all axes on which ``expr`` depends."""
    return prod(_extent(spans[a]) for a in expr.free_axes if a in spans)


def _refuse_large(expr: Expr, spans: Mapping[Axis, tuple[int, int]], number: Numbers) -> None:
    if (terms := _terms(expr, spans)) > number.limit:
        raise LimitExceeded(
            f"{terms} terms would have to be evaluated", expected=f"at most {number.limit}"
        )
    if isinstance(expr, Summation):
        spans = {**spans, **{a: _span(a) for a in expr.axes}}
    for part in children(expr):
        _refuse_large(part, spans, number)


def _value(expr: Expr, scope: _Scope) -> Array:
    """An array with one dimension per axis in scope, right wherever ``scope.live``."""
    match expr:
        case Number(value):
            return scope.constant(value)
        case Value(index):
            return scope.numbers.asarray(scope.at(index))
        case Access():
            return _access(expr, scope)
        case Apply():
            return _application(expr, scope)
        case Product(factors):
            return _product(factors, scope)
        case Add(terms):
            return _add(terms, scope)
        case Summation():
            return _summation(expr, scope)
        case Delta() | Guard():
            return scope.numbers.asarray(_gate(expr, scope).astype(np.int64))
    raise TypeError(f"{type(expr).__name__} is not a node of the core")


def _gate(expr: Delta | Guard, scope: _Scope) -> Array:
    place = scope.at(expr.index)
    return place == 0 if isinstance(expr, Delta) else place >= 0


def _access(expr: Access, scope: _Scope) -> Array:
    inside: Array = None
    places = []
    for position, (index, bounds) in enumerate(
        zip(expr.indices, scope.ranges[expr.tensor], strict=True)
    ):
        lo, hi = bounds
        place = scope.at(index)
        if place.size and (place.min() < lo or place.max() > hi):
            fits = (lo <= place) & (place <= hi)
            _refuse_outside(expr, position, place, bounds, scope)
            inside = fits if inside is None else inside & fits
            place = np.clip(place, lo, hi)
        places.append(place - lo)
    array = scope.env[expr.tensor]
    read = array[tuple(places)] if places else array.reshape((1,) * len(scope.spans))
    return read if inside is None else _select(inside, read, 1, scope)


def _select(where: Array, array: Array, other: int, scope: _Scope) -> Array:
    """``array`` where true, else ``other``: a choice, so nothing leaks in, forwards or backwards."""
    (spread,) = _alike((array,), np.shape(where), scope)
    return scope.numbers.xp.where(where, spread, other)


def _alike(arrays: tuple[Array, ...], shape: tuple[int, ...], scope: _Scope) -> tuple[Array, ...]:
    """Arrays broadcast to one shape; autograd does not undo the broadcasting in `where`."""
    common = np.broadcast_shapes(shape, *(np.shape(a) for a in arrays))
    return tuple(
        a if np.shape(a) == common else scope.numbers.xp.broadcast_to(a, common) for a in arrays
    )


def _refuse_outside(
    expr: Access, position: int, place: Array, bounds: tuple[int, int], scope: _Scope
) -> None:
    """Raise `OutOfRange` at the first live position where ``place`` is not within ``bounds``."""
    outside = (place < bounds[0]) | (place > bounds[1])
    if scope.live is not None:
        outside, place = np.broadcast_arrays(outside & scope.live, place)
    if not outside.any():
        return
    first = np.unravel_index(int(np.argmax(outside)), outside.shape)
    index = expr.indices[position]
    at = {
        a: lo + int(n)
        for (a, (lo, _)), n in zip(scope.spans.items(), first, strict=True)
        if a in index.axes
    }
    raise OutOfRange(expr, position, int(place[first]), bounds, at)


def _application(expr: Apply, scope: _Scope) -> Array:
    arguments = tuple(_value(a, scope) for a in expr.arguments)
    if expr.function == "pow" and isinstance(expr.arguments[1], Number):
        exponent = expr.arguments[1].value
        if exponent.denominator == 1:  # repeated multiplication, whatever the sign of the base
            return scope.numbers.apply("pow", (arguments[0], int(exponent)), scope.live)
    return scope.numbers.apply(expr.function, _alike(arguments, (), scope), scope.live)


def _product(factors: tuple[Expr, ...], scope: _Scope) -> Array:
    gate: Array = None
    for factor in factors:
        if isinstance(factor, Delta | Guard):
            here = _gate(factor, scope)
            gate = here if gate is None else gate & here
    rest = [f for f in factors if not isinstance(f, Delta | Guard)]
    if gate is None or gate.all():
        return _multiply(rest, scope)
    if not gate.any():
        return scope.constant(Fraction(0))
    return _select(gate, _multiply(rest, scope.under(gate)), 0, scope)


def _multiply(factors: list[Expr], scope: _Scope) -> Array:
    total = _value(factors[0], scope) if factors else scope.constant(Fraction(1))
    for factor in factors[1:]:
        total = scope.numbers.multiply(total, _value(factor, scope))
    return total


def _add(terms: tuple[Expr, ...], scope: _Scope) -> Array:
    total = _value(terms[0], scope)
    for term in terms[1:]:
        total = scope.numbers.add(total, _value(term, scope))
    return total


def _summation(expr: Summation, scope: _Scope) -> Array:
    spans = {a: _span(a) for a in expr.axes}
    if any(_extent(span) == 0 for span in spans.values()):
        return scope.constant(Fraction(0))
    used = {a: span for a, span in spans.items() if a in expr.body.free_axes}
    repeats = prod(_extent(span) for a, span in spans.items() if a not in used)
    return _repeated(_sum_over(expr.body, used, scope), repeats, scope)


def _sum_over(body: Expr, spans: dict[Axis, tuple[int, int]], scope: _Scope) -> Array:
    """Sum over ``spans``, in halves where the summands would not fit into one array."""
    if not spans:
        return _value(body, scope)
    longest = max(spans, key=lambda a: _extent(spans[a]))
    lo, hi = spans[longest]
    if _terms(body, {**scope.spans, **spans}) > scope.numbers.dense and lo < hi:
        half = (lo + hi) // 2
        return scope.numbers.add(
            _sum_over(body, {**spans, longest: (lo, half)}, scope),
            _sum_over(body, {**spans, longest: (half + 1, hi)}, scope),
        )
    array = _value(body, scope.within(spans))
    first = len(scope.spans)
    shape = np.shape(array)[first:]
    # A dimension of extent 1 that should be longer: the summand turned out not to depend on it.
    repeats = prod(
        _extent(span) for span, extent in zip(spans.values(), shape, strict=True) if extent == 1
    )
    total = scope.numbers.total(array, tuple(range(first, first + len(spans))))
    return _repeated(total, repeats, scope)


def _repeated(array: Array, repeats: int, scope: _Scope) -> Array:
    if repeats == 1:
        return array
    return scope.numbers.multiply(array, scope.constant(Fraction(repeats)))
