"""Symbols that are written alike are matched alike: where in a symbol its slots and powers stand.

Displays show one symbol a hundred times, and formulas are read again and again; what was found for
one holds for all that have its form (`Node.form`), each with its own nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.reading.names import spread
from derive.reading.surface import Name, Node

Items = tuple[Node, ...]


@dataclass(frozen=True)
class Places:
    """The numbers of slots (``None`` where omitted) and powers among the `items` of a symbol."""

    slots: tuple[int | None, ...]
    powers: tuple[int, ...]

    def filled(self, own: Items) -> tuple[tuple[Node | None, ...], Items]:
        """The slots and powers of a symbol with these items."""
        slots = tuple([None if k is None else own[k] for k in self.slots])
        return slots, tuple([own[k] for k in self.powers])


def places(slots: Iterable[Node | None], powers: Iterable[Node], own: Items) -> Places | None:
    """Where they stand among ``own``; ``None`` where one of them is made anew."""
    numbers = {id(node): k for k, node in enumerate(own)}
    try:
        return Places(
            tuple([None if n is None else numbers[id(n)] for n in slots]),
            tuple([numbers[id(n)] for n in powers]),
        )
    except KeyError:
        return None


def items(name: Name, args: Items | None) -> Items:
    """Its scripts, in one piece and taken apart, and its arguments."""
    return (*name.sub, *spread(name.sub), *name.sup, *spread(name.sup), *(args or ()))
