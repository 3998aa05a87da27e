"""The part of an array that is read: of a Jacobian a formula often names a few elements alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derive.equations import Equation
from derive.expr import Expr, accesses, substitute
from derive.index import Axis, Index, greatest, least
from derive.scope import Span, span_of

Part = tuple[Span, ...]
"""What is read along each dimension."""


def part_read(tensor: str, exprs: Iterable[Expr], whole: Sequence[Span]) -> Part:
    """The least part of ``tensor``, which runs over ``whole``, that holds all that ``exprs`` read.

    All of it where that cannot be told, or where a read leaves it altogether.
    """
    reads = [a.indices for e in exprs for a in accesses(e) if a.tensor == tensor]
    if not reads:
        return tuple(whole)
    columns = zip(*reads, strict=True)
    return tuple(_between(column, span) for column, span in zip(columns, whole, strict=True))


def _between(indices: Iterable[Index], whole: Span) -> Span:
    ends = [(least(i), greatest(i)) for i in indices]
    numbers = [end.value for pair in ends for end in pair if end is not None]
    known = [n for n in numbers if n is not None]
    if len(known) < 2 * len(ends):
        return whole
    lo, hi = max(min(known), whole[0]), min(max(known), whole[1])
    return (lo, hi) if lo <= hi else whole


def over_part(equation: Equation, part: Part) -> Equation:
    """The equation for these elements alone; its axes run over the whole of its tensor."""
    if part == tuple(map(span_of, equation.axes)):
        return equation
    pairs = zip(equation.axes, part, strict=True)
    axes = tuple(Axis(a.name, Index.of(lo), Index.of(hi)) for a, (lo, hi) in pairs)
    along = {old: Index.of(new) for old, new in zip(equation.axes, axes, strict=True)}
    return replace(equation, axes=axes, rhs=substitute(equation.rhs, along))


def slices(part: Part, whole: Sequence[Span]) -> tuple[slice, ...]:
    """Where the part lies in an array of the whole."""
    pairs = zip(part, whole, strict=True)
    return tuple(slice(lo - first, hi - first + 1) for (lo, hi), (first, _) in pairs)
