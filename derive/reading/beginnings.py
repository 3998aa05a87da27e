"""What begins the recurrences of a sheet, and whether they are whole."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from derive.equations import Equation, Tensor
from derive.errors import IllFormed, Problem
from derive.expr import accesses
from derive.loops import Loop, NoLoop, blocks
from derive.reading.definition import Definition, Written
from derive.reading.names import readable
from derive.reading.recurrences import require_whole, starts
from derive.reading.sheet_symbols import SheetSymbols

Placing = Callable[[Written, Problem], Problem]
"""A problem with its place in the document."""


def begun(
    pairs: Sequence[tuple[Definition, Equation]],
    symbols: SheetSymbols,
    zero: Container[str],
    at: Placing,
) -> list[Equation]:
    """The equations that begin recurrences with what is given; ranges reach to there.

    Raises `IllFormed` by ``at`` for a circle that is no recurrence, and for places that are defined
    twice or never.
    """
    first: dict[str, Definition] = {}
    for d, e in pairs:
        if e.place is None or e.tensor not in first:
            first[e.tensor] = d
        _require_ranks(d, e, symbols.tensors, at)
    try:
        loops = [b for b in blocks([e for _, e in pairs]) if isinstance(b, Loop)]
    except NoLoop as problem:
        names = ", ".join(first[n].shown for n in problem.tensors)
        error = IllFormed(f"{names}: each is defined by the others", expected=problem.expected)
        raise at(first[problem.tensors[0]].written, error) from problem
    found = []
    for loop in loops:
        for start in starts(loop, symbols.tensors, zero, symbols.fresh_name):
            found.append(symbols.begin(start, loop))
        for e in loop.equations:
            try:
                require_whole(loop, e.tensor, symbols.tensors, found, first[e.tensor].shown)
            except Problem as problem:
                raise at(first[e.tensor].written, problem) from problem
    return found


def _require_ranks(
    d: Definition, equation: Equation, tensors: Mapping[str, Tensor], at: Placing
) -> None:
    """Raise where the equation read a recurrence before its shape was known, and wrongly."""
    for access in accesses(equation.rhs):
        known = tensors.get(access.tensor)
        if known is not None and known.rank != len(access.indices):
            shown = readable(known.notation.head)
            advice = f"declare its type at one time, as in types: {{{shown}_t: column n}}"
            error = IllFormed(f"the shape of {shown} is not known where it is read", advice=advice)
            raise at(d.written, error)
