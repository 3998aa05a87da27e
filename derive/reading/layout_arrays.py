r"""Arrays that only align: ``\begin{array}{rcl} a & = & b \end{array}`` is no matrix."""

from __future__ import annotations

from collections.abc import Iterable

from derive.reading.tokens import Word
from derive.reading.window_words import relates


def only_aligns(words: Iterable[Word]) -> bool:
    r"""Whether the environment that these words open is layout.

    It is if cells begin with relations, or one column holds relations. A relation may stand in the
    name of an operation, as in ``\text{= full correlation}``.
    """
    depth, before, columns, related = 0, "", 1, False
    for word in words:
        depth += (word.kind == "BEGIN") - (word.kind == "ENDENV")
        if depth == 0:
            break
        if depth == 1 and _relates(word):
            if before == "AMP":
                return True
            related = True
        columns += depth == 1 and word.kind == "AMP"
        before = word.kind
    return related and columns == 1


def _relates(word: Word) -> bool:
    return word.kind == "REL" or (word.kind == "TEXT" and relates(word.text))
