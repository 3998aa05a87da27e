r"""Two symbols that stand in each other's place: ``V^T a + W^T b`` for ``W^T a + V^T b``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from derive.reading.surface import Name, Node, walk
from verify.mending.edit import Edit, typed
from verify.mending.indices import index_nodes

MOST = 8
"""Symbols of a side among which pairs are looked for."""


def symbols_exchanged(side: Node, text: str) -> Iterator[Edit]:
    """Two symbols without scripts of their own exchanged throughout a side."""
    inside = index_nodes(side)
    names = [n for n in walk(side) if isinstance(n, Name) and id(n) not in inside]
    places = {(n.span.start, n.base): n for n in names if not n.accents}
    bases = list(dict.fromkeys(base for _, base in sorted(places)))
    for one, two in combinations(bases, 2) if len(bases) <= MOST else ():
        new = typed(side, text)
        for start, base in sorted(places, reverse=True):
            if base in (one, two):
                at = start - side.span.start
                other = two if base == one else one
                new = new[:at] + other + new[at + len(base) :]
        yield Edit(side.span, new, f"${one}$ and ${two}$ are exchanged", 5)
