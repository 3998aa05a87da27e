"""Arrays as a whole: symbols that leave slots open, as matrix notation does."""

from __future__ import annotations

from derive.equations import Model
from derive.reading.letters import occurrences
from derive.reading.parse import parse
from derive.reading.scope import Scope, model_scope
from derive.reading.surface import Node


def has_whole(node: Node, scope: Scope, least: int, most: int = 9) -> bool:
    """Whether a symbol of ``least`` to ``most`` dimensions leaves some of them open."""
    matches = (scope.lexicon.match(item) for item in occurrences(node))
    return any(m is not None and m.omitted and least <= m.entry.rank <= most for m in matches)


def writes_vectors(model: Model) -> bool:
    """Whether the model's own equations have a vector as a whole, which settles that it is one."""
    scope = model_scope(model)
    texts = [e.source.latex for e in model.equations if e.source is not None]
    return any(has_whole(node, scope, 1, 1) for t in texts for node in parse(t).items)
