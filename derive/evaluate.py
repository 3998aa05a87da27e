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
from fractions import Fraction
from math import prod

import numpy as np

from derive.arithmetic import AUTOGRAD, EXACT, FLOAT, Array, Numbers
from derive.equations import Model, adjoint_name
from derive.errors import LimitExceeded
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
    children,
)
from derive.index import Axis
from derive.scope import (
    OutOfRange,
    Ranges,
    Scope,
    Span,
    alike,
    extent,
    gather,
    integer,
    select,
    span_of,
)

__all__ = [
    "AUTOGRAD",
    "EXACT",
    "FLOAT",
    "Numbers",
    "OutOfRange",
    "Ranges",
    "evaluate",
    "integer_ranges",
]

_EVERYWHERE: Mapping[Axis, Span] = {}


def evaluate(
    expr: Expr,
    axes: Sequence[Axis],
    env: Mapping[str, Array],
    ranges: Ranges,
    *,
    number: Numbers = FLOAT,
    at: Mapping[Axis, Span] = _EVERYWHERE,
) -> Array:
    """The values of ``expr`` for all values of its free ``axes``; shape: their extents, in order.

    ``env`` holds an array of the number type for every tensor that is read, ``ranges`` where it
    starts and ends; ``at`` the bounds of free axes that are to run over less than their range. All
    sizes must have been put in (`Model.at_sizes`). Raises `OutOfRange` for a read that no guard
    excludes, `LimitExceeded` where a sum has too many terms, ``ValueError`` for a size without
    value, and `derive.arithmetic.Irrational` where rationals do not suffice.
    """
    spans = {a: at[a] if a in at else span_of(a) for a in axes}
    shape = tuple(extent(span) for span in spans.values())
    _refuse_large(expr, spans, number)
    if 0 in shape:
        return number.asarray(np.zeros(shape))
    with np.errstate(all="ignore"):
        array = _value(expr, Scope(number, env, ranges, spans))
        if np.shape(array) == shape:
            return array
        return number.add(array, number.asarray(np.zeros(shape, dtype=np.int64)))


def integer_ranges(model: Model) -> dict[str, tuple[Span, ...]]:
    """The ranges of every tensor of ``model`` (which is ``at_sizes``) and of its adjoint.

    Raises ``ValueError`` where a bound still contains a size.
    """
    out = {}
    for name, tensor in model.tensors.items():
        bounds = tuple((integer(lo), integer(hi)) for lo, hi in tensor.ranges)
        out[name] = out[adjoint_name(name)] = bounds
    return out


def _terms(expr: Expr, spans: Mapping[Axis, Span]) -> int:
    """Number of elements of an array over all axes on which ``expr`` depends."""
    return prod(extent(spans[a]) for a in expr.free_axes if a in spans)


def _refuse_large(expr: Expr, spans: Mapping[Axis, Span], number: Numbers) -> None:
    if (terms := _terms(expr, spans)) > number.limit:
        raise LimitExceeded(
            f"{terms} terms would have to be evaluated", expected=f"at most {number.limit}"
        )
    if isinstance(expr, Summation | Winner):
        spans = {**spans, **{a: span_of(a) for a in expr.axes}}
    for part in children(expr):
        _refuse_large(part, spans, number)


def _value(expr: Expr, scope: Scope) -> Array:
    """An array with one dimension per axis in scope, right wherever ``scope.live``."""
    match expr:
        case Number(value):
            return scope.constant(value)
        case Value(index):
            return scope.numbers.asarray(scope.at(index))
        case Access():
            return gather(expr, scope)
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
        case Winner():
            return _winner(expr, scope)
    raise TypeError(f"{type(expr).__name__} is not a node of the core")


def _gate(expr: Delta | Guard, scope: Scope) -> Array:
    place = scope.at(expr.index)
    return place == 0 if isinstance(expr, Delta) else place >= 0


def _winner(expr: Winner, scope: Scope) -> Array:
    """The mask of a maximum: a constant to autograd, whatever the body is made of."""
    spans = {a: span_of(a) for a in expr.axes}
    inner = scope.within(spans)
    first = len(scope.spans)
    body = scope.numbers.plain(_value(expr.body, inner))
    shape = (*np.shape(body)[:first], *(extent(s) for s in spans.values()))
    flat = np.broadcast_to(body, shape).reshape((*shape[:first], -1))
    places = [scope.at(i) - lo for i, (lo, _) in zip(expr.at, spans.values(), strict=True)]
    place = np.ravel_multi_index(np.broadcast_arrays(*places), shape[first:], mode="clip")
    if scope.numbers.winner is not None:
        return scope.numbers.winner(flat, place)
    if expr.tie == "first":
        return scope.numbers.asarray((flat.argmax(axis=-1) == place).astype(np.int64))
    wins = flat == flat.max(axis=-1, keepdims=True)
    common = np.broadcast_shapes(shape[:first], place.shape)
    spread = np.broadcast_to(wins, (*common, flat.shape[-1]))
    here = np.take_along_axis(spread, np.broadcast_to(place, common)[..., None], -1)[..., 0]
    mask = scope.numbers.asarray(here.astype(np.int64))
    if expr.tie == "all":
        return mask
    shares = np.vectorize(lambda n: scope.numbers.constant(Fraction(1, int(n))))(wins.sum(axis=-1))
    return scope.numbers.multiply(mask, shares)


def _application(expr: Apply, scope: Scope) -> Array:
    arguments = tuple(_value(a, scope) for a in expr.arguments)
    if expr.function == "pow" and isinstance(expr.arguments[1], Number):
        exponent = expr.arguments[1].value
        if exponent.denominator == 1:  # repeated multiplication, whatever the sign of the base
            return scope.numbers.apply("pow", (arguments[0], int(exponent)), scope.live)
    return scope.numbers.apply(expr.function, alike(arguments, (), scope), scope.live)


def _product(factors: tuple[Expr, ...], scope: Scope) -> Array:
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
    return select(gate, _multiply(rest, scope.under(gate)), 0, scope)


def _multiply(factors: list[Expr], scope: Scope) -> Array:
    total = _value(factors[0], scope) if factors else scope.constant(Fraction(1))
    for factor in factors[1:]:
        total = scope.numbers.multiply(total, _value(factor, scope))
    return total


def _add(terms: tuple[Expr, ...], scope: Scope) -> Array:
    total = _value(terms[0], scope)
    for term in terms[1:]:
        total = scope.numbers.add(total, _value(term, scope))
    return total


def _summation(expr: Summation, scope: Scope) -> Array:
    spans = {a: span_of(a) for a in expr.axes}
    if any(extent(span) == 0 for span in spans.values()):
        return scope.constant(Fraction(0))
    used = {a: span for a, span in spans.items() if a in expr.body.free_axes}
    repeats = prod(extent(span) for a, span in spans.items() if a not in used)
    return _repeated(_sum_over(expr.body, used, scope), repeats, scope)


def _sum_over(body: Expr, spans: dict[Axis, Span], scope: Scope) -> Array:
    """Sum over ``spans``, in halves where the summands would not fit into one array."""
    if not spans:
        return _value(body, scope)
    longest = max(spans, key=lambda a: extent(spans[a]))
    lo, hi = spans[longest]
    if _terms(body, {**scope.spans, **spans}) > scope.numbers.dense and lo < hi:
        half = (lo + hi) // 2
        return scope.numbers.add(
            _sum_over(body, {**spans, longest: (lo, half)}, scope),
            _sum_over(body, {**spans, longest: (half + 1, hi)}, scope),
        )
    array = _value(body, scope.within(spans))
    first = len(scope.spans)
    # A dimension of length 1 that should be longer: the summand turned out not to depend on it.
    lengths = np.shape(array)[first:]
    repeats = prod(extent(s) for s, n in zip(spans.values(), lengths, strict=True) if n == 1)
    total = scope.numbers.total(array, tuple(range(first, first + len(spans))))
    return _repeated(total, repeats, scope)


def _repeated(array: Array, repeats: int, scope: Scope) -> Array:
    if repeats == 1:
        return array
    return scope.numbers.multiply(array, scope.constant(Fraction(repeats)))
