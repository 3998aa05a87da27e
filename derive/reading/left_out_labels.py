r"""Symbols without the label that tells them from their namesakes: ``w_{kj}`` for ``w_{kj}^{(2)}``.

All symbols of that letter are readings; where the shapes leave one alone it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.equations import Notation
from derive.expr import Apply
from derive.index import Axis, Index
from derive.reading.lexicon import Entry, Lexicon, Occurrence
from derive.reading.names import readable, unstyled, whole
from derive.reading.problems import ByShape, Undeclared
from derive.reading.scope import Scope
from derive.reading.undeclared import as_typed

MOST = 6


def unlabelled(item: Occurrence, scope: Scope) -> Undeclared | None:
    """The question which of the labelled symbols ``item`` is; ``None`` where there is none."""
    found = tuple(_readings(item, scope))
    if not found or len(found) > MOST:
        return None
    text = readable(as_typed(item))
    message = f"{text} is written without a label"
    return Undeclared(message, as_typed(item), found, item.span.start)


def _readings(item: Occurrence, scope: Scope) -> Iterator[ByShape]:
    entries = scope.lexicon.entries.values()
    numbers = {s for e in entries for s in e.notation.sup if isinstance(s, str) and s.isdecimal()}
    for entry in entries:
        same = entry.prefix == item.prefix and _head(entry) == unstyled(item.head)
        square = numbers == {"2"} == {*entry.notation.sup}  # nothing else is numbered: a variance
        bare = (_root(entry) if square else _without_labels(entry)) if same else None
        if bare is None or not entry.tensor:
            continue
        match = Lexicon.of((bare,)).match(item)
        if match is not None and (square or not match.powers) and not match.extra:
            meaning = f"the positive root of {whole(entry.notation)}"
            words = f"is {meaning}" if square else f"means {whole(entry.notation)}"
            yield ByShape(f"{readable(item.head)} {words}", bare)


def _root(entry: Entry) -> Entry | None:
    r"""``\sigma`` beside ``\sigma^2``; ``None`` for a gradient, which has no root."""
    if entry.prefix or entry.ranges is None or entry.body is not None:
        return None
    axes = tuple(Axis(f"a{k}", *bounds) for k, bounds in enumerate(entry.ranges))
    body = Apply("sqrt", (entry.element(tuple(map(Index.of, axes))),))
    notation = replace(entry.notation, sup=())
    return replace(entry, notation=notation, axes=axes, body=body, tensor="", offsets=())


def _head(entry: Entry) -> str:
    return unstyled(entry.notation.head)


def _without_labels(entry: Entry) -> Entry | None:
    """The entry as it is written without labels; ``None`` where it has none."""
    plain = entry.notation
    place = "".join(s for s in plain.sub if isinstance(s, str))
    if len(place) == 2 and place.isdecimal():
        return None  # ``F_{11}`` is an element, ``F`` is all of them
    sub, sup = (tuple(s for s in items if isinstance(s, int)) for items in (plain.sub, plain.sup))
    if len(sub) + len(sup) == len(plain.sub) + len(plain.sup):
        return None
    return replace(entry, notation=Notation(plain.head, sub, sup, plain.args))
