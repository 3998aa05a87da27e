r"""Differentials, ``dZ = X dW``: told from gradients that are written the same.

In ``dW = X^T dZ`` the gradients on the right are of what is computed from W; in ``dZ = X dW`` the
differentials are of what Z is computed from.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.derivatives import quotient_parts
from derive.reading.differential import leads
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import is_bare
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Juxtaposition, Name, Node

MARK = "d"


def differentials(nodes: tuple[Node, ...], scope: Scope) -> tuple[str, set[str]] | None:
    """The tensors with a d on the left and on the right, where it can mark no gradient.

    Its loss has no gradient by itself, and a gradient depends on nothing that its tensor feeds on.
    ``None`` where it may, or d is declared. Raises `Unsupported` where d is a size.
    """
    _refuse_sizes(nodes[0], scope)
    item = occurrence(nodes[0])
    if scope.model is None or MARK in scope.lexicon.prefixes or item is None:
        return None
    left = _marked(item, scope)
    others = [_marked(o, scope) for node in nodes[1:] for o in _differentials(node)]
    right = {name for name in others if name is not None}
    if left is None or not right:
        return None
    model = scope.model
    if left == model.loss or all(name != left and leads(model, name, left) for name in right):
        return left, right
    return None


def _refuse_sizes(left: Node, scope: Scope) -> None:
    """``db`` where d is a size: d times b, or the gradient of b."""
    if not isinstance(left, Juxtaposition) or len(left.factors) != 2 or scope.running(MARK):
        return
    mark, behind = left.factors
    item = occurrence(behind)
    size = isinstance(mark, Name) and is_bare(mark) and mark.base == MARK in scope.letters
    if size and item is not None and mark.span.end == behind.span.start:
        raise Unsupported("d is a size here, and may mark a gradient", offset=left.span.start)


def _differentials(node: Node) -> Iterator[Occurrence]:
    """The marked symbols outside derivatives."""
    if quotient_parts(node) is not None:
        return
    item = occurrence(node)
    if item is not None and item.prefix:
        yield item
        return
    for part in node.below:
        yield from _differentials(part)


def _marked(item: Occurrence, scope: Scope) -> str | None:
    """The tensor that a d stands before."""
    if item.prefix != MARK:
        return None
    match = scope.lexicon.match(Occurrence(item.name, item.span, "", item.args))
    return match.entry.tensor or None if match is not None else None
