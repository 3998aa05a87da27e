"""Manners of writing that a whole deck may follow, each a change of the scope it is read in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.expr import substitute
from derive.index import Axis, Index
from derive.reading.gradient_shapes import LAYOUT, OWN_SHAPE, STRICT
from derive.reading.lexicon import Entry
from derive.reading.scope import Scope, with_prefix

Manner = Callable[[Scope], Scope]


def counted_from_zero(scope: Scope) -> Scope:
    """Every index that the model counts from 1 is counted from 0."""
    return _each_entry(scope, _from_zero)


def vectors_are_rows(scope: Scope) -> Scope:
    """A vector is a row where it would be a column."""
    return _each_entry(scope, lambda e: replace(e, row=True) if e.rank == 1 else e)


def matrices_are_transposed(scope: Scope) -> Scope:
    """Every matrix stands for its transpose."""
    return _each_entry(scope, _turned)


def deltas_mark_gradients(scope: Scope) -> Scope:
    r"""``\delta h`` is the gradient by h."""
    return with_prefix(scope, r"\delta")


def gradients_are_rows(scope: Scope) -> Scope:
    """Derivatives by vectors are rows, and stay so; gradients by matrices have their shape."""
    return scope.declare_operator(LAYOUT, "rows").declare_operator(OWN_SHAPE, STRICT)


def logarithms_are_decimal(scope: Scope) -> Scope:
    r"""``\log`` is the logarithm to the base 10."""
    return replace(scope, functions={**scope.functions, r"\log": "log10"})


def _each_entry(scope: Scope, change: Callable[[Entry], Entry]) -> Scope:
    return scope.declare(*(change(e) for e in scope.lexicon.entries.values()))


def _from_zero(entry: Entry) -> Entry:
    if entry.ranges is None:
        return entry
    one, zero = Index.of(1), Index.of(0)
    added = tuple(one if lo == one else zero for lo, _ in entry.ranges)
    ranges = tuple((lo - k, hi - k) for (lo, hi), k in zip(entry.ranges, added, strict=True))
    if entry.body is not None:
        moved = {a: Index.of(a) + k for a, k in zip(entry.axes, added, strict=True)}
        return replace(entry, ranges=ranges, body=substitute(entry.body, moved))
    before = entry.offsets or (zero,) * entry.rank
    offsets = tuple(o + k for o, k in zip(before, added, strict=True))
    return replace(entry, ranges=ranges, offsets=offsets)


def _turned(entry: Entry) -> Entry:
    if entry.rank != 2 or entry.ranges is None:
        return entry
    first, second = (Axis(f"a{k}", *bounds) for k, bounds in enumerate(entry.ranges))
    body = entry.element((Index.of(first), Index.of(second)))
    return replace(
        entry, ranges=entry.ranges[::-1], axes=(second, first), body=body, tensor="", offsets=()
    )
