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

_IS_SYMMETRIC = re.compile(
    _MATHS + r"\s*(?:,?\s*(?:which|that))?\s*(?:is|be|are|being|ist|sei)?\s*(?:a|an|the)?\s*"
    r"(?:real|square|matrix|assumed|taken|to|be|\s|,)*\s*(?:symmetric|symmetrical|symmetrisch)\b",
    re.IGNORECASE,
)
_SYMMETRIC = re.compile(
    r"\b(?:symmetric|symmetrical|symmetrische[rn]?)\s+(?:(?:square|positive|definite|matrix|Matrix|"
    r"semi-?definite|positive-definite)\s+)*" + _MATHS,
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|for|unless|whether|not|n't|falls|wenn|für|nicht|once|case|general)\b",
    re.IGNORECASE,
)
"""Words before or within the sentence that make a symmetry a condition, or deny it."""
SHARES = "sum-to-one"
OF_INPUTS = (SHARES, "one-hot")
"""What is said of data, which are inputs then."""

Said = dict[str, list[tuple[str, str]]]


def said_values(page: Page, text: str) -> Said:
    """By restriction, the heads and LaTeX of the symbols that the page says satisfy it."""
    equal = ((h, h) for h, at in page.symmetric if not _conditional(text, at))
    symmetric = (*equal, *_symmetric(text))
    return {
        SHARES: list(page.shares),
        "one-hot": [*dict.fromkeys(_one_hot(text))],
        "symmetric": [*dict.fromkeys(symmetric)],
    }


def _one_hot(text: str) -> Iterator[tuple[str, str]]:
    if _DENIED.search(text):
        return
    for match in (*_BEFORE.finditer(text), *_BEHIND.finditer(text)):
        yield from _named(match.group(1))


def _symmetric(text: str) -> Iterator[tuple[str, str]]:
    """The matrices that the text calls symmetric in a sentence without conditions."""
    for match in (*_IS_SYMMETRIC.finditer(text), *_SYMMETRIC.finditer(text)):
        if not _conditional(text, match.start()) and not _CONDITIONAL.search(match.group()):
            space = re.split(r"\\in\b|=", match.group(1))[0]
            yield from ((head, head) for head, _ in _named(space))


def _conditional(text: str, at: int) -> bool:
    """Whether the sentence has a word before this place that makes a condition of what follows."""
    before = re.split(r"[.;!?]\s|\n\s*\n", text[:at])[-1]
    return _CONDITIONAL.search(before) is not None


def _named(latex: str) -> Iterator[tuple[str, str]]:
    """The head and the LaTeX of one symbol."""
    latex = latex.strip()
    try:
        item = occurrence(single(latex))
    except Problem:
        return
    if item is not None and not item.prefix:
        yield item.head, latex
