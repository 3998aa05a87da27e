r"""Chains that say where a number of the model lies: ``a = b, \quad 0 < \alpha < 1``.

They look like the range of an index, ``1 \le i \le n``; which of the two they are is told by the
model, and by whether the letter indexes anything in the formula.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.bounds import LESS, read_bounds
from derive.reading.lexicon import occurrence
from derive.reading.provisos import script_letters
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Collection, Node, Relation


def values_compared(sentence: Sentence, scope: Scope) -> Sentence:
    """The sentence with such chains among its conditions, not among its quantifiers."""
    indices = {letter for node in sentence.nodes for letter in script_letters(node)}
    found = tuple(q for q in sentence.quantifiers if _of_values(q, indices, scope))
    if not found:
        return sentence
    kept = tuple(q for q in sentence.quantifiers if q not in found)
    return replace(sentence, quantifiers=kept, conditions=(*sentence.conditions, *found))


def _of_values(node: Node, indices: set[str], scope: Scope) -> bool:
    if not isinstance(node, Relation) or not set(node.operators) <= LESS:
        return False
    middle = node.sides[1]
    names = middle.items if isinstance(middle, Collection) else (middle,)
    letters = {bounds.letter for bounds in read_bounds(node, None)}
    return not letters & indices and all(_is_number(name, scope) for name in names)


def _is_number(node: Node, scope: Scope) -> bool:
    """Whether the model has a tensor without indices of this name."""
    item = occurrence(node)
    match = scope.lexicon.match(item) if item is not None else None
    if match is None or match.entry.tensor is None or scope.model is None:
        return False
    tensor = scope.model.tensors.get(match.entry.tensor)
    return tensor is not None and tensor.rank == 0
