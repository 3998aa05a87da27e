r"""``\nabla_a C`` in a family of layers: by the a^L of the last layer, which C is computed from."""

from __future__ import annotations

from derive.reading.lexicon import Match, Occurrence
from derive.reading.names import is_bare, readable, whole
from derive.reading.scope import Scope


def last_of_family(item: Occurrence, scope: Scope) -> Match | None:
    """The one array of these letters that the loss reads itself, where the letter has no layer.

    ``None`` for a symbol of the sheet, outside families, and where the loss reads several.
    """
    model = scope.model
    if model is None or model.layers is None or model.loss is None or item.args is not None:
        return None
    if item.prefix or not is_bare(item.name) or scope.lexicon.match(item) is not None:
        return None
    read = set(model.by_tensor[model.loss].reads)
    entries = scope.lexicon.entries.values()
    found = [
        e
        for e in entries
        if e.tensor in read and e.notation.head == item.head and e.body is None and not e.prefix
    ]
    if len(found) != 1:
        return None
    (entry,) = found
    scope.note(f"{readable(item.head)} is {whole(entry.notation)}, which the loss is computed from")
    return Match(entry, (None,) * entry.rank, ())
