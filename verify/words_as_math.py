r"""Words and numbers of prose as LaTeX: ``\text{output size: }112`` for output size: 112."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[^\W\d_][^\d\\{}$&#%^_~]*")


def words_as_math(typed: str) -> str:
    """The prose with its words as text; what is LaTeX already stays."""
    if "\\" in typed:
        return typed
    worded = _WORDS.sub(lambda m: rf"\text{{{m.group()}}}", typed)
    return worded.replace("×", r" \times ")
