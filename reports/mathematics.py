r"""Mathematics in what the judge says: ``term 2, \gamma p_i, is no term of this sum``.

Messages quote the author's formulas between words. What stands between two words, has a mark of
LaTeX and can be read as a formula is set as one, so that no report shows it half as source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.errors import Problem
from derive.reading.parse import parse
from reports.document import Formula, Inlines, Text

_MARKED = re.compile(r"\\[A-Za-z]|[_^]")
_WORD = re.compile(r"\(?[^\W\d_]{2,}['’]?[^\W\d_]*[,;:.)]*|[a-z]+_[a-z]{2,}\w*[,;:.)]*|a|—")
"""A word, a name of the catalogue (``leaky_relu``): no part of a formula."""
_BEFORE = re.compile(r"(?:[^\s\\_^]*[,;:] )*")
_BEHIND = re.compile(r"[,;:.\s]*$")
_STOP = re.compile(r"(?<!\\)[;:] ")
LONGEST = 2000
"""Characters of a formula in a message; longer ones stay as they are."""


def with_mathematics(said: str) -> Inlines:
    """The words of a message, and its formulas as formulas."""
    found: list[Text | Formula] = []
    for piece in (p for p in _pieces(said) if p != Text("")):
        last = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(last, Text):
            found[-1] = Text(last.text + piece.text)
        else:
            found.append(piece)
    return tuple(found)


def _pieces(said: str) -> Iterator[Text | Formula]:
    start = 0
    for token in re.finditer(r"\S+", said):
        if _WORD.fullmatch(token[0]):
            yield from _clauses(said[start : token.start()])
            yield Text(token[0])
            start = token.end()
    yield from _clauses(said[start:])


def _clauses(text: str) -> Iterator[Text | Formula]:
    """The parts of what stands between two words, at each semicolon and colon."""
    start = 0
    for stop in _STOP.finditer(text):
        yield from _between(text[start : stop.end()])
        start = stop.end()
    yield from _between(text[start:])


def _between(text: str) -> Iterator[Text | Formula]:
    """What stands between two words: text, a formula, text."""
    lead = re.match(r"\s*", text)
    begin = lead.end() if lead else 0
    skipped = _BEFORE.match(text, begin)
    begin = skipped.end() if skipped else begin
    behind = _BEHIND.search(text)
    end = max(behind.start() if behind else len(text), begin)
    if not _is_formula(text[begin:end]):
        yield Text(text)
        return
    yield Text(text[:begin])
    yield Formula(text[begin:end])
    yield Text(text[end:])


def _is_formula(text: str) -> bool:
    if not _MARKED.search(text) or len(text) > LONGEST:
        return False
    try:
        parse(text)
    except Problem:
        return False
    return True
