r"""Meanings that a context gives: one symbol each, or one of every layer where a letter counts.

``\delta^{(l)}`` means ``\partial J / \partial z^{(l)}`` for every layer of a family, and for every
number above a symbol z of a sheet that writes its layers out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.errors import IllFormed, Unreadable
from derive.reading.declare import declare_alias
from derive.reading.layer_families import texts_of_layers
from derive.reading.layer_labels import for_layers, layer_labels
from derive.reading.parse import parse
from derive.reading.problems import Undeclared, Unknown
from derive.reading.scope import Scope

Meaning = tuple[str, str]


def with_meanings(scope: Scope, meanings: Iterable[Meaning], context: str) -> Scope:
    """The scope with all meanings. Raises `IllFormed` where one means nothing for any layer."""
    for pattern, target, of_layer in _of_family(meanings, scope):
        try:
            scope = declare_alias(scope, pattern, target)
        except (IllFormed, Unreadable) as error:
            if of_layer and isinstance(error, Undeclared | Unknown):
                continue  # z^{(1)} where the first layer has none
            layered = None if of_layer else _written_out(scope, pattern, target)
            if layered is None:
                raise IllFormed(
                    f"context {context}: {pattern} cannot mean {target}: {error.message}",
                    advice=error.advice,
                ) from error
            scope = layered
    return scope


def _of_family(meanings: Iterable[Meaning], scope: Scope) -> Iterator[tuple[str, str, bool]]:
    """The meanings, those for a layer l for every layer of a family, and whether they are such."""
    family = scope.model.layers if scope.model is not None else None
    for pattern, target in meanings:
        texts = [] if family is None else list(texts_of_layers((pattern, target), family))
        yield from ((p, t, bool(texts)) for p, t in texts or [(pattern, target)])


def _written_out(scope: Scope, pattern: str, target: str) -> Scope | None:
    """The scope with the meaning for every layer that is written out; ``None`` without any."""
    texts = (pattern, target)
    try:
        labels = [layer_labels(parse(text).items) for text in texts]
    except Unreadable:
        return None
    found = None
    for _, _, (symbol, meaning) in for_layers(texts, labels, scope):
        try:
            found = declare_alias(found or scope, symbol, meaning)
        except (Undeclared, Unknown):
            continue
    return found
