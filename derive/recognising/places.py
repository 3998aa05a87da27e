r"""Arrays whose elements only change place: upsampled by a window, or a vector folded back.

A[ceil(i/s)]               where a window is as wide as its stride
v[i + N*(j-1) + N*M*(q-1)] the elements of a vector as maps, column by column
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.index import Axis, Index, greatest, least
from derive.latex import latex, quantifiers
from derive.limits import window
from derive.radix import digits
from derive.recognising.term import Term, single_axes
from derive.steps import Compact
from derive.typeset import parenthesised


def upsampling(term: Term) -> Compact | None:
    """One read at ``ceil(i/s)`` (or a floor) along every summed axis, wherever the left side is.

    The windows are single points within the array, and nothing else is guarded.
    """
    if term.rest or len(term.reads) != 1 or not term.axes:
        return None
    held = [window(axis, term.guards, term.axes) for axis in term.axes]
    points = [w for w in held if w is not None and w.is_point and w.fits_low and w.fits_high]
    if len(points) != len(held) or {g for w in points for g in w.guards} != set(term.guards):
        return None
    read = single_axes(term.reads[0].indices)
    if read is None or not set(term.axes) <= set(read):
        return None
    rounding = {"floor" if w.rounds_down else "ceil" for w in points}
    sides = (latex(e, term.model, term.names) for e in (term.equation.lhs, term.equation.rhs))
    return Compact(" = ".join(sides), ("upsample", *sorted(rounding)))


def unflattening(term: Term) -> Compact | None:
    """One read of a whole vector at a mixed-radix number of the left side's axes."""
    axes = term.equation.axes
    if term.axes or term.rest or term.guards or len(term.reads) != 1 or len(axes) < 2:
        return None
    (read,) = term.reads
    if len(read.indices) != 1 or not _is_onto(read.indices[0], axes, term):
        return None
    column = term.array(read, "T" if term.tensor(read).row else "")
    folded = _folding(read.indices[0], term) + parenthesised(column)
    labels = ", ".join(quantifiers(term.own_labels, term.names))
    maps = term.array(term.equation.lhs)
    whole = rf"\left\{{{maps}\right\}}_{{{labels}}}" if labels else maps
    return Compact(f"{whole} = {term.scale}{folded}", ("reshape",))


def _is_onto(place: Index, axes: Sequence[Axis], term: Term) -> bool:
    """Every element of the vector is read once: the digits are unique and nothing is left over."""
    other = place.substitute({a: Index.of(a.like()) for a in axes})
    count = Index.of(1)
    for axis in axes:
        count = count * axis.extent
    ((lo, hi),) = term.tensor(term.reads[0]).ranges
    ends = (least(place), greatest(place))
    return len(digits(place - other)) == len(axes) and ends == (lo, hi) and count == hi - lo + 1


def _folding(place: Index, term: Term) -> str:
    """The inverse of the model's own flattening that counts like ``place``, else "reshape"."""
    for name, kind in term.model.functions.items():
        columns = {"vectorise columns": True, "vectorise rows": False}.get(kind)
        if columns is not None and _counts_like(place, _fastest_first(term, columns)):
            return f"{name}^{{-1}}"
    return r"\operatorname{reshape}"


def _fastest_first(term: Term, columns: bool) -> list[Axis]:
    """The axes as a flattening runs through them: within a map by columns or rows, then the maps.

    As `derive.reading.convolution.vectorise` does.
    """
    axes = [*term.own_labels, *term.own_axes]
    maps, inside = axes[:-2], axes[-2:]
    return (inside if columns else inside[::-1]) + maps[::-1]


def _counts_like(place: Index, fastest_first: Sequence[Axis]) -> bool:
    stride = Index.of(1)
    for axis in fastest_first:
        if place.coefficient(axis) != stride:
            return False
        stride = stride * axis.extent
    return True
