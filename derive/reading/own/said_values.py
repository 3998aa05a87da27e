r"""What a page says of values: ``\sum_i p_i = 1``, or in words, "where $y$ is one-hot"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.errors import Problem
from derive.reading.declare import single
from derive.reading.lexicon import occurrence
from derive.reading.own.statements import Page

_MATHS = r"(?:\$|\\\()([^$\n]{1,40}?)(?:\$|\\\))"
_BEFORE = re.compile(
    _MATHS + r"\s*(?:,?\s*(?:which|that))?\s*(?:is|are|being|as|denotes|be)?\s*(?:a|an|the)?\s*"
    r"(?:target|label|true label|vector)?\s*(?:is|are)?\s*(?:a\s+)?one[- ]hot",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"one[- ]hot(?:[- ]encoded|[- ]encoding)?\s+(?:label|target|vector|truth)?s?\s*(?:vector)?\s*"
    + _MATHS,
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|n't|need not|no)\b[^.]{0,20}one[- ]hot", re.IGNORECASE)

Said = dict[str, list[tuple[str, str]]]


def said_values(page: Page, text: str) -> Said:
    """By restriction, the heads and LaTeX of the symbols that the page says satisfy it."""
    return {"sum-to-one": list(page.shares), "one-hot": [*dict.fromkeys(_one_hot(text))]}


def _one_hot(text: str) -> Iterator[tuple[str, str]]:
    if _DENIED.search(text):
        return
    for match in (*_BEFORE.finditer(text), *_BEHIND.finditer(text)):
        latex = match.group(1).strip()
        try:
            item = occurrence(single(latex))
        except Problem:
            continue
        if item is not None and not item.prefix:
            yield item.head, latex
