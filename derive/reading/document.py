r"""A document with its mathematics found: Markdown, LaTeX, notebook, HTML, reStructuredText, text.

`read_document` opens a file and says what is wrong with it; `document_from_text` takes a text
that is already here. Offsets count code points of ``Document.text``, the text as it is read: cells
below each other, files in place, macros put in. `Document.origin` tells where that was typed,
`Document.edit` how the file is changed; where nothing was put in, both are as in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from derive.errors import Problem
from derive.reading import segments
from derive.reading.containers import files, html, notebook, rst
from derive.reading.containers.comments import front_of_html, front_of_latex
from derive.reading.containers.expansion import Expanded, Fault, expanded
from derive.reading.containers.inclusion import Included, included
from derive.reading.containers.layers import Edit, Layer, Lines, Origin
from derive.reading.front import Front, read_front
from derive.reading.segments import Segment
from derive.reading.tables import Cell, is_rule, split_row

SIZE_LIMIT = files.SIZE_LIMIT
LATEX = frozenset({".tex", ".latex", ".ltx"})
_LINE_END = re.compile(r"\r\n|\n|\r")
_FORMULAS = frozenset({"display", "inline"})
_CODE = frozenset({"code", "comment", "front"})
ELSEWHERE = "it stands in {}, which the document reads in: correct that file by itself"
WOVEN = "the edit lies in what was put together from several places"


@dataclass(frozen=True)
class Document:
    """A text cut into ``segments`` that tile it, and what its front matter declares.

    ``front_places`` gives line and column of each top-level key. ``raw`` is the file's own text,
    ``layers`` lead from ``text`` down to it, ``faults`` are what could not be put in.
    """

    path: str | None
    text: str
    segments: tuple[Segment, ...]
    front: dict[str, Any] = field(default_factory=dict)
    front_places: dict[str, tuple[int, int]] = field(default_factory=dict)
    raw: str = ""
    layers: tuple[Layer, ...] = ()
    faults: tuple[Fault, ...] = ()

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _lines_of_file(self) -> Lines:
        return Lines(self.raw) if self.layers else self._lines

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in the text as it is read, whose order is the document's.

        The end of the text has a place too.
        """
        return self._lines.position(offset)

    def offset(self, line: int, column: int) -> int:
        """The offset at a `position`."""
        return self._lines.starts[line - 1] + column - 1

    def origin(self, offset: int, end: bool = False) -> Origin:
        """Where the character at an offset was typed; with ``end``, where the one before ends."""
        for layer in self.layers:
            found = layer.origin(offset, end)
            if found is not None:
                return found
            offset = (layer.source_end_of(offset) if end else layer.source_of(offset))[1]
        return Origin(*self._lines_of_file.position(offset))

    def said(self, offset: int) -> str:
        """The `origin` in words: ``cell 2, line 3, column 4``."""
        return self.origin(offset).said

    def located(self, error: Problem, offset: int) -> Problem:
        """The error with the place of ``offset``, unless it has one."""
        if error.line is None:
            found = self.origin(offset)
            error.line, error.column, error.cell = found.line, found.column, found.cell
            error.path = error.path or found.file
        error.path = error.path or self.path
        return error

    def typed(self, start: int, end: int) -> str:
        """What the author typed for ``text[start:end]``, macros and all."""
        return self.typed_with(start, end, start, start, "") or self.text[start:end]

    def typed_with(self, start: int, end: int, first: int, last: int, new: str) -> str | None:
        """The same with ``text[first:last]`` replaced, where the author's text can say so."""
        macros = self.layers[0] if self.layers else None
        if not isinstance(macros, Expanded):
            return self.text[start:first] + new + self.text[last:end]
        source = self.layers[1].text if len(self.layers) > 1 else self.raw
        (_, begin), (_, stop) = macros.source_of(start), macros.source_end_of(end)
        if first == last and not new:
            return source[begin:stop]
        edit = macros.edit(first, last, new)
        if edit is None or not begin <= edit.start <= edit.end <= stop:
            return None
        return source[begin : edit.start] + edit.new + source[edit.end : stop]

    def edit(self, start: int, end: int, new: str) -> Edit | str:
        """The edit of ``raw`` that makes ``text[start:end]`` become ``new``, or why there is none.

        The rest of a macro, or of an escape, that the edit lies in is written anew.
        """
        edit = Edit(start, end, new)
        for layer in self.layers:
            made = layer.edit(edit.start, edit.end, edit.new)
            if made is None:
                return WOVEN
            if made.file:
                return ELSEWHERE.format(self.origin(start).file)
            edit = made
        return edit

    def formulas(self) -> Iterator[Segment]:
        """Displays and inline formulas in order, those in tables included."""
        return (s for s in self._all() if s.kind in _FORMULAS)

    def refused(self) -> Iterator[Segment]:
        """Delimiters that hold no formula, with the reason: money, or never closed."""
        return (s for s in self._all() if s.reason)

    def fault(self, start: int, end: int) -> Fault | None:
        """What could not be put in within ``text[start:end]``, if anything."""
        return next((f for f in self.faults if start <= f.start < end), None)

    def _all(self) -> Iterator[Segment]:
        for segment in self.segments:
            yield segment
            yield from segment.inner

    def before(self, segment: Segment) -> str:
        """What stands before a segment on its own line."""
        line, _ = self.position(segment.outer_start)
        return self.text[self._lines.starts[line - 1] : segment.outer_start]

    def after(self, segment: Segment) -> str:
        """What stands after a segment on the line where it ends."""
        end = _LINE_END.search(self.text, segment.outer_end)
        return self.text[segment.outer_end : end.start() if end else len(self.text)]

    def rows(self, table: Segment) -> list[list[Cell]]:
        """The cells of a table, each with its offset; a Markdown rule is no row."""
        return [
            split_row(line.group(), line.start())
            for line in re.compile(r"[^\r\n]+").finditer(self.text, table.start, table.end)
            if not is_rule(line.group())
        ]


def read_document(path: str | Path) -> Document:
    """Read and cut the file at ``path``; what kind it is, its suffix tells.

    Raises `Problem` where there is no such file, it is a directory, binary, empty or not UTF-8, and
    `LimitExceeded` above `SIZE_LIMIT` bytes.
    """
    return document_from_text(files.text_of(path), str(path))


def document_from_text(text: str, path: str | None = None) -> Document:
    """Cut the text of a file; the suffix of ``path`` tells its kind, Markdown where it is unknown.

    Files that a LaTeX text names are read from the folder of ``path``. Raises `Problem` where the
    text is empty or is no such document as its suffix says.
    """
    if not text.strip():
        raise Problem("the document is empty", path=path, expected="text with formulas")
    try:
        return _document(text, path)
    except Problem as error:
        error.path = error.path or path
        raise


def _document(raw: str, path: str | None) -> Document:
    below, cut = _opened(raw, path)
    text = below.text if below is not None else raw
    front = read_front(text, path)
    if not front.values and (comments := _COMMENTS.get(cut)) is not None:
        front = comments(raw, path)
    found = _tiled(cut, text, front.end)
    kept = [(s.outer_start, s.outer_end) for s in found if s.kind in _CODE]
    macros = expanded(text, kept)
    faults = below.faults if isinstance(below, Included) else ()
    if macros is not None:
        found = _tiled(cut, macros.text, front.end)
        moved = ((macros.target_of(f.start), f) for f in faults)
        shifted = (Fault(at, at + f.end - f.start, f.message) for at, f in moved)
        faults, text = (*shifted, *macros.faults), macros.text
    layers = tuple(layer for layer in (macros, below) if layer is not None)
    return Document(path, text, found, front.values, front.places, raw, layers, faults)


Cut = Callable[[str, int], Iterator[Segment]]
_COMMENTS: dict[Cut, Callable[[str, str | None], Front]] = {
    segments.latex: front_of_latex,
    segments.page: front_of_html,
}


def _opened(raw: str, path: str | None) -> tuple[Layer | None, Cut]:
    """The text in its container, where it has one, and what cuts it."""
    suffix = Path(path).suffix.lower() if path else ""
    if suffix in LATEX:
        return included(raw, path), segments.latex
    if suffix == notebook.SUFFIX:
        return notebook.notebook(raw, path), segments.markdown
    if suffix in html.SUFFIXES:
        return html.page(raw), segments.page
    return None, rst.rst if suffix in rst.SUFFIXES else segments.markdown


def _tiled(cut: Cut, text: str, start: int) -> tuple[Segment, ...]:
    found = tuple(cut(text, start))
    return (Segment("front", text[:start], 0, start, 0, start), *found) if start else found
