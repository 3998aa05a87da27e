r"""Letters in scripts that front matter shows to be labels: p of ``types: {f^p: matrix N d}``."""

from __future__ import annotations

from derive.errors import Problem
from derive.reading.declarations import Front
from derive.reading.names import head, is_bare
from derive.reading.parse import parse
from derive.reading.surface import Name

Label = tuple[str, str]


def declared_labels(front: Front) -> frozenset[Label]:
    """Letters above a typed symbol with its head; with none, letters alone below: u of ``W_u``.

    A letter below labels several symbols (``W_u``, ``b_u``, ``p_u``) and is no index of any.
    """
    found: set[Label] = set()
    for latex in front.mapping("types"):
        try:
            items = parse(latex).items
        except Problem:
            continue  # told where types are read
        for name in (n for n in items if isinstance(n, Name)):
            found |= {(head(name), item.base) for item in name.sup if isinstance(item, Name)}
            if len(name.sub) == 1 and is_bare(name.sub[0]) and isinstance(name.sub[0], Name):
                found.add(("", name.sub[0].base))
    return frozenset(found)
