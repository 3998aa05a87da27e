r"""``\nabla J`` with nothing below: the gradient by one of the parameters, as the shapes tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.equations import Model, Notation
from derive.reading.lexicon import Occurrence
from derive.reading.names import readable, whole
from derive.reading.problems import ByShape
from derive.reading.scope import Scope, adjoint_entry

NABLA = r"\nabla"
MOST = 6


def by_each_parameter(item: Occurrence, scope: Scope, model: Model) -> Iterator[ByShape]:
    """The gradient of the loss by each array that is a parameter, under the name of all of it."""
    match = scope.lexicon.match(replace(item, prefix=""))
    if item.prefix != NABLA or match is None or match.entry.tensor != model.loss:
        return
    arrays = [name for name in model.parameters if model.tensors[name].rank]
    for entry in scope.lexicon.entries.values():
        if entry.prefix or entry.body is not None or entry.tensor not in arrays[:MOST]:
            continue
        slots = tuple(range(entry.rank))
        own = replace(
            adjoint_entry(entry), notation=Notation(item.head, args=slots), prefix=item.prefix
        )
        name = whole(replace(entry.notation, args=()))
        yield ByShape(rf"∇{readable(item.head)} is the gradient by {name}", own)
