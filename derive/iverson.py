r"""Guards, deltas and windows as LaTeX: Iverson brackets, limits of sums, ceilings and floors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.expr import Delta, Expr, Guard, indices_of, walk
from derive.index import Axis, Index
from derive.limits import Window, inequalities
from derive.typeset import Names, axis_latex, index_latex, is_short


def iverson(gates: Sequence[Expr], beside: Sequence[Expr], names: Names) -> list[str]:
    """Brackets that are 1 where they hold: deltas as equations, guards as double inequalities.

    Each is said once, and none that always holds. What stands ``beside`` the gates tells about
    which index an inequality is best said.
    """
    deltas = [g.index for g in gates if isinstance(g, Delta) and g.index.value != 0]
    out = [f"[{_equation(i, names)}]" for i in deltas]
    read = [i for b in beside for n in walk(b) for i in indices_of(n)]
    for said in inequalities([g.index for g in gates if isinstance(g, Guard)], read):
        sides = (said.low, said.body, said.high)
        out.append(_between(index_latex(s, names) for s in sides if s is not None))
    return sorted(set(out))


def _between(sides: Iterable[str]) -> str:
    return "[" + r" \le ".join(sides) + "]"


def _equation(index: Index, names: Names) -> str:
    """``index = 0`` with one axis on the left, so that little is subtracted on the right."""
    alone = []
    for axis in index.axes:
        if (c := index.coefficient(axis).value) in (1, -1):
            rest = -index.without(axis) if c == 1 else index.without(axis)
            right = index_latex(rest, names)
            alone.append((right.count("-"), axis_latex(axis, names), right))
    if alone:
        _, left, right = min(alone)
        return f"{left} = {right}"
    return f"{index_latex(index - index.constant, names)} = {index_latex(-index.constant, names)}"


def point_latex(held: Window, names: Names) -> str:
    """The one value of a window that is a point, by whichever rounding has less to say."""
    return _floor(held, names) if held.rounds_down else _ceiling(held, names)


def condition_latex(held: Window, names: Names) -> list[str]:
    """What must still be said where the point may leave the axis's own range, if anything."""
    sides = [
        *([] if held.fits_low else [index_latex(held.axis.lo, names)]),
        point_latex(held, names),
        *([] if held.fits_high else [index_latex(held.axis.hi, names)]),
    ]
    return [_between(sides)] if len(sides) > 1 else []


def limits_latex(axis: Axis, held: Window | None, names: Names) -> tuple[str, str]:
    """Lower and upper limit of the sum over ``axis``, within its window if it has one."""
    low, high = index_latex(axis.lo, names), index_latex(axis.hi, names)
    if held is not None and not held.starts_inside:
        own = _ceiling(held, names)
        low = own if held.fits_low else rf"\max({low}, {own})"
    if held is not None and not held.ends_inside:
        own = _floor(held, names)
        high = own if held.fits_high else rf"\min({high}, {own})"
    return low, high


def _ceiling(held: Window, names: Names) -> str:
    return rf"\lceil {_quotient(held.low, held.stride, names)} \rceil"


def _floor(held: Window, names: Names) -> str:
    return rf"\lfloor {_quotient(held.high, held.stride, names)} \rfloor"


def _quotient(top: Index, bottom: Index, names: Names) -> str:
    sides = (
        index_latex(i, names) if is_short(i) else f"({index_latex(i, names)})"
        for i in (top, bottom)
    )
    return "/".join(sides)
