r"""Texts made of other texts: which stretch of what is read comes from which stretch of a source.

A notebook's cells, a page's decoded entities, the files that ``\input`` names, macros put in: each
is a `Layer`, a text with the `Stretch`es that tile it. Places are told, and edits made, where the
author typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Origin:
    """Line and column, 1-based, of a place in a file or, in a notebook, in one of its cells.

    ``file`` is the path of a file that the document reads in, ``None`` for the document itself.
    """

    line: int
    column: int
    file: str | None = None
    cell: int | None = None

    @property
    def said(self) -> str:
        """In words: ``cell 2, line 3, column 4``."""
        return f"{self.said_line}, column {self.column}"

    @property
    def said_line(self) -> str:
        """In words: ``cell 2, line 3``."""
        part = f"cell {self.cell}, " if self.cell is not None else ""
        within = f"{self.file}, " if self.file is not None else ""
        return f"{within}{part}line {self.line}"


@dataclass(frozen=True)
class Lines:
    """The lines of a text."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Offsets where lines begin."""
        return [0, *(m.end() for m in LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; the end of the text has a place too."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


@dataclass(frozen=True)
class Edit:
    """``source[start:end] -> new`` in source number ``file``."""

    start: int
    end: int
    new: str
    file: int = 0


@dataclass(frozen=True)
class Stretch:
    """``text[start:end]`` comes from ``source[source:source_end]`` of source ``file``.

    ``same`` means character for character. ``inner`` are parts of what is not the same that an
    edit may touch by themselves: the arguments of a macro.
    """

    start: int
    end: int
    source: int
    source_end: int
    same: bool
    file: int = 0
    inner: tuple[Stretch, ...] = ()

    def moved(self, by: int) -> Stretch:
        """The same stretch ``by`` characters further on in the text."""
        return Stretch(
            self.start + by, self.end + by, self.source, self.source_end, self.same, self.file,
            tuple(s.moved(by) for s in self.inner),
        )  # fmt: skip


class Layer:
    """A text tiled by stretches of its sources, in order."""

    def __init__(self, text: str, stretches: Sequence[Stretch]) -> None:
        self.text = text
        self.stretches = tuple(stretches)
        self._starts = [s.start for s in self.stretches]

    def source_of(self, offset: int) -> tuple[int, int]:
        """Number of the source and the offset there of a character of the text."""
        found = self._at(offset)
        if found is None:
            return 0, 0
        at = found.source_end if found.end <= offset else found.source
        return found.file, at + (offset - found.start if found.same and at == found.source else 0)

    def source_end_of(self, offset: int) -> tuple[int, int]:
        """The same for the exclusive end of a stretch of the text."""
        found = self._at(offset - 1)
        if found is None:
            return 0, 0
        if found.same:
            return found.file, found.source + offset - found.start
        return found.file, found.source_end

    def _at(self, offset: int) -> Stretch | None:
        """The innermost stretch that holds the character."""
        among: Sequence[Stretch] = self.stretches
        at = bisect_right(self._starts, max(offset, 0)) - 1
        found = among[at] if 0 <= at < len(among) else None
        while found is not None and found.inner:
            held = [s for s in found.inner if s.start <= offset < s.end]
            if not held:
                break
            found = held[0]
        return found

    def target_of(self, offset: int) -> int:
        """Where a character of the first source stands in the text, as near as can be."""
        for stretch in self.stretches:
            if stretch.file == 0 and stretch.source <= offset < stretch.source_end:
                return stretch.start + (offset - stretch.source if stretch.same else 0)
        return len(self.text)

    def origin(self, offset: int, end: bool = False) -> Origin | None:
        """Where the character stands for people; with ``end`` what the character before ends at.

        ``None`` where only the source below knows.
        """
        return None

    def _source(self, offset: int, end: bool) -> tuple[int, int]:
        return self.source_end_of(offset) if end else self.source_of(offset)

    def edit(self, start: int, end: int, new: str) -> Edit | None:
        """What in one source makes ``text[start:end]`` become ``new``.

        ``None`` where the stretch comes from no single source. What no edit can change by itself
        (a macro's body) is replaced whole.
        """
        touched = self._touched(start, end)
        if not touched or len({s.file for s in touched}) != 1:
            return None
        first, last = _narrow(touched, start, end)
        head = first.start if not first.same else start
        tail = last.end if not last.same else end
        written = self.text[head:start] + new + self.text[end:tail]
        return Edit(
            first.source + (start - first.start if first.same else 0),
            last.source_end - (last.end - end if last.same else 0),
            self.encoded(written),
            first.file,
        )

    def encoded(self, text: str) -> str:
        """How the source writes a text."""
        return text

    def _touched(self, start: int, end: int) -> list[Stretch]:
        """Stretches that an edit of ``text[start:end]`` touches; an insertion prefers the same."""
        found = []
        first = max(bisect_right(self._starts, start) - 2, 0)
        for stretch in self.stretches[first:]:
            if stretch.start > end:
                break
            if stretch.end >= start:
                found.append(stretch)
        if start == end:
            return sorted(found, key=lambda s: not s.same)[:1]
        return [s for s in found if s.start < end and s.end > start]


def _narrow(touched: Sequence[Stretch], start: int, end: int) -> tuple[Stretch, Stretch]:
    """The first and the last stretch, or twice the innermost that holds the whole edit."""
    if len(touched) > 1:
        return touched[0], touched[-1]
    found = touched[0]
    while inside := [s for s in found.inner if s.start <= start and end <= s.end]:
        found = min(inside, key=lambda s: not s.same)
    return found, found


class Weaver:
    """Puts a text together from stretches of sources; joins neighbours that are the same."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.stretches: list[Stretch] = []
        self.length = 0

    def same(self, text: str, source: int, file: int = 0) -> None:
        """``text`` as it stands at offset ``source``."""
        if not text:
            return
        last = self.stretches[-1] if self.stretches else None
        start = self.length
        if last is not None and last.same and (last.file, last.source_end) == (file, source):
            self.stretches.pop()
            start, source = last.start, last.source
        self._add(text, Stretch(start, self.length + len(text), source,
                                source + self.length + len(text) - start, True, file))  # fmt: skip

    def made(
        self, text: str, source: int, source_end: int, file: int = 0,
        inner: tuple[Stretch, ...] = (),
    ) -> None:  # fmt: skip
        """``text`` in the place of ``source:source_end``; ``inner`` counts from its beginning."""
        shifted = tuple(s.moved(self.length) for s in inner)
        end = self.length + len(text)
        self._add(text, Stretch(self.length, end, source, source_end, False, file, shifted))

    def _add(self, text: str, stretch: Stretch) -> None:
        self.parts.append(text)
        self.stretches.append(stretch)
        self.length += len(text)

    @property
    def text(self) -> str:
        """What was put together so far."""
        return "".join(self.parts)
