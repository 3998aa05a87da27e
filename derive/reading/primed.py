"""``A'`` of a matrix, which is its transpose in MATLAB's words, and nobody says so."""

from __future__ import annotations

from dataclasses import replace

from derive.index import Axis, Index
from derive.reading.lexicon import Entry, Occurrence
from derive.reading.names import readable
from derive.reading.problems import Reading, Undeclared
from derive.reading.scope import Scope


def primed(item: Occurrence, scope: Scope) -> Undeclared | None:
    """The question whether ``A'`` is the transpose of A; ``None`` for anything else."""
    if item.name.primes != 1 or item.prefix or item.args:
        return None
    plain = scope.lexicon.match(replace(item, name=replace(item.name, primes=0)))
    if plain is None or plain.powers or plain.omitted != 2 or plain.entry.rank != 2:
        return None
    text = readable(item.head)
    reading = Reading(f"{text} is the transpose", _turned(plain.entry, item.head))
    return Undeclared(f"nothing declares {text}", item.head, (reading,), item.span.start)


def _turned(entry: Entry, head: str) -> Entry:
    assert entry.ranges is not None
    first, second = (Axis(f"a{k}", *bounds) for k, bounds in enumerate(entry.ranges))
    body = entry.element((Index.of(first), Index.of(second)))
    return replace(
        entry,
        notation=replace(entry.notation, head=head),
        ranges=entry.ranges[::-1],
        axes=(second, first),
        body=body,
        tensor="",
        offsets=(),
    )
