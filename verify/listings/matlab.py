"""Statements of MATLAB listings as claims: found, and said as formulas where names are declared.

A listing is a fenced block, or some lines of text, most of whose statements are MATLAB, with marks
that other languages lack. A statement is judged where the context's ``code`` says what its
names stand for; one that gives an undeclared name its value is a definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.errors import IllFormed, LimitExceeded, Unreadable
from derive.reading.document import Document
from derive.reading.matlab.formula import (
    KNOWN,
    OPERATORS,
    fields_given,
    formula,
    name_given,
    names_read,
    variables_read,
)
from derive.reading.matlab.statements import STEERING, TURN, Stretch, statements
from derive.reading.matlab.tree import parsed
from derive.reading.problems import Unsupported
from derive.reading.segments import Segment
from derive.reading.unbound import Unbound
from verify.claims import Claim, Piece
from verify.formulas import Kind
from verify.setting import Setting
from verify.verdict import Place, Status

NAMES = frozenset({"matlab", "octave", "m"})
MOST_UNREADABLE = 0.3
FEWEST_LINES = 3
FEWEST_LETTERS = 4
STEERS = "code that steers or prints"
_MARKS = re.compile(r"(?m);[ \t]*(?:%.*)?$|^[ \t]*%|^[ \t]*end[ \t;]*$|\.[*/^']|\w\{[^{}\n]*\}")
_OTHERS = re.compile(
    r"(?m)^[ \t]*(?:import|from|def|class|using|fn|let|var|const|int|float|double|public|#|//)\b|"
    r"^[ \t]*(?:#|//)|\)[ \t]*\{[ \t]*$|->|:=|\+=|\+\+|&&[ \t]*$|::"
)
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[A-Za-z]\w*")
_LOOP = re.compile(r"for\s+\(?\s*(\w+)\s*=")


@dataclass(frozen=True)
class Listing:
    """Code of a document: its text and its offset there."""

    text: str
    start: int


def listings(document: Document) -> Iterator[Listing]:
    """The MATLAB listings of a document, in fences and in its text."""
    for segment in document.segments:
        if segment.kind == "code" and "\n" in segment.text:
            if _is_matlab(segment.text, language(document, segment)):
                yield Listing(segment.text, segment.start)
        elif segment.kind == "prose":
            for listing in _runs(segment):
                if _is_matlab(listing.text, ""):
                    yield listing


def language(document: Document, segment: Segment) -> str:
    first = document.text[segment.outer_start : segment.start].strip("`~ \t\r\n").lower()
    return first.split()[0] if first else ""


def _runs(segment: Segment) -> Iterator[Listing]:
    """Lines of text, at least `FEWEST_LINES` in a row, that end or begin as code does."""
    run: list[re.Match[str]] = []
    for line in (*_LINE.finditer(segment.text), None):
        text = line.group().split("%")[0].rstrip() if line is not None else ""
        adjacent = line is not None and run and line.start() - run[-1].end() <= 1
        codelike = text.endswith(";") or (line is not None and line.group().lstrip()[:1] == "%")
        steers = bool(run) and Stretch(text.strip(), 0).steers
        if line is not None and (codelike or steers) and (adjacent or not run):
            run.append(line)
            continue
        if len(run) >= FEWEST_LINES:
            start, end = run[0].start(), run[-1].end()
            yield Listing(segment.text[start:end], segment.start + start)
        run = [line] if line is not None and codelike else []


def _is_matlab(text: str, language: str) -> bool:
    if language:
        return language in NAMES
    values = [s for s in statements(text) if not s.steers]
    if not values or not _MARKS.search(text) or _OTHERS.search(text):
        return False
    wrong = sum(_error(s) is not None for s in values)
    given = sum("=" in s.text for s in values)
    return given > 0 and wrong <= MOST_UNREADABLE * len(values)


def _error(statement: Stretch) -> Unreadable | LimitExceeded | None:
    try:
        parsed(statement.text)
    except (Unreadable, LimitExceeded) as error:
        return error
    return None


# Claims


def code_claims(document: Document) -> tuple[list[Claim], list[int]]:
    """A claim for every statement that gives a value, and the offsets of those that steer."""
    claims, steering = [], []
    for listing in listings(document):
        for statement in statements(listing.text):
            start = listing.start + statement.start
            if statement.steers:
                steering.append(start)
            else:
                claims.append(_claim(statement, start, document))
    given = _given(claims) | _counted(document)
    known = given | _steered(document) | _begun(claims)
    return [_with_gaps(_with_slip(claim, given), known) for claim in claims], steering


def _steered(document: Document) -> set[str]:
    """The words of statements that steer: functions with their parameters, bounds of loops."""
    texts = (s.text for found in listings(document) for s in statements(found.text))
    return {word for text in texts if STEERING.match(text) for word in _WORD.findall(text)}


def _begun(claims: Sequence[Claim]) -> set[str]:
    """The first words of statements that cannot be read: they may give these a value."""
    firsts = (_WORD.match(claim.text) for claim in claims if claim.error is not None)
    return {first.group() for first in firsts if first is not None}


def _with_gaps(claim: Claim, known: set[str]) -> Claim:
    """The claim, which says of which names nothing in the listings gives a value."""
    if claim.error is not None:
        return claim
    names = sorted(variables_read(parsed(claim.text)) - known - KNOWN)
    said = f"no listing here gives {' and '.join(names)} a value"
    return replace(claim, notes=(said,)) if names else claim


def _given(claims: Sequence[Claim]) -> set[str]:
    """The variables that some statement gives a value."""
    trees = [parsed(c.text) for c in claims if c.error is None]
    return {n for tree in trees for n in (name_given(tree), *fields_given(tree)) if n is not None}


def _counted(document: Document) -> set[str]:
    """The variables of loops."""
    texts = (s.text for found in listings(document) for s in statements(found.text))
    return {m[1] for text in texts if (m := _LOOP.match(text)) is not None}


def _with_slip(claim: Claim, given: set[str]) -> Claim:
    """The claim; ill-formed where a name has no value and one that does is a letter away."""
    if claim.error is not None:
        return claim
    for name in sorted(names_read(parsed(claim.text)) - given - KNOWN):
        if near := near_names(name, given):
            message = f"{name} is given no value (did you mean {' or '.join(near)}?)"
            at = max(claim.text.find(name), 0)
            return replace(claim, error=IllFormed(message, offset=at))
    return claim


def near_names(name: str, given: Iterable[str]) -> list[str]:
    """Names with a value that are a letter away from one that has none and is no short one."""
    near = sorted(other for other in given if _a_letter_away(name, other))
    return near if len(name) >= FEWEST_LETTERS else []


def _a_letter_away(first: str, second: str) -> bool:
    """Whether one letter more, less or other makes the names equal."""
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1 or first == second:
        return False
    at = next(
        (k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first)
    )
    rest = first[at + (len(first) == len(second)) :]
    return rest == second[at + 1 :]


def _claim(statement: Stretch, start: int, document: Document) -> Claim:
    end = start + len(statement.text)
    place = Place(*document.position(start), *document.position(end))
    source = document.text[start:end]
    pieces = (Piece(0, start, len(source)),)
    return Claim(Kind.CODE, source, statement.text, (place,), pieces, _error(statement))


@dataclass(frozen=True)
class Said:
    """What is said of a statement that is not judged."""

    status: Status
    message: str


def as_formula(claim: Claim, setting: Setting) -> Claim | Said:
    """The equation that a statement states, or why it is none that can be judged."""
    try:
        latex = formula(parsed(claim.text), claim.text, setting.context.code)
    except Unbound as unbound:
        if unbound.target:
            gaps = claim.notes or ("nothing to check",)
            return Said(Status.DEFINITION, "; ".join((f"gives {unbound.name} its value", *gaps)))
        return Said(
            Status.UNDECIDED, f"undeclared: what {unbound.name} stands for (declare it under code)"
        )
    except Unsupported as problem:
        return Said(Status.UNDECIDED, f"not judged: {problem.message.replace(TURN, chr(39))}")
    return replace(claim, kind=Kind.EQUATION, latex=latex, text=latex, pieces=())


def of_code(setting: Setting) -> Setting:
    """The setting in which translated formulas are read: code computes the functions' stand-ins."""
    context = replace(setting.context, operators={**setting.context.operators, **OPERATORS})
    bench, allowance = setting.bench.concrete, setting.allowance
    return Setting(bench, context, setting.defined, setting.others, allowance)
