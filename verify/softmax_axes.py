r"""Softmax of a matrix, of which nobody says whether it is taken of each row or of each column.

Where one side of the matrix counts samples (``(rows are samples)`` behind a type, a loss that is
their mean), it is taken along the other. Else a deck is judged by both, and what is right by one
alone is "right if softmax is taken of each row".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from derive.equations import Model
from derive.reading.arrays import OpenAxis
from derive.reading.declarations import Front
from derive.reading.document import Document
from derive.reading.family import Member, family_of
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS
from derive.reading.own.page_model import page_model
from derive.reading.scope import model_scope
from derive.reading.sheet import model_from_document, sheet_document
from verify.verdict import ACCEPTED, Judgement, Status, Verdict

KINDS = ("rows", "columns")
WORDS = {"rows": "softmax is taken of each row", "columns": "softmax is taken of each column"}
_OF_VECTORS = frozenset({"softmax", "log_softmax"})
_SAMPLES = re.compile(
    r"\(\s*(?:(?P<first>rows|columns)\s+are\s+(?:samples|examples|instances)"
    r"|(?:samples|examples|instances)\s+are\s+(?P<second>rows|columns))\s*\)"
)


def by_axes(sheet: str | Path, judge: Callable[[Sequence[Member]], Judgement]) -> Judgement:
    """What ``judge`` says by a sheet and its variants. Raises `Problem` as these do."""
    document, name = sheet_document(sheet)
    return _by_axes(
        document, lambda d: judge(family_of(d, name)), lambda d: model_from_document(d, name)
    )


def page_by_axes(document: Document, judge: Callable[[Document], Judgement]) -> Judgement:
    """What ``judge`` says of a page by its own equations. Raises `Problem` as it does."""
    return _by_axes(document, judge, lambda page: page_model(page, "own").model)


def _by_axes(
    document: Document, judge: Callable[[Document], Judgement], build: Callable[[Document], Model]
) -> Judgement:
    try:
        return judge(document)
    except OpenAxis:
        pass  # asked below
    by_kind = {kind: _declared(document, kind) for kind in KINDS}
    meant = _meant(document, build(by_kind["rows"]))
    if meant is not None:
        judged = judge(by_kind[meant])
        note = f"{WORDS[meant]}, as the others are samples"
        return replace(judged, assumed=(*judged.assumed, note))
    first, second = (judge(by_kind[kind]) for kind in KINDS)
    others = {c.places: c for c in second.claims}
    claims = (_either(c, others.get(c.places, c)) for c in first.claims)
    return replace(first, claims=tuple(claims))


def _declared(document: Document, kind: str) -> Document:
    """The document with softmax of each row, or of each column."""
    front = Front(document)
    functions = {**STANDARD_ARRAY_FUNCTIONS, **front.mapping("functions")}
    said = {head: f"{f} {kind}" for head, f in functions.items() if f in _OF_VECTORS}
    functions = {**front.mapping("functions"), **said}
    return replace(document, front={**document.front, "functions": functions})


def _meant(document: Document, model: Model) -> str | None:
    """Of what softmax is taken where the other side of its matrix counts samples."""
    counts = {*model_scope(model).means, *_samples(document)}
    found = set()
    for equation in model.equations:
        latex = equation.source.latex if equation.source is not None else ""
        if "softmax" in latex and len(equation.axes) == len(KINDS):
            of_samples = [str(a.extent) in counts for a in equation.axes]
            found.add(KINDS[of_samples.index(True)] if sum(of_samples) == 1 else None)
    return found.pop() if len(found) == 1 else None


def _samples(document: Document) -> Iterator[str]:
    """The lengths that count samples, as types say in brackets."""
    for declared in Front(document).mapping("types").values():
        if isinstance(declared, str) and (match := _SAMPLES.search(declared)) is not None:
            words = declared[: match.start()].split()
            place = 1 if (match["first"] or match["second"]) == "rows" else 2
            yield from words[place : place + 1]


def _either(rows: Verdict, columns: Verdict) -> Verdict:
    """The verdict where both agree; undecided where one of them alone is right."""
    right = [v.status in ACCEPTED for v in (rows, columns)]
    if right[0] == right[1]:
        return columns if columns.status is Status.UNDECIDED else rows
    kind, other = (KINDS[right.index(True)], (rows, columns)[right.index(False)])
    if other.status is Status.UNDECIDED:
        return other
    condition = f"right if {WORDS[kind]}"
    return replace(
        (rows, columns)[right.index(True)],
        status=Status.UNDECIDED,
        message=f"undeclared: {condition} (functions: softmax {kind})",
        conditions=(condition,),
        scope=None,
    )
