"""The order in which equations are evaluated: every tensor before those that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from derive.reading.letters import factors
from derive.reading.lexicon import Lexicon
from derive.reading.names import is_bare
from derive.reading.surface import Node

T = TypeVar("T")


class Circle(Exception):
    """Items that need each other, in the order given."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def in_order(
    items: Sequence[T], name: Callable[[T], str], needs: Callable[[T], frozenset[str]]
) -> list[T]:
    """The items with what they need before them; independent ones stay as given.

    Needs that no item satisfies are ignored. Raises `Circle` where items need each other.
    """
    waiting = {name(i): i for i in items}
    wanted = {n: needs(i) & waiting.keys() for n, i in waiting.items()}
    done: list[T] = []
    while waiting:
        ready = next((n for n in waiting if not wanted[n] & waiting.keys()), None)
        if ready is None:
            raise Circle(tuple(waiting))
        done.append(waiting.pop(ready))
    return done


def tensors_read(node: Node, lexicon: Lexicon) -> Iterator[str]:
    """The tensors that ``node`` reads: none for a label, or an index letter, of that name."""
    for item in factors(node):
        match = lexicon.match(item)
        if match is None:
            inside = (*item.name.sub, *item.name.sup, *(item.args or ()))
        else:
            yield match.entry.tensor
            slots = (s for s in match.slots if s is not None and not is_bare(s))
            inside = (*slots, *match.powers, *(match.extra or ()))
        for part in inside:
            yield from tensors_read(part, lexicon)
