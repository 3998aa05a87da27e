r"""What comes out of a recurrence that nothing else reads, where the sheet has no loss.

The gradient of ``h_t`` through all of time is no gradient from above: that of a copy is,
``h_t^{\mathrm{out}} = h_t``. It is made of what each step computes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from derive.equations import Equation
from derive.expr import Access, accesses
from derive.index import Axis, Index
from derive.loops import Loop, blocks
from derive.reading.lexicon import Entry
from derive.reading.sheet_symbols import SheetSymbols

OUT = r"\mathrm{out}"


def loop_outputs(equations: Sequence[Equation], symbols: SheetSymbols) -> Iterator[Equation]:
    """An equation for every output of a recurrence that no equation outside reads."""
    for block in blocks(equations):
        if isinstance(block, Loop) and not _read_outside(block, equations):
            for step in _last(block):
                yield _copy(step, symbols)


def _read_outside(loop: Loop, equations: Iterable[Equation]) -> bool:
    others = (e for e in equations if e.tensor not in loop.tensors)
    return any(loop.tensors & set(e.reads) for e in others)


def _last(loop: Loop) -> list[Equation]:
    """The steps whose tensors no equation reads at the same place."""
    here = {
        a.tensor
        for e in loop.equations
        for a in accesses(e.rhs)
        if a.tensor in loop.tensors and a.indices[loop.position[a.tensor]] == loop.along(e)
    }
    return [e for e in loop.equations if e.place is None and e.tensor not in here]


def _copy(step: Equation, symbols: SheetSymbols) -> Equation:
    known = next(e for e in symbols.scope.lexicon.entries.values() if e.tensor == step.tensor)
    notation = replace(known.notation, sup=(*known.notation.sup, OUT))
    entry = Entry(notation, known.rank, symbols.fresh_name(notation))
    axes = tuple(Axis(a.name, a.lo, a.hi) for a in step.axes)
    symbols.scope = symbols.scope.declare(entry)
    symbols.know(entry, tuple((a.lo, a.hi) for a in axes), known.row)
    return Equation(entry.tensor, axes, Access(step.tensor, tuple(map(Index.of, axes))))
