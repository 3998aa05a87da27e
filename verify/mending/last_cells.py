r"""What stands behind the dots of an array: ``z_1, z_2, \vdots, z_2`` for its end, ``z_n``.

An array that dots lead up to its end ends with the last element. Where an index there is another
number, its last value is put in; below a symbol first the letter that the sheet has for that index,
which means its last value there.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import adjoint_of
from derive.reading.letters import occurrences
from derive.reading.respell import respelled
from derive.reading.surface import Dots, Matrix, Node, Numeral, walk
from derive.typeset import symbol
from verify.claim import sentence_of
from verify.mending.edit import Edit, typed
from verify.mending.screen import Screen

COST = 2


def last_cells(screen: Screen) -> Iterator[Edit]:
    """An edit for each number in the cell behind dots that is not the last value of its index."""
    for side in sentence_of(screen.text).nodes[1:]:
        for array in (n for n in walk(side) if isinstance(n, Matrix)):
            cells = [cell for row in array.rows for cell in row]
            if any(isinstance(cell, Dots) for cell in cells[:-1]):
                yield from _ends(cells[-1], screen)


def _ends(cell: Node, screen: Screen) -> Iterator[Edit]:
    model = screen.setting.bench.model
    for item in occurrences(respelled(cell, screen.scope)):
        match = screen.scope.lexicon.match(item)
        name = match.entry.tensor if match is not None else ""
        base = adjoint_of(name) or name
        if match is None or base not in screen.setting.bench.fixed.tensors:
            continue
        equation = model.by_tensor.get(base)
        ranges = screen.setting.bench.fixed.tensors[base].ranges
        for position, (slot, (_, hi)) in enumerate(zip(match.slots, ranges, strict=False)):
            if not isinstance(slot, Numeral) or slot.value == hi.value or hi.value is None:
                continue
            own, inside = typed(cell, screen.text), position in match.entry.notation.args
            letters = (symbol(equation.axes[position].name),) if equation is not None else ()
            for new in (str(hi.value), *letters) if inside else (*letters, str(hi.value)):
                start, end = slot.span.start - cell.span.start, slot.span.end - cell.span.start
                what = f"the last cell, ${own}$, should be ${own[:start]}{new}{own[end:]}$"
                yield Edit(slot.span, new, what, COST)
