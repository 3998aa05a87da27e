"""Rung 1: every element that a formula reads exists.

An access is safe where its indices stay in the tensor's ranges for all values of its axes at which
no bracket (`Guard`, `Delta`) before it is zero. A stray one is reported at the first index values
at which it is read, so that the message can say "S(0, j) is read for i = 1, u = 1, but S starts at
1".
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derive.equations import Tensor
from derive.errors import LimitExceeded
from derive.expr import Access, Delta, Expr, Guard, Product, accesses, children, product, rewrite
from derive.index import Axis, Index, Symbol, surely_nonnegative
from derive.scope import require_small

LARGEST_GRID = 4_000_000
"""Most index values that are looked at to decide about one access."""

Bracket = Guard | Delta


@dataclass(frozen=True)
class Stray:
    """``access`` leaves its tensor at position ``position`` for the index values ``at``.

    ``value`` is what the index is there; ``bound`` the end of the range that it passes.
    """

    access: Access
    position: int
    value: int
    bound: int
    at: Mapping[Axis, int]

    @property
    def below(self) -> bool:
        """True where the index lies before the start of the range."""
        return self.value < self.bound


def strays(expr: Expr, tensors: Mapping[str, Tensor]) -> list[Stray]:
    """Every access that leaves its tensor's range, once for each position where it does.

    Ranges of axes and tensors are integers (`Model.at_sizes`). Raises `LimitExceeded` where more
    than `LARGEST_GRID` index values would have to be looked at.
    """
    found = []
    for access, brackets in guarded_accesses(expr):
        if access.tensor not in tensors:
            continue
        for position, (lo, hi) in enumerate(tensors[access.tensor].ranges):
            stray = _stray(access, position, lo, hi, brackets)
            if stray is not None and stray not in found:
                found.append(stray)
    return found


def surely_safe(expr: Expr, tensors: Mapping[str, Tensor]) -> bool:
    """True where no access can leave its range for any admissible sizes; sound, not complete."""
    for access in accesses(expr):
        if access.tensor not in tensors:
            continue
        for index, (lo, hi) in zip(access.indices, tensors[access.tensor].ranges, strict=True):
            if not (surely_nonnegative(index - lo) and surely_nonnegative(hi - index)):
                return False
    return True


def guarded_accesses(
    expr: Expr, brackets: tuple[Bracket, ...] = ()
) -> Iterator[tuple[Access, tuple[Bracket, ...]]]:
    """Every access with the brackets that stand as factors around it."""
    if isinstance(expr, Access):
        yield expr, brackets
    if isinstance(expr, Product):
        brackets += tuple(f for f in expr.factors if isinstance(f, Bracket))
    for part in children(expr):
        yield from guarded_accesses(part, brackets)


def zero_outside(
    expr: Expr,
    tensors: Mapping[str, Tensor],
    names: Container[str],
    offsets: Mapping[str, tuple[Index, ...]] | None = None,
) -> Expr:
    """The same formula read as if the tensors ``names`` were zero outside their ranges.

    Every window of theirs, such as ``i + u``, that may leave its range is put behind its brackets.
    A running index alone is not excused: its own range is wrong where it leaves the tensor.
    ``offsets`` gives what was added to the written indices of a tensor.
    """

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or node.tensor not in names:
            return node
        added = (offsets or {}).get(node.tensor, (Index.of(0),) * len(node.indices))
        guards = []
        ranges = tensors[node.tensor].ranges
        for index, plus, (lo, hi) in zip(node.indices, added, ranges, strict=True):
            if not _alone(index - plus):
                guards += [g for g in (index - lo, hi - index) if not surely_nonnegative(g)]
        return product(*(Guard(g) for g in guards), node)

    return rewrite(expr, rule)


def _alone(index: Index) -> bool:
    """A running index and nothing else."""
    return len(index.axes) == 1 and index == Index.of(next(iter(index.axes)))


def _stray(
    access: Access, position: int, lo: Index, hi: Index, brackets: Sequence[Bracket]
) -> Stray | None:
    index = access.indices[position]
    if _inside(index, _integer(lo), _integer(hi)):
        return None
    for excess, bound in ((lo - index - 1, lo), (index - hi - 1, hi)):
        if surely_nonnegative(-excess - 1):
            continue
        witness = first_point(excess, brackets)
        if witness is not None:
            value = index.substitute({a: Index.of(n) for a, n in witness.items()}).value or 0
            return Stray(access, position, value, _integer(bound), witness)
    return None


def _inside(index: Index, lo: int, hi: int) -> bool:
    """True where no values of the axes, all in ranges of integers, lead out of ``lo..hi``."""
    low = high = 0
    for monomial, coefficient in index.terms:
        if not monomial:
            low, high = low + coefficient, high + coefficient
            continue
        axis = monomial[0]
        if len(monomial) > 1 or not isinstance(axis, Axis):
            return False
        ends = coefficient * _integer(axis.lo), coefficient * _integer(axis.hi)
        low, high = low + min(ends), high + max(ends)
    return lo <= low and high <= hi


def first_point(excess: Index, brackets: Sequence[Bracket]) -> dict[Axis, int] | None:
    """The first values of the axes at which ``excess >= 0`` and no bracket is zero, if any.

    Only brackets that share an axis, directly or through another, with ``excess`` can matter.
    """
    relevant = _connected(excess, brackets)
    axes = sorted(excess.axes.union(*(b.index.axes for b in relevant)), key=lambda a: a.uid)
    lengths = [_integer(a.extent) for a in axes]
    if any(n <= 0 for n in lengths):
        return None  # an empty sum reads nothing
    if np.prod(lengths, dtype=float) > LARGEST_GRID:
        raise LimitExceeded(f"{np.prod(lengths, dtype=float):.0f} index values to check")
    farthest = max((abs(_integer(end)) for a in axes for end in (a.lo, a.hi)), default=1)
    for index in (excess, *(b.index for b in relevant)):
        require_small(index, farthest)
    grid = np.ogrid[tuple(slice(0, n) for n in lengths)] if axes else []
    values: dict[Symbol, object] = {a: g + _integer(a.lo) for a, g in zip(axes, grid, strict=True)}
    holds = np.broadcast_to(excess.evaluate(values.__getitem__) >= 0, tuple(lengths))
    for bracket in relevant:
        where = bracket.index.evaluate(values.__getitem__)
        holds = holds & (where == 0 if isinstance(bracket, Delta) else where >= 0)
    if not holds.any():
        return None
    place = np.unravel_index(int(np.argmax(holds)), holds.shape) if axes else ()
    return {a: int(p) + _integer(a.lo) for a, p in zip(axes, place, strict=True)}


def _connected(excess: Index, brackets: Sequence[Bracket]) -> list[Bracket]:
    """The brackets that share axes with ``excess``, closed under sharing."""
    axes, chosen, rest = set(excess.axes), [], list(brackets)
    while near := [b for b in rest if b.index.axes & axes or not b.index.axes]:
        chosen += near
        rest = [b for b in rest if b not in near]
        axes.update(*(b.index.axes for b in near))
    return chosen


def _integer(index: Index) -> int:
    value = index.value
    if value is None:
        raise ValueError(f"{index} is no integer: put the sizes in first")
    return value


def over_nothing(axes: Iterable[Axis]) -> str | None:
    """That one of the indices for which a formula is stated has no value at all."""
    for axis in axes:
        lo, hi = axis.lo.value, axis.hi.value
        if lo is not None and hi is not None and lo > hi:
            return f"nothing is stated: {axis.name} runs from {lo} to {hi}"
    return None
