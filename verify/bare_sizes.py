"""Sizes alone in a line, ``2x3 3x1 2x1``: those of what a product reads, and of what it gives.

They are judged below the numbers of what the product gives; elsewhere nothing says whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.equations import Equation, Model
from derive.reading.document import Document
from derive.reading.family import Member
from derive.reading.scope import model_scope
from verify.authored import in_file, skipped_in_file
from verify.layer_counts import shape_of
from verify.right_elsewhere import READ_IN
from verify.setting import authors_text
from verify.verdict import Evidence, Judgement, Place, Skipped, Status, Verdict

_ONE = r"[1-9]\d*[ \t]?[x×][ \t]?[1-9]\d*"
_LINE = re.compile(rf"^[ \t]*(?P<sizes>{_ONE}(?:[ \t]+{_ONE})+)[ \t]*$", re.MULTILINE)
_SIZE = re.compile(r"(\d+)[ \t]?[x×][ \t]?(\d+)")
NEAR = 3
"""Lines below the numbers of the product."""
WHOSE = "sizes without a symbol: nothing says whose they are"

Shape = tuple[int, ...]


def with_bare_sizes(
    judgement: Judgement, document: Document, members: Sequence[Member]
) -> Judgement:
    """The judgement with a verdict on every line of sizes, or why there is none."""
    claims, skipped = list(judgement.claims), list(judgement.skipped)
    for place, text in _lines(document):
        sizes = [(int(a), int(b)) for a, b in _SIZE.findall(text)]
        verdict = _judged(sizes, place, text, judgement.claims, members)
        if verdict is None:
            found = Skipped(place.line, place.column, WHOSE)
            skipped.append(skipped_in_file(found, document))
        else:
            claims.append(in_file(verdict, document))
    if len(claims) + len(skipped) == len(judgement.claims) + len(judgement.skipped):
        return judgement
    claims.sort(key=lambda v: (v.places[0].line, v.places[0].column))
    numbered = tuple(replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    skipped.sort(key=lambda s: (s.line, s.column))
    return replace(judgement, claims=numbered, skipped=tuple(skipped))


def _lines(document: Document) -> Iterator[tuple[Place, str]]:
    for segment in document.segments:
        for match in _LINE.finditer(segment.text) if segment.kind == "prose" else ():
            start, end = (segment.start + at for at in match.span("sizes"))
            place = Place(*document.position(start), *document.position(end))
            yield place, match["sizes"]


def _judged(
    sizes: Sequence[Shape],
    place: Place,
    text: str,
    claims: Sequence[Verdict],
    members: Sequence[Member],
) -> Verdict | None:
    """The verdict by the equation of what stands right above; ``None`` where that is no product."""
    above = [v for v in claims for p in v.places if 0 < place.line - p.end_line <= NEAR]
    for verdict in reversed(above):
        model = _model(verdict, members).at_sizes()
        equation = model.by_tensor.get(verdict.target or "")
        if equation is not None and len(equation.reads) == len(sizes) - 1:
            return _verdict(sizes, place, text, equation, model)
    return None


def _model(verdict: Verdict, members: Sequence[Member]) -> Model:
    """The sheet by which the verdict was reached."""
    said = (m.model for m in members if f"{READ_IN}{m.model.title}" in verdict.assumptions)
    return next(said, members[0].model)


def _verdict(
    sizes: Sequence[Shape], place: Place, text: str, equation: Equation, model: Model
) -> Verdict:
    names = [*dict.fromkeys(equation.reads), equation.tensor]
    shapes = [shape_of(model, name) for name in names]
    *read, given = shapes
    right = sorted(sizes[:-1]) == sorted(read) and sizes[-1] == given
    scope = model_scope(model)
    said = ", ".join(
        f"{authors_text(scope, n)} has {'×'.join(map(str, s)) or 'no shape'}"
        for n, s in zip(names, shapes, strict=True)
    )
    evidence = Evidence("shapes", "agrees" if right else "differs", f"by the model's sizes {said}")
    message = said if right else f"right if other arrays are meant: {said}"
    status = Status.PROVED if right else Status.UNDECIDED
    return Verdict(
        "", (place,), text, status, message, scope="the model's sizes" if right else None,
        evidence=(evidence,), conditions=() if right else ("right if other arrays are meant",),
    )  # fmt: skip
