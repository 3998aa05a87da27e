r"""Words that have a loss maximised, beside the formula of that loss.

What a sheet calls its loss is what descent makes small: of "the objective to be maximised" just
before its formula, one of the two is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.equations import adjoint_of
from derive.reading.document import Document
from verify.verdict import ACCEPTED, Contradiction, Place, Verdict

_WHAT = (
    r"(?:loss|cost|error|objective|objetiv[ao]|custo|coste|costo|perda|p[ée]rdida|erro)\w*"
    r"(?:\s+(?:function|funç[ãa]o|funci[óo]n))?"
)
_MAXIMISED = r"maximi[sz](?:ed|ad[ao]|ar|e)\b"
_AIM = re.compile(
    rf"\b{_WHAT}[^.;:\n]{{0,30}}\s{_MAXIMISED}|\bmaximi[sz](?:e|es|ing|ar|a|amos)\s+"
    rf"(?:the|a|o|la|el|this|esta|este)?\s*(?:\w+\s+(?:de\s+)?)?{_WHAT}",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\bminimi|likelihood|verossimilhan|verosimilitud|\bn(?:ot|[ãa]o|o)\b", re.I
)
"""Words beside which something else may be maximised, or nothing."""
NEAR = 160
"""So many characters before the formula are words about it."""


def of_aims(document: Document, verdicts: Sequence[Verdict]) -> Iterator[Contradiction]:
    """The words and the formula, for each formula of a loss that is right and said to be raised."""
    if document.layers:
        return  # the places are those of the file, not of the text that was read
    for verdict in verdicts:
        place = verdict.places[0]
        if verdict.status not in ACCEPTED or not _is_loss(verdict):
            continue
        end = document.offset(place.line, place.column)
        start, before = _words_before(document, end)
        found = [*_AIM.finditer(before)]
        if not found or _OTHERWISE.search(before):
            continue
        at = start + found[-1].start(), start + found[-1].end()
        words = Place(*document.position(at[0]), *document.position(at[1]))
        name = verdict.stated[0].name
        said = f"line {words.lines} has {name} maximised"
        message = f"{said}, line {place.lines} is a loss, which is made small"
        yield Contradiction(name, words, place, message)


def _is_loss(verdict: Verdict) -> bool:
    said = verdict.stated[0] if verdict.stated else None
    return said is not None and said.of_loss and adjoint_of(said.subject) is None


def _words_before(document: Document, offset: int) -> tuple[int, str]:
    """The prose just before what stands at an offset, and where it begins."""
    earlier = [s for s in document.segments if s.outer_start < offset]
    prose = next((s for s in reversed(earlier) if s.kind == "prose"), None)
    if prose is None or any(s.outer_start > prose.outer_start and s.end < offset for s in earlier):
        return offset, ""
    start = max(prose.outer_start, prose.outer_end - NEAR)
    return start, document.text[start : prose.outer_end]
