r"""Arrays that are whole at a time in one place, ``o^{(t)} = V h^{(t)}``, and read by elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from derive.reading.lexicon import Occurrence
from derive.reading.names import label
from derive.reading.surface import Node


class Seen(Protocol):
    """An occurrence in a sheet, as `derive.reading.learn` keeps it."""

    item: Occurrence
    sub: tuple[Node, ...]
    sup: tuple[Node, ...]
    arity: int
    is_index: dict[int, bool]


def is_element(seen: Seen, others: Sequence[Seen], is_time: Callable[[Node], bool]) -> bool:
    r"""Whether ``o^{(t)}_i`` is an element of what stands as ``o^{(t)}`` elsewhere."""
    own = _slots(seen, is_time)
    if own is None or not own[2]:
        return False
    return any(
        o.item.head == seen.item.head and not o.arity and _slots(o, is_time) == (*own[:2], 0)
        for o in others
    )


def _slots(seen: Seen, is_time: Callable[[Node], bool]) -> tuple[object, object, int] | None:
    """Times and labels below and above, and how many other indices; ``None`` without a time."""
    sides: list[tuple[str | None, ...]] = []
    more, timed = 0, False
    for start, items in ((0, seen.sub), (len(seen.sub), seen.sup)):
        shown: list[str | None] = []
        for k, node in enumerate(items, start=start):
            if not seen.is_index[k]:
                shown.append(label(node))
            elif is_time(node):
                shown.append(None)
                timed = True
            else:
                more += 1
        sides.append(tuple(shown))
    return (sides[0], sides[1], more) if timed else None
