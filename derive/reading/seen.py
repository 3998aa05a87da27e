"""Occurrences of symbols in a sheet, and the notation that comes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.equations import Notation
from derive.reading.lexicon import Occurrence
from derive.reading.names import label
from derive.reading.surface import Node


@dataclass
class Seen:
    """One occurrence in a sheet: its script items, and which are known to be indices."""

    item: Occurrence
    sentence: int
    sub: tuple[Node, ...]
    sup: tuple[Node, ...]
    arity: int
    is_index: dict[int, bool] = field(default_factory=dict)

    @property
    def scripts(self) -> tuple[Node, ...]:
        """Lower items, then upper ones."""
        return self.sub + self.sup

    @property
    def key(self) -> tuple[str, int, int]:
        """Symbols that may be one: same head, as many items below and above."""
        return self.item.head, len(self.sub), len(self.sup)


def labels_of(items: Iterable[Node]) -> tuple[str | None, ...]:
    """Every script item as a label; ``None`` for what is none."""
    return tuple(label(n) for n in items)


def same_elsewhere(first: Seen, other: Seen) -> bool:
    """Whether the two have equal labels wherever both have labels, and any other item is simple."""
    for k, (mine, theirs) in enumerate(zip(first.scripts, other.scripts, strict=True)):
        if not first.is_index[k] and not other.is_index[k] and label(mine) != label(theirs):
            return False
    return True


def notation_of(seen: Seen, arity: int) -> Notation:
    """How a symbol is written: its labels, and its slots numbered from left to right."""
    count = 0
    items: list[int | str] = []
    for k, node in enumerate(seen.scripts):
        if seen.is_index[k]:
            items.append(count)
            count += 1
        else:
            items.append(label(node) or "")
    below = len(seen.sub)
    args = tuple(range(count, count + arity))
    return Notation(seen.item.head, tuple(items[:below]), tuple(items[below:]), args)
