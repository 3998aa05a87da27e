"""What an equation reads, so that every tensor can be computed before those that read it."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.letters import factors
from derive.reading.lexicon import Lexicon, Occurrence
from derive.reading.names import is_bare, spread
from derive.reading.surface import Node


def _scripts(item: Occurrence) -> tuple[Node, ...]:
    return (*spread(item.name.sub), *item.name.sup)


def tensors_read(node: Node, lexicon: Lexicon) -> Iterator[str]:
    """The tensors that ``node`` reads: none for a label, or an index letter, of that name."""
    for item in factors(node):
        match = lexicon.match(item)
        if match is None:
            # An element of what stands whole at a time, whose shape is not known yet.
            alike = (e for e in lexicon.entries.values() if e.notation.head == item.head)
            yield from (e.tensor for e in alike if e.rank and e.rank < len(_scripts(item)))
            inside = (*item.name.sub, *item.name.sup, *(item.args or ()))
        else:
            yield match.entry.tensor
            slots = (s for s in match.slots if s is not None and not is_bare(s))
            inside = (*slots, *match.powers, *(match.extra or ()))
        for part in inside:
            yield from tensors_read(part, lexicon)
