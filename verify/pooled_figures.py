r"""An array of numbers, an arrow, a smaller array: a figure of pooling, judged window by window.

That the arrow pools is said by the model, which takes maxima, or by words of the document; else it
is open. A figure that is another's by most of its numbers is no claim about pooling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.equations import Model
from derive.expr import Winner, walk
from derive.reading.document import Document
from derive.reading.family import Member
from verify.authored import in_file
from verify.verdict import Evidence, Judgement, Place, Status, Verdict

_MATRIX = re.compile(
    r"\\begin\{(?P<kind>[pbvBV]?matrix|array)\}(?:\{[clr|\s]*\})?(?P<body>[^{}]*?)\\end\{(?P=kind)\}"
)
_ARROW = re.compile(r"\\(?:[Ll]ong)?[Rr]ightarrow(?![A-Za-z])|\\(?:to|mapsto)(?![A-Za-z])|→")
_SAID = {
    "maxima": re.compile(r"max\w*[\s-]*(?:de\s+)?pool|pool\w*\s+(?:by\s+)?max", re.IGNORECASE),
    "means": re.compile(
        r"(?:average|avg|mean|média)[\s-]*pool|pool\w*\s+(?:by\s+|por\s+|de\s+)?(?:average|avg|mean|m[ée]d)",
        re.IGNORECASE,
    ),
}
Rows = list[list[Fraction]]
_POOLS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "maxima": max,
    "means": lambda window: sum(window, Fraction(0)) / len(window),
}


@dataclass(frozen=True)
class Figure:
    """Two arrays of a display with the place of both; windows are ``tall`` by ``wide``."""

    start: int
    end: int
    whole: Rows
    pooled: Rows

    @property
    def tall(self) -> int:
        """The height of a window."""
        return len(self.whole) // len(self.pooled)

    @property
    def wide(self) -> int:
        """The width of a window."""
        return len(self.whole[0]) // len(self.pooled[0])

    def by(self, kind: str) -> Rows:
        """What pooling by maxima or means gives."""
        return [
            [_POOLS[kind](self._window(i, j)) for j in range(len(row))]
            for i, row in enumerate(self.pooled)
        ]

    def _window(self, i: int, j: int) -> list[Fraction]:
        rows = self.whole[i * self.tall : (i + 1) * self.tall]
        return [n for row in rows for n in row[j * self.wide : (j + 1) * self.wide]]


def with_pooled_figures(
    judgement: Judgement, document: Document, members: Sequence[Member]
) -> Judgement:
    """The judgement with a verdict on every figure of pooling."""
    said = set(_said(document.text, [m.model for m in members]))
    known = {(p.line, p.column) for v in judgement.claims for p in v.places}
    told = (_verdict(figure, said, document) for figure in _figures(document))
    found = [v for v in told if v is not None and _begin(v) not in known]
    if not found:
        return judgement
    lines = {v.places[0].line for v in found}
    claims = sorted(
        (*judgement.claims, *(in_file(v, document) for v in found)),
        key=lambda v: (v.places[0].line, v.places[0].column),
    )
    skipped = (s for s in judgement.skipped if s.line not in lines or "figure" not in s.reason)
    numbered = tuple(replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    return replace(judgement, claims=numbered, skipped=tuple(skipped))


def _begin(verdict: Verdict) -> tuple[int, int]:
    return verdict.places[0].line, verdict.places[0].column


def _said(text: str, models: Sequence[Model]) -> Iterator[str]:
    yield from (kind for kind, words in _SAID.items() if words.search(text))
    rights = (equation.rhs for model in models for equation in model.equations)
    if any(isinstance(node, Winner) and node.axes for rhs in rights for node in walk(rhs)):
        yield "maxima"


def _figures(document: Document) -> Iterator[Figure]:
    for segment in document.formulas():
        found = [(m, rows) for m in _MATRIX.finditer(segment.text) if (rows := _rows(m["body"]))]
        if len(found) != 2:
            continue
        (first, whole), (second, pooled) = found
        if not _ARROW.search(segment.text[first.end() : second.start()]):
            continue
        figure = Figure(segment.start, segment.end, whole, pooled)
        fits = not (len(whole) % len(pooled) or len(whole[0]) % len(pooled[0]))
        if fits and figure.tall * figure.wide > 1:
            yield figure


def _rows(body: str) -> Rows | None:
    """The numbers of an array that shows nothing else."""
    lines = [line.strip() for line in body.replace(r"\hline", "").split(r"\\")]
    try:
        rows = [
            [Fraction(c.strip().replace(",", ".")) for c in line.split("&")]
            for line in lines
            if line
        ]
    except (ValueError, ZeroDivisionError):
        return None
    return rows if rows and len({len(row) for row in rows}) == 1 else None


def _verdict(figure: Figure, said: set[str], document: Document) -> Verdict | None:
    right = {kind: _alike(figure.pooled, figure.by(kind)) for kind in _POOLS}
    kind = max(right, key=lambda k: (right[k], k in said))
    cells = len(figure.pooled) * len(figure.pooled[0])
    windows = f"the {kind} of windows of {figure.tall}×{figure.wide}"
    if right[kind] == cells and kind in said:
        return _told(figure, document, Status.CONFIRMED, f"the numbers on the right are {windows}")
    if right[kind] == cells:
        condition = f"right if the arrow takes {windows}"
        return _told(figure, document, Status.UNDECIDED, condition, (condition,))
    if kind not in said or 2 * right[kind] <= cells:
        return None
    i, j, shown, true = _first_wrong(figure, kind)
    message = f"row {i + 1}, column {j + 1} shows {_text(shown)}: {windows} have {_text(true)}"
    return _told(figure, document, Status.REFUTED, message)


def _alike(one: Rows, other: Rows) -> int:
    return sum(a == b for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True))


def _first_wrong(figure: Figure, kind: str) -> tuple[int, int, Fraction, Fraction]:
    pairs = zip(figure.pooled, figure.by(kind), strict=True)
    return next(
        (i, j, a, b)
        for i, (x, y) in enumerate(pairs)
        for j, (a, b) in enumerate(zip(x, y, strict=True))
        if a != b
    )


def _text(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def _told(
    figure: Figure, document: Document, status: Status, message: str, said: tuple[str, ...] = ()
) -> Verdict:
    outcome = {Status.CONFIRMED: "agrees", Status.REFUTED: "differs"}.get(status, "skipped")
    place = Place(*document.position(figure.start), *document.position(figure.end))
    wrong = {"shown": message} if status is Status.REFUTED else None
    return Verdict(
        "", (place,), document.text[figure.start : figure.end].strip(), status, message,
        conditions=said, evidence=(Evidence("windows", outcome, message),), counterexample=wrong,
    )  # fmt: skip
