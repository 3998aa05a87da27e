r"""Signs that an author left out of a displayed sum, and what was read instead.

A line that goes on with a sum (``a + \dots \\ b``), and what stands behind dots (``+ \dots b``),
is added without a sign. What is proved so is proved of that reading, which is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.reading.surface import Binary, Dots, Juxtaposition, Node, walk
from verify.claim import sentence_of
from verify.expansion.displays import dotted

LINE = "a line that begins without a sign is added to the sum"
BEHIND_DOTS = "what stands behind dots without a sign is added"
_BREAK = re.compile(r"[\s&\\]*")


def left_out_signs(text: str) -> tuple[str, ...]:
    """The notes on ``text``, each once."""
    sentence = sentence_of(text)
    if not dotted(sentence):
        return ()
    nodes = (n for side in sentence.nodes[1:] for n in walk(side))
    return tuple(dict.fromkeys(note for node in nodes for note in _notes(node, text)))


def _notes(node: Node, text: str) -> Iterator[str]:
    if not isinstance(node, Binary) or node.operator not in ("+", "-"):
        return
    if _BREAK.fullmatch(text[node.left.span.end : node.right.span.start]):
        yield LINE
    if isinstance(node.right, Juxtaposition) and isinstance(node.right.factors[0], Dots):
        yield BEHIND_DOTS
