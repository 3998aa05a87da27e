r"""The size that stands behind the label of a table: ``$x$ 5×5 + pad 1`` over 7 rows of 7 numbers.

Judged by the table alone: what is shown has the size that is said, with its frame of zeros or
without. A table that shows less may be cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.reading.document import Document
from derive.reading.labelled import Labelled, labelled
from derive.reading.names import readable
from verify.authored import in_file
from verify.verdict import Evidence, Judgement, Place, Status, Verdict, united
from verify.words_as_math import words_as_math

_TIMES = re.compile(r"\\times(?![A-Za-z])|(?<=[\d\s])x(?=[\d\s])")
_TYPED = re.compile(r"\\text\{([^{}]*)\}|\\(?:[ ,;:]|q?quad(?![A-Za-z]))|[$~()]")
_SAID = re.compile(
    r"\S\s+(?P<rows>\d+)\s*×\s*(?P<columns>\d+)\s*(?:(?:\+|,|and|with|e|com|mit)?\s*"
    r"(?:zero[- ])?(?:pad(?:ding|ded)?|preenchimento|borda)\s*(?:of|by|de|=|:)?\s*(?P<pad>\d+))?\s*"
)
_SIZE = re.compile(r"\d+\s*(?:×|x|\\times)\s*\d+(?:(?!\d+\s*(?:×|x|\\times)).)*")
CONFIRMED, UNDECIDED, REFUTED = Status.CONFIRMED, Status.UNDECIDED, Status.REFUTED


@dataclass(frozen=True)
class Sized:
    """A table under a label that says ``rows`` and ``columns``, and a frame ``pad`` wide."""

    found: Labelled
    text: str
    place: Place
    rows: int
    columns: int
    pad: int

    @property
    def whole(self) -> tuple[int, int]:
        """The size with the frame."""
        return self.rows + 2 * self.pad, self.columns + 2 * self.pad

    @property
    def shown(self) -> tuple[int, int]:
        """The size of the table as it stands."""
        return len(self.found.rows), len(self.found.rows[0])

    @property
    def said(self) -> str:
        """What the label says, in our words."""
        size = f"{self.rows}×{self.columns}"
        return f"{size} with {self.pad} around" if self.pad else size


def with_table_sizes(judgement: Judgement, document: Document) -> Judgement:
    """The judgement with a verdict on every size that the label of a table says."""
    sized = list(_sized(document))
    if not sized:
        return judgement
    verdicts = united([in_file(_verdict(s, sized), document) for s in sized])
    claims = sorted(
        (*judgement.claims, *verdicts), key=lambda v: (v.places[0].line, v.places[0].column)
    )
    return replace(
        judgement, claims=tuple(replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    )


def _sized(document: Document) -> Iterator[Sized]:
    for found in labelled(document):
        if not isinstance(found, Labelled) or found.kind != "table":
            continue
        end = document.text.find("\n", found.start)
        if not found.start < end <= found.rows[0][0][1]:
            continue
        text = document.text[found.start : end].rstrip()
        plain = _TYPED.sub(lambda m: m.group(1) or " ", _TIMES.sub("×", text))
        match = re.search(_SAID.pattern + r"\Z", plain)
        if match is None:
            continue
        typed = _SIZE.findall(text)[-1].rstrip("$ ")
        start = found.start + text.rindex(typed)
        place = Place(*document.position(start), *document.position(start + len(typed)))
        numbers = (int(match["rows"]), int(match["columns"]), int(match["pad"] or 0))
        yield Sized(found, typed, place, *numbers)


def _verdict(sized: Sized, every: list[Sized]) -> Verdict:
    shown = "×".join(map(str, sized.shown))
    whole = "×".join(map(str, sized.whole))
    around = replace(sized, pad=(sized.shown[0] - sized.rows) // 2)
    if not sized.pad and around.pad > 0 and around.shown == around.whole and _framed(around):
        return _told(sized, CONFIRMED, f"the table below has zeros {around.pad} wide around that")
    if sized.shown == sized.whole and (not sized.pad or _framed(sized)):
        frame = f", with a frame of zeros {sized.pad} wide" if sized.pad else ""
        return _told(sized, CONFIRMED, f"the table below is {shown}{frame}")
    if sized.shown == sized.whole:
        return _open(sized, f"right if the frame of the {shown} numbers is no padding with zeros")
    if sized.shown == (sized.rows, sized.columns):
        return _told(sized, CONFIRMED, f"the table below is {shown}, without what is around it")
    less = all(a <= b for a, b in zip(sized.shown, sized.whole, strict=True))
    if less and not (sized.pad and _framed(sized)):  # with its frame it is no part
        line = next((o.place.line for o in every if _goes_on(sized, o)), None)
        if line is not None:
            message = f"the table below shows {shown} of {whole}; line {line} shows all"
            return _told(sized, CONFIRMED, message)
        return _open(sized, f"right if the table below is cut off: it shows {shown} of {whole}")
    return _told(sized, REFUTED, f"the table below is {shown}; {sized.said} is {whole}")


def _framed(sized: Sized) -> bool:
    """Whether all that lies around the inner numbers is zero."""
    rows, columns = sized.shown
    around = (
        text
        for i, row in enumerate(sized.found.rows)
        for j, (text, _) in enumerate(row)
        if not (sized.pad <= i < rows - sized.pad and sized.pad <= j < columns - sized.pad)
    )
    return all(re.fullmatch(r"[-+−]?0*(?:[.,]0*)?", text) and text for text in around)


def _goes_on(part: Sized, other: Sized) -> bool:
    """Whether another table under the label is whole and begins with this one."""
    one, two = part.found, other.found
    if one.label[0] != two.label[0] or other.shown != part.whole or other.whole != part.whole:
        return False
    pairs = zip(one.rows, two.rows, strict=False)
    return all(a[0] == b[0] for x, y in pairs for a, b in zip(x, y, strict=False))


def _open(sized: Sized, condition: str) -> Verdict:
    return replace(_told(sized, UNDECIDED, condition), conditions=(condition,))


def _told(sized: Sized, status: Status, message: str) -> Verdict:
    outcome = {CONFIRMED: "agrees", REFUTED: "differs"}.get(status, "skipped")
    label = readable(sized.found.label[0])
    wrong = {"shown": "×".join(map(str, sized.shown)), "said": sized.said}
    return Verdict(
        "", (sized.place,), words_as_math(sized.text), status, f"{label}: {message}",
        evidence=(Evidence("shapes", outcome, message),),
        counterexample=wrong if status is REFUTED else None,
    )  # fmt: skip
