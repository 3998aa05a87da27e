"""Ranges that nobody wrote: of tensors that are only read, and origins that change in mid-air.

A tensor that is only read extends as far as it is read. A computed tensor that is read on a range
of its own length but another origin is shifted, once per reading equation; any other mismatch is an
error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from derive.equations import Equation, Range, Shift, Tensor
from derive.errors import IllFormed
from derive.expr import Access, Expr, Guard, Product, accesses, children, product, rewrite
from derive.index import Axis, Index, Size, greatest, least, surely_nonnegative
from derive.reading.names import readable, whole, written

Sizes = Mapping[Size, int]


def read_range(places: Sequence[tuple[Access, int]], name: str, sizes: Sizes) -> Range:
    """The hull of the values that the indices at ``places`` take over their axes' ranges.

    Raises `IllFormed` where a bound has no known sign or two bounds cannot be compared.
    """
    lows = [_end(least(a.indices[k]), name) for a, k in places]
    highs = [_end(greatest(a.indices[k]), name) for a, k in places]
    return _extreme(lows, -1, name, sizes), _extreme(highs, 1, name, sizes)


def _end(bound: Index | None, name: str) -> Index:
    if bound is None:
        raise IllFormed(
            f"the range on which {name} is read has no known bounds",
            advice=f"declare the type of {name}",
        )
    return bound


def _extreme(bounds: list[Index], sign: int, name: str, sizes: Sizes) -> Index:
    best = bounds[0]
    for other in bounds[1:]:
        if surely_nonnegative(sign * (other - best)):
            best = other
        elif not surely_nonnegative(sign * (best - other)):
            raise IllFormed(
                f"{name} is read up to {best} and up to {other}: the sizes decide which is further",
                advice=f"declare the type of {name}",
            )
    return best


def inferred_ranges(
    tensor: str, rank: int, equations: Sequence[Equation], sizes: Sizes
) -> tuple[Range, ...]:
    """The ranges on which the equations read ``tensor``, one per axis.

    Raises `IllFormed` for a symbol with indices that no equation reads.
    """
    reads = [a for e in equations for a in accesses(e.rhs) if a.tensor == tensor]
    if rank and not reads:
        raise IllFormed(
            f"{tensor} has indices in one place and none in another",
            advice="write z_k = … and z_k throughout, or z(k) beside z",
        )
    return tuple(read_range([(a, k) for a in reads], tensor, sizes) for k in range(rank))


def with_shifts(
    equation: Equation, tensors: Mapping[str, Tensor], sizes: Sizes, zero: frozenset[str]
) -> tuple[Equation, tuple[Shift, ...]]:
    """The equation with its reads brought to the tensors' own origins, and the shifts that did it.

    Tensors in ``zero`` are zero outside their ranges: their reads get guards instead. Raises
    `IllFormed` for a read outside, in the author's notation.
    """
    shifts = []
    for name in equation.reads:
        if name not in tensors:
            continue
        if name in zero:
            equation = replace(equation, rhs=_guarded(equation.rhs, tensors[name]))
            continue
        found = _offsets(tensors[name], equation.rhs, sizes)
        if any(o.terms for o, _ in found):
            offsets = tuple(o for o, _ in found)
            shifts.append(Shift(name, equation.tensor, offsets, tuple(r for _, r in found)))
            equation = replace(equation, rhs=_moved(equation.rhs, name, offsets))
    return equation, tuple(shifts)


def _offsets(tensor: Tensor, rhs: Expr, sizes: Sizes) -> list[tuple[Index, Range]]:
    """Per axis what to add to a written index, and the range as written."""
    reads = list(_guarded_reads(rhs, tensor.name))
    result = []
    for k, (lo, hi) in enumerate(tensor.ranges):
        free = [
            (access, k)
            for access, guards in reads
            if not _kept_inside((access.indices[k] - lo, hi - access.indices[k]), guards)
        ]
        if all(_within(access.indices[k], lo, hi, sizes) for access, _ in free):
            result.append((Index.of(0), (lo, hi)))
            continue
        low, high = read_range(free, tensor.name, sizes)
        if high - low == hi - lo:
            result.append((lo - low, (low, high)))
        else:
            raise outside(tensor, [access for access, _ in free], k, sizes)
    return result


def _kept_inside(distances: tuple[Index, Index], guards: frozenset[Index]) -> bool:
    """Whether a bracket before the read keeps it from an end that it could pass otherwise."""
    safe = [surely_nonnegative(distance) for distance in distances]
    kept = [distance in guards for distance in distances]
    return any(kept) and all(a or b for a, b in zip(safe, kept, strict=True))


def _guarded_reads(
    expr: Expr, name: str, guards: frozenset[Index] = frozenset()
) -> Iterator[tuple[Access, frozenset[Index]]]:
    """Reads of a tensor with the guards that stand before them."""
    if isinstance(expr, Access) and expr.tensor == name:
        yield expr, guards
    if isinstance(expr, Product):
        guards |= {f.index for f in expr.factors if isinstance(f, Guard)}
    for part in children(expr):
        yield from _guarded_reads(part, name, guards)


def _within(index: Index, lo: Index, hi: Index, sizes: Sizes) -> bool:
    """Whether the index stays in ``lo..hi`` over the ranges of its axes."""
    low, high = least(index), greatest(index)
    if low is None or high is None:
        return False
    return _holds(low - lo, sizes) and _holds(hi - high, sizes)


def _holds(difference: Index, sizes: Sizes) -> bool:
    """``difference >= 0`` for all sizes, or at least at the model's."""
    return surely_nonnegative(difference) or _at(difference, sizes, {}) >= 0


def _at(index: Index, sizes: Sizes, axes: Mapping[Axis, int]) -> int:
    number: int = index.evaluate(lambda s: axes[s] if isinstance(s, Axis) else sizes[s])
    return number


def outside(tensor: Tensor, reads: list[Access], position: int, sizes: Sizes) -> IllFormed:
    """The error for a read outside a range, at the index values that reach furthest out."""
    lo, hi = (_at(b, sizes, {}) for b in tensor.ranges[position])
    for access in reads:
        for sign, bound, word in ((1, lo, "starts"), (-1, hi, "ends")):
            at = _corner(sign * access.indices[position], sizes)
            value = _at(access.indices[position], sizes, at)
            if sign * (value - bound) < 0:
                full = at | {
                    a: _at(a.lo, sizes, {}) for i in access.indices for a in i.axes - at.keys()
                }
                texts = tuple(str(_at(i, sizes, full)) for i in access.indices)
                where = ", ".join(f"{a.name} = {v}" for a, v in at.items())
                return IllFormed(
                    f"{readable(written(tensor.notation, texts))} is read for {where}, but "
                    f"{whole(tensor.notation)} {word} at {bound}",
                    advice="declare it zero outside, or mend the index or the range",
                )
    return IllFormed(f"{tensor.name} is read outside its range")


def _corner(index: Index, sizes: Sizes) -> dict[Axis, int]:
    """The values of the axes that make ``index`` least."""
    return {
        a: _at(a.lo if _at(index.coefficient(a), sizes, {}) >= 0 else a.hi, sizes, {})
        for a in sorted(index.axes, key=lambda a: a.uid)
    }


def _moved(rhs: Expr, name: str, offsets: tuple[Index, ...]) -> Expr:
    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor == name:
            return Access(name, tuple(i + o for i, o in zip(node.indices, offsets, strict=True)))
        return node

    return rewrite(rhs, rule)


def _guarded(rhs: Expr, tensor: Tensor) -> Expr:
    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or node.tensor != tensor.name:
            return node
        guards = [
            Guard(slack)
            for index, (lo, hi) in zip(node.indices, tensor.ranges, strict=True)
            for slack in (index - lo, hi - index)
            if not surely_nonnegative(slack)
        ]
        return product(*guards, node)

    return rewrite(rhs, rule)
