"""Statements of Python listings as claims: found, and said as formulas where names are declared.

A listing is a fenced block that says it is Python, or whose statements are and show marks of it.
Nothing of a listing is ever run.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from derive.errors import IllFormed, LimitExceeded, Unreadable
from derive.reading.document import Document
from derive.reading.problems import Unsupported
from derive.reading.python.formula import LIBRARIES, formulas, names_given, names_read
from derive.reading.python.functions import Functions, Inside, insides
from derive.reading.python.statements import Statement, parsed, statements
from derive.reading.unbound import Unbound
from verify.claims import Claim, Piece
from verify.formulas import Kind
from verify.listings.matlab import MOST_UNREADABLE, Listing, Said, language, near_names
from verify.setting import Setting
from verify.verdict import Place, Status

NAMES = frozenset({"python", "py", "python3", "ipython", "pycon"})
_MARKS = re.compile(
    r"(?m)^[ \t]*(?:import \w|from \w[\w.]* import\b|def \w+\(|class \w+|with torch\.|for \w+ in )"
    r"|\b(?:np|numpy|torch|tf|jnp|plt|self|optimizer|model)\.\w|\*\*|\bprint\(|\.T\b|[-+]=| @ "
)
_OTHERS = re.compile(r"(?m);[ \t]*$|\{[ \t]*$|^[ \t]*(?:end|%.*|//.*)[ \t]*$|\\[a-zA-Z]+\{")
_PROMPT = re.compile(r"(?m)^(?:>>>|\.\.\.) ?")
_WORD = re.compile(r"[^\W\d]\w*")
_KNOWN = frozenset(dir(builtins)) | LIBRARIES | {"self"}


def python_listings(document: Document) -> Iterator[Listing]:
    """The Python listings of a document, in fences."""
    for segment in document.segments:
        if segment.kind != "code" or "\n" not in segment.text:
            continue
        named = language(document, segment)
        if named in NAMES or (not named and _is_python(segment.text)):
            text = _PROMPT.sub(lambda m: " " * len(m.group()), segment.text)
            yield Listing(text, segment.start)


def _is_python(text: str) -> bool:
    if not _MARKS.search(text) or _OTHERS.search(text):
        return False
    values = [s for s in statements(text) if not s.steers]
    wrong = sum(_error(s) is not None for s in values)
    return bool(values) and wrong <= MOST_UNREADABLE * len(values)


def _error(statement: Statement) -> Unreadable | LimitExceeded | None:
    try:
        parsed(statement.text)
    except (Unreadable, LimitExceeded) as error:
        return error
    return None


def python_claims(document: Document) -> tuple[list[Claim], list[int]]:
    """A claim for every statement that gives a value, and the offsets of those that steer."""
    claims, steering, given = [], [], set(_KNOWN)
    functions = Functions()
    for listing in python_listings(document):
        functions.define(listing.text)
        inside = dict(insides(listing.text))
        for statement in statements(listing.text):
            start = listing.start + statement.start
            if statement.steers:
                steering.append(start)
                given |= set(_WORD.findall(statement.text))
            else:
                claim = _claim(statement, start, document)
                claims.append(_within(claim, functions, inside.get(statement.start)))
    given |= {n for c in claims if c.error is None for n in names_given(parsed(c.text))}
    return [_with_slip(claim, given) for claim in claims], steering


def _claim(statement: Statement, start: int, document: Document) -> Claim:
    end = start + len(statement.text)
    place = Place(*document.position(start), *document.position(end))
    source = document.text[start:end]
    pieces = (Piece(0, start, len(source)),)
    return Claim(Kind.PYTHON, source, statement.text, (place,), pieces, _error(statement))


def _within(claim: Claim, functions: Functions, inside: Inside | None) -> Claim:
    """The claim with what it calls put in, and with the values that parameters have there."""
    if claim.error is not None:
        return claim
    if inside is not None and inside.of_parameter:
        said = f"gives {inside.name} its value within {inside.function}; nothing to check by itself"
        return replace(claim, notes=(said,))
    if inside is not None:
        claim = replace(claim, text=inside.text, pieces=())
    tree = parsed(claim.text)
    if inside is None:
        functions.note(tree)
    return replace(claim, put_in=functions.put_in(tree) or "")


def _with_slip(claim: Claim, given: Iterable[str]) -> Claim:
    """The claim; ill-formed where a name has no value and one that does is a letter away."""
    if claim.error is not None:
        return claim
    for name in sorted(names_read(parsed(claim.text)) - set(given)):
        if near := near_names(name, given):
            message = f"{name} is given no value (did you mean {' or '.join(near)}?)"
            at = max(claim.text.find(name), 0)
            return replace(claim, error=IllFormed(message, offset=at))
    return claim


def as_formula(claim: Claim, setting: Setting) -> Claim | Said:
    """The equation that a statement states, or why it is none that can be judged.

    What it calls is put in where the call itself is no symbol that is declared.
    """
    if claim.notes:
        return Said(Status.DEFINITION, claim.notes[0])
    said = _stated(claim, claim.text, setting)
    if isinstance(said, Said) and said.status is Status.UNDECIDED and claim.put_in:
        return _stated(claim, claim.put_in, setting)
    return said


def _stated(claim: Claim, text: str, setting: Setting) -> Claim | Said:
    try:
        latex = formulas(parsed(text), setting.context.code)[0]
    except Unbound as unbound:
        if unbound.target:
            return Said(Status.DEFINITION, f"gives {unbound.name} its value; nothing to check")
        return Said(
            Status.UNDECIDED, f"undeclared: what {unbound.name} stands for (declare it under code)"
        )
    except Unsupported as problem:
        return Said(Status.UNDECIDED, f"not judged: {problem.message}")
    return replace(claim, kind=Kind.EQUATION, latex=latex, text=latex, pieces=())
