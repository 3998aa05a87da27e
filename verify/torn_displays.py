r"""Displays that fell apart at the name of an operation: ``$$ A $$ full correlation $$ B C $$``.

Three displays of a slide, ``A`` and then two arrays, with the operation's name as the only words
between them, are one equation, ``A = \text{full correlation} B C``; a further pair of arrays under
the same name is added to it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.errors import Problem
from derive.reading.document import Document
from derive.reading.parse import parse
from derive.reading.segments import Segment
from derive.reading.surface import Call, Name, Relation
from derive.reading.window_words import is_window
from verify.claims import Claim, assembled
from verify.formulas import Kind, formulas
from verify.verdict import Place

_SIGNS = re.compile(r"^[\s=+.…–—-]+|[\s.…]+$")


def operation(between: str) -> str | None:
    """The operation that the prose between two displays names, where it says nothing else."""
    words = _SIGNS.sub("", between)
    return words if words and "\n" not in words and is_window(words) else None


def joined(document: Document, before: Segment, display: Segment) -> Claim | None:
    """The equation that two displays and the operation named between them state, if they do."""
    if {before.kind, display.kind} != {"display"}:
        return None
    words = operation(document.text[before.outer_end : display.outer_start])
    if words is None or not _is_array(before.text):
        return None
    parts = [
        (before.text, before.start),
        (rf" = \text{{{words}}} ", -1),
        (display.text, display.start),
    ]
    if not _calls(parts[1][0] + display.text):
        return None
    start, end = document.position(before.start), document.position(display.end)
    note = f"{words}, between two displays, is read as what is done to the arrays of the second"
    claim = Claim(Kind.EQUATION, "", "", (Place(*start, *end),), notes=(note,))
    whole = assembled(claim, parts)
    return replace(whole, latex=whole.text)


def _is_array(text: str) -> bool:
    """Whether a display holds one expression and states nothing."""
    try:
        found = formulas(parse(text))
    except Problem:
        return False
    return len(found) == 1 and found[0].kind is Kind.NOTHING


def _calls(text: str) -> bool:
    """Whether the operation finds its two arrays."""
    try:
        items = parse(text).items
    except Problem:
        return False
    sides = items[0].sides if len(items) == 1 and isinstance(items[0], Relation) else ()
    called = sides[-1] if sides else None
    head = called.head if isinstance(called, Call) else None
    return isinstance(head, Name) and is_window(head.base)
