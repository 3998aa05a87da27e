r"""Along what a page takes its softmax: "row-wise", "over each row", "by columns"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from derive.reading.build_model import Written
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS
from derive.reading.names import head
from derive.reading.surface import Call, Name, walk

SOFTMAX = frozenset({"softmax", "log_softmax"})
FAR = 240
"""Characters around an equation in which the page may say it."""
_EACH = r"\b(each|every|per|along( the)?|over( the)?|by)"
_WORDS = {
    kind: re.compile(rf"\b{one}-?\s?wise|{_EACH} {kind}?\b", re.IGNORECASE)
    for one, kind in (("row", "rows"), ("column", "columns"))
}


def along(text: str, equations: Iterable[Written]) -> Iterator[tuple[str, str]]:
    """``\\mathrm{softmax}`` and ``softmax rows`` for every such function that the page says so of.

    ``text`` is the page's; where it speaks of both, rows and columns, neither is taken.
    """
    for written in equations:
        start = written.start + written.sentence.span.start
        near = text[max(0, start - FAR) : start + FAR]
        found = [kind for kind, words in _WORDS.items() if words.search(near)]
        for node in (n for side in written.sentence.nodes for n in walk(side)):
            if not isinstance(node, Call) or not isinstance(node.head, Name) or len(found) != 1:
                continue
            name = head(node.head)
            if (meaning := STANDARD_ARRAY_FUNCTIONS.get(name)) in SOFTMAX:
                yield name, f"{meaning} {found[0]}"
