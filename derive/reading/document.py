r"""A document with its mathematics found: Markdown, LaTeX or plain text.

`read_document` opens a file and says what is wrong with it; `document_from_text` takes a text
that is already here. Offsets count code points of ``Document.text`` (without a byte order mark,
line ends as they are), lines and columns are 1-based.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from derive.errors import LimitExceeded, Problem
from derive.reading import segments
from derive.reading.front import read_front
from derive.reading.segments import Segment
from derive.reading.tables import Cell, is_rule, split_row

SIZE_LIMIT = 8 * 1024 * 1024
_LATEX_SUFFIXES = frozenset({".tex", ".latex", ".ltx"})
_LINE_END = re.compile(r"\r\n|\n|\r")
_FORMULAS = frozenset({"display", "inline"})


@dataclass(frozen=True)
class Document:
    """A text cut into ``segments`` that tile it, and what its front matter declares.

    ``front_places`` gives line and column of each top-level key.
    """

    path: str | None
    text: str
    segments: tuple[Segment, ...]
    front: dict[str, Any] = field(default_factory=dict)
    front_places: dict[str, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; the end of the text has a place too."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def formulas(self) -> Iterator[Segment]:
        """Displays and inline formulas in order, those in tables included."""
        return (s for s in self._all() if s.kind in _FORMULAS)

    def refused(self) -> Iterator[Segment]:
        """Delimiters that hold no formula, with the reason: money, or never closed."""
        return (s for s in self._all() if s.reason)

    def _all(self) -> Iterator[Segment]:
        for segment in self.segments:
            yield segment
            yield from segment.inner

    def before(self, segment: Segment) -> str:
        """What stands before a segment on its own line."""
        line, _ = self.position(segment.outer_start)
        return self.text[self._line_starts[line - 1] : segment.outer_start]

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
    """Read and cut the file at ``path``.

    Raises `Problem` where there is no such file, it is a directory, binary, empty or not UTF-8, and
    `LimitExceeded` above `SIZE_LIMIT` bytes.
    """
    name = str(path)
    try:
        size = Path(path).stat().st_size
        if size > SIZE_LIMIT:
            raise LimitExceeded(
                f"the file has {size} bytes", path=name, expected=f"at most {SIZE_LIMIT}"
            )
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise Problem("there is no such file", path=name) from None
    except IsADirectoryError:
        raise Problem("this is a directory", path=name, expected="a document") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(f"the file cannot be read: {reason}", path=name) from None
    return document_from_text(_decoded(data, name), name)


def document_from_text(text: str, path: str | None = None) -> Document:
    """Cut a text; ``path`` tells LaTeX (``.tex``) from Markdown and names it in errors."""
    if not text.strip():
        raise Problem("the document is empty", path=path, expected="text with formulas")
    front = read_front(text, path)
    suffix = Path(path).suffix.lower() if path else ""
    cut = segments.latex if suffix in _LATEX_SUFFIXES else segments.markdown
    found = tuple(cut(text, front.end))
    if front.end:
        found = (Segment("front", text[: front.end], 0, front.end, 0, front.end), *found)
    return Document(path, text, found, front.values, front.places)


def _decoded(data: bytes, name: str) -> str:
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Problem(
            "the file is binary (it holds a zero byte)", path=name, line=line, column=1,
            expected="text in UTF-8", advice=_binary_advice(data),
        )  # fmt: skip
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problem(
            f"byte {error.start} is 0x{data[error.start]:02x}, which is not UTF-8", path=name,
            line=line, column=1, expected="text in UTF-8", advice=_binary_advice(data),
        ) from None  # fmt: skip


def _binary_advice(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return "a PDF holds no formulas as text: give its source, or a transcript in Markdown"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is UTF-16: save it as UTF-8"
    return ""
