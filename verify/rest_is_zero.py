r"""Words beside the gradient of maxima: ``\partial E/\partial H = \partial E/\partial U`` (rest 0).

The two have unequal shapes; that all but the winners get nothing is what the words say.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.reading.document import Document
from derive.reading.reshaped import SPREAD
from verify.verdict import Evidence, Status, Verdict

_REST = (
    r"(?:rest(?:o|ante|antes|lich\w*)?|else(?:where)?|others?|otherwise|remaining|demais|outr[oa]s|"
    r"sonst|übrige\w*|autres|ailleurs|resto)"
)
_ZERO = r"(?:zeros?|zeroes|null?(?:en|o|os|a|as)?|0)"
_FILLED = re.compile(
    rf"(?<!\w){_REST}(?!\w)[^.;]{{0,24}}?(?<![\w.]){_ZERO}(?![\w.])"
    rf"|(?<![\w.]){_ZERO}(?![\w.])[^.;]{{0,24}}?(?<!\w){_REST}(?!\w)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|n't|não|nicht|pas|never|unless)\b", re.IGNORECASE)
SAID = "every element goes to the winner of its window and the rest is 0, as the words say"


def as_the_words_say(verdict: Verdict, document: Document) -> Verdict:
    """The verdict; proved where words of its line say of the gradient that the rest is zero."""
    if verdict.status is not Status.UNDECIDED or verdict.message != SPREAD:
        return verdict
    if not all(not p.file and _is_said(p.line, document) for p in verdict.places):
        return verdict
    return replace(
        verdict, status=Status.PROVED, message="the shapes differ, but the words say how they fit",
        scope="all sizes", conditions=(), assumptions=(*verdict.assumptions, SAID),
        evidence=(*verdict.evidence, Evidence("words", "agrees", SAID)),
    )  # fmt: skip


def _is_said(line: int, document: Document) -> bool:
    lines = document.text.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return _FILLED.search(text) is not None and _DENIED.search(text) is None
