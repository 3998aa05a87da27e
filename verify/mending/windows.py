"""A correlation that should be a convolution, or the other way, where a word says which it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.reading.surface import Call, Name, Node, Span
from verify.mending.edit import Edit

COST = 1
_WORD = re.compile(r"(?P<stem>correla|convolu)(?P<rest>(?:t|ç|c)\w*)", re.IGNORECASE)
_OTHER = {"correla": "convolu", "convolu": "correla"}


def other_window(node: Node, text: str) -> Iterator[Edit]:
    """The other operation by its name, in the language of the author."""
    if not isinstance(node, Call) or not isinstance(node.head, Name):
        return
    word = _WORD.search(text, node.head.span.start, node.head.span.end)
    if word is None:
        return
    other = _OTHER[word["stem"].lower()]
    new = (other.capitalize() if word["stem"][0].isupper() else other) + word["rest"]
    yield Edit(Span(*word.span()), new, f"{word[0]} should be {new}", COST)
