r"""The number of layers that the head of a list says: ``34-layer plain`` over layers 1, 2, ….

Layers with weights are what is counted, or all lines. A shorter list may be cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.reading.document import Document
from verify.authored import in_file
from verify.verdict import Evidence, Judgement, Place, Status, Verdict
from verify.words_as_math import words_as_math

_HEAD = re.compile(
    r"\b(?P<count>\d+)(?:[- ](?:layers?|camadas|capas|schichtig\w*|couches))\b", re.IGNORECASE
)
_LINE = re.compile(r"^\W*(?:layer|camada|capa|schicht|couche)\s+(?P<number>\d+)\b", re.IGNORECASE)
_WEIGHTS = re.compile(r"\bconv\w*|\bfc\b|\bdense\b|fully[- ]connected|\blinear\b", re.IGNORECASE)
NEAR = 2
"""Lines from the head, or past the line of the input, to the first layer."""


@dataclass(frozen=True)
class Listed:
    """A head with its count, and the lines of its list."""

    place: Place
    text: str
    count: int
    lines: tuple[str, ...]


def with_listed_counts(judgement: Judgement, document: Document) -> Judgement:
    """The judgement with a verdict on every head that says how many layers its list has."""
    found = [in_file(_verdict(listed), document) for listed in _lists(document)]
    if not found:
        return judgement
    claims = sorted(
        (*judgement.claims, *found), key=lambda v: (v.places[0].line, v.places[0].column)
    )
    numbered = tuple(replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    return replace(judgement, claims=numbered)


def _lists(document: Document) -> Iterator[Listed]:
    lines = document.text.splitlines(keepends=True)
    start = 0
    for number, text in enumerate(lines):
        head = _HEAD.search(text)
        if head is not None and _LINE.match(text) is None:
            below = _below(lines[number + 1 :])
            at = start + head.start(), start + head.end()
            if below:
                place = Place(*document.position(at[0]), *document.position(at[1]))
                yield Listed(place, head.group(), int(head["count"]), below)
        start += len(text)


def _below(lines: list[str]) -> tuple[str, ...]:
    """The lines numbered 1, 2, … that begin right below the head."""
    found: list[str] = []
    for skipped, line in enumerate(lines):
        match = _LINE.match(line)
        if match is not None and int(match["number"]) == len(found) + 1:
            found.append(line)
        elif found or skipped >= NEAR:
            break
    return tuple(found) if len(found) > 1 else ()


def _verdict(listed: Listed) -> Verdict:
    weighted = sum(_WEIGHTS.search(line) is not None for line in listed.lines)
    total = len(listed.lines)
    if listed.count in (weighted, total):
        status, message = Status.CONFIRMED, f"the list has {listed.count}"
    elif listed.count > total:
        status, message = Status.UNDECIDED, f"right if the list goes on: it has {total}"
    else:
        status, message = Status.REFUTED, f"the list has {total}, {weighted} of them with weights"
    outcome = {Status.CONFIRMED: "agrees", Status.REFUTED: "differs"}.get(status, "skipped")
    return Verdict(
        "", (listed.place,), words_as_math(listed.text), status, message,
        conditions=(message,) if status is Status.UNDECIDED else (),
        evidence=(Evidence("layers", outcome, message),),
        counterexample={"listed": str(total)} if status is Status.REFUTED else None,
    )  # fmt: skip
