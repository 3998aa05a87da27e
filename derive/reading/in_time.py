r"""The letter of time where nobody says what it runs over: wherever all that is read exists.

``\delta_t = W^T \delta_{t+1}`` cannot be meant for the last t, where there is no t + 1: it is read
for those before. A range that the author wrote stays as it is, and so does what is declared to be
zero outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.equations import Model, Range, adjoint_of, slope_of
from derive.expr import Access, Delta, Expr, Guard, Product, children
from derive.index import Axis, Index, surely_nonnegative
from derive.loops import Loop
from derive.reading.bounds import read_bounds
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence


def narrowed(
    sentence: Sentence, sides: list[Expr], letters: Mapping[str, Axis], scope: Scope
) -> Scope | None:
    """The scope in which times run over less, ``None`` where nothing is read outside its range."""
    model = scope.model
    if model is None or not model.clock:
        return None
    written = {b.letter for q in sentence.quantifiers for b in read_bounds(q, None)}
    found: dict[str, Axis] = {}
    for letter, axis in letters.items():
        if letter in written or not (letter in model.clock or _is_time(axis, sides, model)):
            continue
        lo, hi = axis.lo, axis.hi
        for low, high in _reach(axis, sides, model, scope.outside):
            lo = low if surely_nonnegative(low - lo) else lo
            hi = high if surely_nonnegative(hi - high) else hi
        if (lo, hi) != (axis.lo, axis.hi) and surely_nonnegative(hi - lo):
            found[letter] = Axis(letter, lo, hi)
    return replace(scope, given={**scope.given, **found}) if found else None


def _is_time(axis: Axis, sides: list[Expr], model: Model) -> bool:
    r"""Whether ``axis`` is the time of a state: k of ``\partial h_k / \partial h_{k-1}``."""
    position = {t: k for b in model.blocks if isinstance(b, Loop) for t, k in b.position.items()}
    for access in (a for side in sides for a in _unguarded(side)):
        first = 0
        for name in slope_of(access.tensor) or (adjoint_of(access.tensor) or access.tensor,):
            if name in position and axis in access.indices[first + position[name]].axes:
                return True
            first += model.tensors[name].rank if name in model.tensors else 0
    return False


def summed(axes: tuple[Axis, ...], body: Expr, scope: Scope) -> dict[str, Axis]:
    r"""Times under a sum that nobody bounds and that read what is not there, over what is.

    ``\sum_t \delta_{t+1} h_t^T`` runs from 0, where h begins, to the last t but one.
    """
    model = scope.model
    found: dict[str, Axis] = {}
    for axis in axes if model is not None and model.clock else ():
        bounds = model.clock.get(axis.name) if model is not None else None
        if model is None or bounds != (axis.lo, axis.hi):
            continue
        reach = list(_reach(axis, [body], model, scope.outside))
        if all(_covers(low, high, axis) for low, high in reach):
            continue
        lo, hi = reach[0]
        for low, high in reach[1:]:
            lo = low if surely_nonnegative(low - lo) else lo
            hi = high if surely_nonnegative(hi - high) else hi
        if surely_nonnegative(hi - lo):
            found[axis.name] = Axis(axis.name, lo, hi)
            scope.note(f"{axis.name} runs over {lo}..{hi}, where all that is read exists")
    return found


def _covers(low: Index, high: Index, axis: Axis) -> bool:
    return surely_nonnegative(axis.lo - low) and surely_nonnegative(high - axis.hi)


def _reach(axis: Axis, sides: list[Expr], model: Model, zero: frozenset[str]) -> Iterator[Range]:
    """Where each read that moves with ``axis`` exists."""
    for access in (a for side in sides for a in _unguarded(side)):
        adjoint = adjoint_of(access.tensor)
        names = slope_of(access.tensor) or (adjoint or access.tensor,)
        if (
            not model.tensors.keys() >= set(names)
            or "all" in zero
            or (adjoint and "gradients" in zero)
        ):
            continue
        ranges = [bounds for name in names for bounds in model.tensors[name].ranges]
        for index, (lo, hi) in zip(access.indices, ranges, strict=True):
            added = index - axis
            if axis in index.axes and not added.axes:
                yield lo - added, hi - added


def _unguarded(expr: Expr) -> Iterator[Access]:
    """The reads that no bracket stands before."""
    if isinstance(expr, Access):
        yield expr
    if isinstance(expr, Product) and any(isinstance(f, Delta | Guard) for f in expr.factors):
        return
    for part in children(expr):
        yield from _unguarded(part)
