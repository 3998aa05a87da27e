r"""The model of a page, with the shapes that its own products and sums leave where it says none.

Those of a recurrence that shows matrices (a transposition, ⊙, bold letters) are taken, and said;
elsewhere they are what the message proposes that asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from derive.reading.arrays import OpenAxis, ShapeMismatch
from derive.reading.build_model import Written
from derive.reading.declare import single
from derive.reading.document import Document
from derive.reading.lexicon import occurrence
from derive.reading.names import letter_of, readable
from derive.reading.own.asking import Asked, as_front
from derive.reading.own.dependent import without_what_they_depend_on
from derive.reading.own.functions import is_catalogued
from derive.reading.own.model import Own, own_model
from derive.reading.own.shape_algebra import time_letter, types_by_products
from derive.reading.own.shown_lengths import with_shown_lengths
from derive.reading.own.statements import page_of
from derive.reading.surface import Big, Binary, Name, walk


def page_model(document: Document, name: str) -> Own:
    """The model that the document's own equations define. Raises `Problem` as `own_model` does."""
    try:
        return with_shown_lengths(own_model(document, name), document, name)
    except OpenAxis:
        raise  # asked of softmax (`verify.softmax_axes`), when all else is known
    except (Asked, ShapeMismatch) as problem:
        page = page_of(document)
        front = _front(document, page.equations)
        if isinstance(problem, Asked) and not problem.of_shapes_alone:
            raise
        if front is None or "time" not in front or not page.matrices:
            if front is not None and isinstance(problem, Asked):
                lines = as_front(front, document.path)
                problem.expected = f"at its head, corrected where it is otherwise:\n{lines}"
            raise
        own = own_model(replace(document, front={**document.front, **front}), name)
    kinds = (f"{readable(latex)} is a {kind}" for latex, kind in front["types"].items())
    notes = (f"{', '.join(kinds)}, as the products ask",)
    return replace(own, assumed=(*notes, *own.assumed))


def _front(document: Document, equations: Sequence[Written]) -> dict[str, Any] | None:
    """What the front matter would say: types of what is read, and the range of the time."""
    if "types" in document.front:
        return None
    typed = without_what_they_depend_on(equations, is_catalogued)
    equations = [w for w in typed if not is_catalogued(w)]
    time = time_letter(equations)
    types = types_by_products(equations, time)
    if types is None:
        return None
    defined = {i.head for w in equations if (i := occurrence(w.sentence.nodes[0])) is not None}
    before = {*_read_before(equations)} if time is not None else set()
    needed = {
        latex: kind
        for latex, kind in types.items()
        if _head(latex) not in defined or _head(latex) in before
    }
    front: dict[str, Any] = {"types": needed}
    if time is not None and "time" not in document.front:
        front["time"] = {time: _last(equations, time)}
    return front


def _head(latex: str) -> str:
    item = occurrence(single(latex))
    return item.head if item is not None else latex


def _read_before(equations: Sequence[Written]) -> Iterator[str]:
    """The heads of what is read at an earlier time."""
    for node in (n for w in equations for n in walk(w.sentence.nodes[1])):
        if isinstance(node, Name) and any(isinstance(s, Binary) for s in node.sub):
            item = occurrence(node)
            if item is not None:
                yield item.head


def _last(equations: Sequence[Written], time: str) -> str:
    """The letter of the last time, which stands above a sum over it; T where there is none."""
    for node in (n for w in equations for n in walk(w.sentence.nodes[1])):
        if isinstance(node, Big) and isinstance(node.upper, Name):
            for item in node.lower:
                names = [n for n in walk(item) if isinstance(n, Name)]
                if any(letter_of(n) == time for n in names):
                    return node.upper.base
    return "T"
