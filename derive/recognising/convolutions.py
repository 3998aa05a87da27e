r"""Convolutions: ``(A * B)(o) = sum_s A(o - s) B(s)``, valid or full, every reversal a rot180.

A is the array that moves, B the one that stands still: read at the summed axes themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from derive.equations import Model
from derive.expr import Access
from derive.index import Axis, Index, greatest, surely_nonnegative
from derive.recognising.term import Term, running_axis
from derive.steps import Compact


def convolution(term: Term) -> Compact | None:
    """Two reads, one of them a window along every array axis of the left side."""
    if term.rest or len(term.reads) != 2:
        return None
    for moving, still in permutations(term.reads):
        summed = term.runs(still)
        if not summed or not set(summed) <= set(term.axes):
            continue
        found = _slides(term, moving, summed)
        mode = None if found is None else _mode(term.guards, found)
        if found is not None and mode is not None and _sums_labels(term, summed):
            return _form(term, moving, still, found, mode)
    return None


@dataclass(frozen=True)
class _Slide:
    """``index = ±out ± summed + constant`` in an axis ``lo..hi`` of the moving array."""

    index: Index
    out: int
    summed: Axis
    sign: int
    lo: Index
    hi: Index

    @property
    def overhang(self) -> tuple[Index | None, Index | None]:
        """How far the index goes beyond the array, below and above."""
        return greatest(self.lo - self.index), greatest(self.index - self.hi)

    @property
    def guards(self) -> tuple[Index, ...]:
        """ "Zero outside", without what always holds."""
        sides = (self.index - self.lo, self.hi - self.index)
        return tuple(g for g in sides if not surely_nonnegative(g))


def _slides(term: Term, moving: Access, summed: Sequence[Axis]) -> list[_Slide] | None:
    """One slide per array axis, the axes of both sides in order."""
    indices, ranges = term.indices(moving), term.ranges(moving)
    if not len(indices) == len(summed) == len(term.own_axes):
        return None
    found = []
    for index, bounds, out, axis in zip(indices, ranges, term.own_axes, summed, strict=True):
        signs = index.coefficient(out).value, index.coefficient(axis).value
        if index.axes != {out, axis} or signs[0] not in (1, -1) or signs[1] not in (1, -1):
            return None
        found.append(_Slide(index, signs[0], axis, signs[1], *bounds))
    return found


def _mode(guards: Sequence[Index], slides: Sequence[_Slide]) -> str | None:
    """Valid where the window stays inside and touches both ends, full where the two arrays overlap
    in one element at either end and exactly "zero outside" is said."""
    nothing = Index.of(0)
    if not guards and all(s.overhang == (nothing, nothing) for s in slides):
        return "valid convolution"
    beyond = all(s.overhang == (s.summed.extent - 1, s.summed.extent - 1) for s in slides)
    outside = {g for s in slides for g in s.guards}
    return "full convolution" if beyond and set(guards) == outside else None


def _sums_labels(term: Term, windowed: Sequence[Axis]) -> bool:
    """The other summed axes run over all labels of one of the arrays; no window labels an array."""
    others = set(term.axes) - set(windowed)
    if not term.are_labelled_by(term.reads, {*term.own_labels, *others}):
        return False
    run = (
        running_axis(index, bounds)
        for read in term.reads
        for index, bounds in zip(read.indices, term.tensor(read).ranges, strict=True)
    )
    return others <= set(run)


def _form(
    term: Term, moving: Access, still: Access, slides: Sequence[_Slide], mode: str
) -> Compact | None:
    """A reversed output index rotates the moving array, equal signs the other one."""
    signs = {(s.out, s.sign) for s in slides}
    if len(signs) != 1:
        return None
    ((out, sign),) = signs
    turned = (out < 0, out == sign)
    left, right = (
        term.array(a, "rot" if turn else "")
        for a, turn in zip((moving, still), turned, strict=True)
    )
    windowed = {s.summed for s in slides}
    prefix = "".join(rf"\sum_{{{term.names[a]}}} " for a in term.axes if a not in windowed)
    convolved = _convolved(left, right, term.model)
    return term.form(prefix + convolved, mode, *(("rot180",) if any(turned) else ()))


def _convolved(left: str, right: str, model: Model) -> str:
    """``A * B``, in words where a sheet has another use for the star."""
    if model.operators.get("*", "convolution") == "convolution":
        return f"{left} * {right}"
    return rf"\operatorname{{convolution}}\left({left}, {right}\right)"
