r"""What a deck says of its marks: ``dO = \partial L / \partial O``, ``\delta h_t = …``.

Whoever says so of one symbol means it of all.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.reading.derivatives import quotient_parts
from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare
from derive.reading.sentence import Sentence
from derive.reading.surface import Juxtaposition, Name, Node, Prefixed

MARKS = frozenset({"d", r"\delta", r"\Delta"})


def said_marks(sentences: Iterable[Sentence]) -> tuple[str, ...]:
    """The marks that some sentence says to be those of gradients, in order."""
    found: dict[str, None] = {}
    for sentence in sentences:
        if len(sentence.nodes) < 2:
            continue
        marked, parts = _marked(sentence.nodes[0]), quotient_parts(sentence.nodes[1])
        if marked is None or parts is None:
            continue
        mark, symbol = marked
        below = occurrence(parts[1])
        if below is not None and (below.name.base, below.name.accents) == symbol:
            found[mark] = None
    return tuple(found)


def _marked(node: Node) -> tuple[str, tuple[str, tuple[str, ...]]] | None:
    """The mark of a marked symbol that stands alone, and the symbol without scripts."""
    if isinstance(node, Prefixed):
        mark, body = node.operator, node.body
    elif isinstance(node, Juxtaposition) and len(node.factors) == 2:
        first, body = node.factors
        mark = first.base if isinstance(first, Name) and is_bare(first) else ""
    else:
        return None
    item = occurrence(body)
    if mark not in MARKS or item is None or item.prefix:
        return None
    return mark, (item.name.base, item.name.accents)
