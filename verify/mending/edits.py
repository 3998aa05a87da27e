r"""The one-edit neighbourhood of a formula: the slips that people make, each undone in the text.

An edit replaces one stretch of the author's LaTeX and leaves the rest as typed. Edits come in the
order of how near they are: a sign or a shift of an index, indices swapped, a constant, a bound or a
label, a factor, a whole operation. Nothing here knows whether an edit is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.reading.surface import Name, Node, Numeral, Relation, Sequence, walk
from verify.mending.brackets import brackets
from verify.mending.cells import cell_signs
from verify.mending.comparisons import comparisons
from verify.mending.edit import Edit
from verify.mending.exchanged import symbols_exchanged
from verify.mending.factors import FACTOR_EDITS, other_symbol, whole_side
from verify.mending.indices import INDEX_EDITS, index_nodes, letters_exchanged
from verify.mending.ones import ones
from verify.mending.powers import exponents
from verify.mending.raised import lost_powers
from verify.mending.sums import unused_letters
from verify.mending.throughout import throughout
from verify.mending.windows import other_window


def edits(text: str, tree: Sequence, symbols: tuple[str, ...] = ()) -> list[Edit]:
    """Every edit of the asserted sides in ``tree``, which was parsed from ``text``, nearest first.

    ``symbols`` are heads that may take each other's place.
    """
    found: list[Edit] = []
    for side in _asserted(tree):
        inside, places = index_nodes(side), _labels(side)
        for node in walk(side):
            for make in INDEX_EDITS:
                where = places.get(id(node), "")
                found.extend(replace(e, what=where + e.what) for e in make(node, text))
            found.extend(unused_letters(node, text))
            found.extend(comparisons(node, text))
            found.extend(other_window(node, text))
            if id(node) not in inside:
                for make in (*FACTOR_EDITS, cell_signs, exponents, brackets, ones):
                    found.extend(make(node, text))
                found.extend(other_symbol(node, symbols))
        found.extend(letters_exchanged(side, text))
        found.extend(lost_powers(side, text))
        found.extend(symbols_exchanged(side, text))
        found.extend(whole_side(side, text))
    found.extend(throughout(text, tree))
    unique = {(e.span, e.new): e for e in sorted(found, key=lambda e: -e.cost)}
    return sorted(
        (e for e in unique.values() if text[e.span.start : e.span.end] != e.new),
        key=lambda e: (e.cost, e.span.start, e.new),
    )


def _asserted(tree: Sequence) -> Iterator[Node]:
    """The sides that are asserted: all but the head of each relation."""
    for item in tree.items:
        if isinstance(item, Relation):
            yield from item.sides[1:]


def _labels(side: Node) -> dict[int, str]:
    """Where the numbers stand that are labels or indices of a symbol, in words."""
    found: dict[int, str] = {}
    for node in walk(side):
        if isinstance(node, Name):
            found |= {id(n): "upper index " for n in node.sup if isinstance(n, Numeral)}
            found |= {id(n): "lower index " for n in node.sub if isinstance(n, Numeral)}
    return found
