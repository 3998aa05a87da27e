r"""Losses that leave out their sum: ``E_t = -y_t \log \hat y_t`` and ``L = (y - a)^2`` of vectors.

What is descended is a number, and so is each term that it sums; where the right side is an array
its elements are summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.expr import Access, Summation
from derive.expr import walk as expressions
from derive.reading.lexicon import occurrence
from derive.reading.named_losses import USUAL
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Node, walk

SUMMED = "the elements are summed, as the loss is a number"
"""What is assumed of a claim that leaves its sum out."""


def heads_of_numbers(loss: str, sentences: Iterable[Sentence]) -> frozenset[str]:
    """The head of the loss and those of what its equation sums alone.

    What is defined whole, ``y = W x``, is an array whose elements are summed, and no number. What
    has no usual name of a loss may be an array itself.
    """
    if loss not in USUAL:
        return frozenset()
    found: set[str] = set()
    whole = set()
    for sentence in sentences:
        item = occurrence(sentence.nodes[0])
        if item is not None and item.head == loss:
            found |= {*_summed(sentence.nodes[1])}
        elif item is not None and not (item.name.sub or item.name.sup or item.args):
            whole.add(item.head)
    return frozenset({loss, *(found - whole)})


def _summed(node: Node) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, Big) and part.operator == r"\sum":
            item = occurrence(part.body)
            if item is not None:
                yield item.head


def is_number(tensor: str, scope: Scope) -> bool:
    """Whether a tensor is the loss, or what the loss's equation sums alone."""
    loss = scope.model.by_tensor.get(scope.loss or "") if scope.model is not None else None
    if loss is None or tensor == scope.loss:
        return loss is not None
    sums = (n for n in expressions(loss.rhs) if isinstance(n, Summation))
    return any(isinstance(s.body, Access) and s.body.tensor == tensor for s in sums)
