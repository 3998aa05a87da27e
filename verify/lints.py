r"""Slips that the symbols' meanings would hide: what is typed cannot be meant as it stands.

p = 1, 3, \dots, 6          the second value shows a step that is not read
T^T(i, j, k), T_{ijk}^T     which two indices the transpose exchanges is not said
"""

from __future__ import annotations

from derive.errors import IllFormed
from derive.reading.names import label
from derive.reading.problems import Unsupported
from derive.reading.sentence import Sentence
from derive.reading.surface import (
    Call,
    Collection,
    Dots,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Relation,
    walk,
)

TRANSPOSES = frozenset({"T", r"\top", r"\intercal"})


def check_typed(sentence: Sentence) -> None:
    """Raise `IllFormed` for a list with a wrong step, `Unsupported` for an element's transpose."""
    for node in (*sentence.nodes, *sentence.quantifiers):
        for inner in walk(node):
            _check_steps(inner)
            _check_transposed(inner)


def _check_steps(node: Node) -> None:
    if not isinstance(node, Relation) or not isinstance(node.sides[-1], Collection):
        return
    items = node.sides[-1].items
    if len(items) < 4 or not isinstance(items[2], Dots):
        return
    first, second = items[:2]
    if not (isinstance(first, Numeral) and isinstance(second, Numeral)):
        return
    if second.value != first.value + 1:
        raise IllFormed(
            f"{first.text}, {second.text}, … is no list in steps of one",
            offset=first.span.start,
            expected=f"{first.text}, {first.value + 1}, …",
        )


def _check_transposed(node: Node) -> None:
    name = node.head if isinstance(node, Call) else node
    if not isinstance(name, Name) or not name.sup or label(name.sup[-1]) not in TRANSPOSES:
        return
    count = len(node.args) if isinstance(node, Call) else _letters(name)
    if count > 2:
        raise Unsupported(
            f"the transpose of an element with {count} indices is not judged",
            offset=node.span.start,
            advice="write the element with its indices swapped",
        )


def _letters(name: Name) -> int:
    """How many index letters stand below: ``ij`` counts two, and ``rec`` is a word."""
    if any(isinstance(n, Juxtaposition) and len(n.factors) > 2 for n in name.sub):
        return 0
    text = "".join(label(item) or "" for item in name.sub)
    return len(text) if text.isalpha() else 0
