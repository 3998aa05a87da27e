"""The nodes of the core language as steps on arrays, for any number type.

Every node becomes an array with one dimension per axis in scope, of extent 1 where it does not
depend on that axis; an access is a gather by broadcast integer indices, a summation adds trailing
dimensions.

Reads outside a tensor's range are refused, never padded, unless a `Delta` or `Guard` in an
enclosing product is 0 there: then the product is 0 and whatever stands beside that factor does not
matter, be it infinite or not a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

import numpy as np

from derive.arithmetic import Array, Numbers
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
from derive.index import Axis
from derive.maximum import picks
from derive.scope import Scope, Span, Step, alike, extent, gather, select, span_of


def terms(expr: Expr, spans: Mapping[Axis, Span]) -> int:
    """Number of elements of an array over all axes on which ``expr`` depends."""
    return prod(extent(spans[a]) for a in expr.free_axes if a in spans)


def step_of(expr: Expr, scope: Scope) -> Step:
    """An array with one dimension per axis in scope, right wherever ``scope.live``."""
    match expr:
        case Number(value):
            return scope.constant(value)
        case Value(index):
            return _integers(scope.at(index))
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
            return _integers(_gate(expr, scope).astype(np.int64))
        case Winner():
            return _winner(expr, scope)
    raise TypeError(f"{type(expr).__name__} is not a node of the core")


def _integers(array: Array) -> Step:
    return lambda _, number: number.asarray(array)


def _gate(expr: Delta | Guard, scope: Scope) -> Array:
    place = scope.at(expr.index)
    return place == 0 if isinstance(expr, Delta) else place >= 0


def _winner(expr: Winner, scope: Scope) -> Step:
    """The mask of a maximum: a constant to autograd, whatever the body is made of."""
    spans = {a: span_of(a) for a in expr.axes}
    inside = step_of(expr.body, scope.within(spans))
    first, lengths = len(scope.spans), tuple(extent(s) for s in spans.values())
    places = [scope.at(i) - lo for i, (lo, _) in zip(expr.at, spans.values(), strict=True)]
    place = np.ravel_multi_index(np.broadcast_arrays(*places), lengths, mode="clip")

    def mask(env: Mapping[str, Array], number: Numbers) -> Array:
        body = number.plain(inside(env, number))
        outer = np.shape(body)[:first]
        flat = np.broadcast_to(body, (*outer, *lengths)).reshape((*outer, -1))
        return _won(flat, place, expr.tie, number)

    return mask


def _won(flat: Array, place: Array, tie: str, number: Numbers) -> Array:
    """How much of every window, the last dimension of ``flat``, is won at its place.

    NaN is greater than every number, and as great as NaN.
    """
    if number.winner is not None:
        return number.winner(flat, place)
    if tie == "first":
        return number.asarray((flat.argmax(axis=-1) == place).astype(np.int64))
    wins = (flat == flat.max(axis=-1, keepdims=True)) | (flat != flat)
    common = np.broadcast_shapes(flat.shape[:-1], place.shape)
    spread = np.broadcast_to(wins, (*common, flat.shape[-1]))
    here = np.take_along_axis(spread, np.broadcast_to(place, common)[..., None], -1)[..., 0]
    mask = number.asarray(here.astype(np.int64))
    if tie == "all":
        return mask
    shares = np.vectorize(lambda n: number.constant(Fraction(1, int(n))))(wins.sum(axis=-1))
    return number.multiply(mask, shares)


def _application(expr: Apply, scope: Scope) -> Step:
    function, live = expr.function, scope.live
    steps = [step_of(a, scope) for a in expr.arguments]
    if function == "pow" and isinstance(expr.arguments[1], Number):
        exponent = expr.arguments[1].value
        if exponent.denominator == 1:  # repeated multiplication, whatever the sign of the base
            base, whole = steps[0], int(exponent)
            return lambda env, number: number.apply("pow", (base(env, number), whole), live)

    def applied(env: Mapping[str, Array], number: Numbers) -> Array:
        arguments = tuple([step(env, number) for step in steps])
        return number.apply(function, alike(arguments, (), number), live)

    return applied


def _product(factors: tuple[Expr, ...], scope: Scope) -> Step:
    gate: Array = None
    for factor in factors:
        if isinstance(factor, Delta | Guard):
            here = _gate(factor, scope)
            gate = here if gate is None else gate & here
    rest = [f for f in factors if not isinstance(f, Delta | Guard)]
    if gate is None or gate.all():
        return _all_of(rest, scope)
    if not gate.any():
        return scope.constant(Fraction(0))
    return select(gate, _all_of(rest, scope.under(gate)), 0, scope)


def _all_of(factors: list[Expr], scope: Scope) -> Step:
    """The product; in a maximum, what does not win adds nothing, be it infinite."""
    if (winner := picks(factors)) is None:
        return _multiply(factors, scope)
    mask = step_of(winner, scope)
    value = _multiply([f for f in factors if f is not winner], scope)

    def picked(env: Mapping[str, Array], number: Numbers) -> Array:
        won = mask(env, number)
        whole = number.multiply(won, value(env, number))
        if number.winner is not None:
            return whole
        lost = number.plain(won) == 0
        (spread,) = alike((whole,), np.shape(lost), number)
        return number.xp.where(lost, number.constant(Fraction(0)), spread)

    return picked


def _multiply(factors: list[Expr], scope: Scope) -> Step:
    if not factors:
        return scope.constant(Fraction(1))
    first, *others = [step_of(f, scope) for f in factors]

    def multiplied(env: Mapping[str, Array], number: Numbers) -> Array:
        total = first(env, number)
        for factor in others:
            total = number.multiply(total, factor(env, number))
        return total

    return multiplied


def _add(terms: tuple[Expr, ...], scope: Scope) -> Step:
    first, *others = [step_of(t, scope) for t in terms]

    def added(env: Mapping[str, Array], number: Numbers) -> Array:
        total = first(env, number)
        for term in others:
            total = number.add(total, term(env, number))
        return total

    return added


def _summation(expr: Summation, scope: Scope) -> Step:
    spans = {a: span_of(a) for a in expr.axes}
    if any(extent(span) == 0 for span in spans.values()):
        return scope.constant(Fraction(0))
    used = {a: span for a, span in spans.items() if a in expr.body.free_axes}
    repeats = prod(extent(span) for a, span in spans.items() if a not in used)
    return _repeated(_sum_over(expr.body, used, scope), repeats, scope)


def _sum_over(body: Expr, spans: dict[Axis, Span], scope: Scope) -> Step:
    """Sum over ``spans``, in halves where the summands would not fit into one array."""
    if not spans:
        return step_of(body, scope)
    longest = max(spans, key=lambda a: extent(spans[a]))
    lo, hi = spans[longest]
    if terms(body, {**scope.spans, **spans}) > scope.dense and lo < hi:
        half = (lo + hi) // 2
        low = _sum_over(body, {**spans, longest: (lo, half)}, scope)
        high = _sum_over(body, {**spans, longest: (half + 1, hi)}, scope)
        return lambda env, number: number.add(low(env, number), high(env, number))
    return _summed(step_of(body, scope.within(spans)), list(spans.values()), scope)


def _summed(summand: Step, spans: Sequence[Span], scope: Scope) -> Step:
    """The sum over all dimensions behind those of the scope."""
    first = len(scope.spans)
    dimensions = tuple(range(first, first + len(spans)))
    extents = tuple(map(extent, spans))

    def total(env: Mapping[str, Array], number: Numbers) -> Array:
        array = summand(env, number)
        # A dimension of length 1 that should be longer: the summand turned out not to depend on it.
        lengths = np.shape(array)[first:]
        repeats = prod(e for e, n in zip(extents, lengths, strict=True) if n == 1)
        summed = number.total(array, dimensions)
        return summed if repeats == 1 else number.multiply(summed, times(repeats)(env, number))

    def times(repeats: int) -> Step:
        return scope.constant(Fraction(repeats))

    return total


def _repeated(step: Step, repeats: int, scope: Scope) -> Step:
    if repeats == 1:
        return step
    times = scope.constant(Fraction(repeats))
    return lambda env, number: number.multiply(step(env, number), times(env, number))
