r"""Jupyter notebooks: the cells as one Markdown text, code cells as fenced listings.

Places are told as cell and line in the cell. An edit is one in the JSON of the file, of which the
rest stays as it is, so that a corrected notebook is a notebook again.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.errors import Problem
from derive.reading.containers.layers import Layer, Lines, Origin, Weaver

SUFFIX = ".ipynb"
KINDS = ("markdown", "code", "raw")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+')
_PIECE = re.compile(
    r"(?P<plain>[^\\]+)|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\."
)
_LANGUAGE = re.compile(r"[\w+-]+")


@dataclass(frozen=True)
class Cell:
    """The spans of the strings, without their quotes, that hold a cell's source."""

    number: int
    kind: str
    spans: tuple[tuple[int, int], ...]


class Notebook(Layer):
    """The cells of a notebook, one below the other."""

    def __init__(self, weaver: Weaver, starts: list[int], numbers: list[int]) -> None:
        super().__init__(weaver.text, weaver.stretches)
        self.cells = starts
        self.numbers = numbers
        self.lines = Lines(self.text)

    def origin(self, offset: int, end: bool = False) -> Origin:
        """The cell, counted from 1, and the line in it."""
        if not self.cells:
            return Origin(1, 1)
        at = max(bisect_right(self.cells, offset - end) - 1, 0)
        line, column = self.lines.position(max(offset, self.cells[at]))
        first, indent = self.lines.position(self.cells[at])
        return Origin(line - first + 1, column - (indent - 1 if line == first else 0),
                      cell=self.numbers[at])  # fmt: skip

    def encoded(self, text: str) -> str:
        """As the inside of a JSON string."""
        return json.dumps(text, ensure_ascii=False)[1:-1]


def notebook(raw: str, path: str | None) -> Notebook:
    """The text of a notebook given as JSON. Raises `Problem` where it is none."""
    language = _checked(raw, path)
    weaver = Weaver()
    starts, numbers = [], []
    for cell in _cells(raw):
        fence = "```" if cell.kind == "code" else ""
        weaver.made(f"{fence}{language}\n" if fence else "", *_point(cell))
        starts.append(weaver.length)
        numbers.append(cell.number)
        for start, end in cell.spans:
            _decoded(weaver, raw, start, end)
        weaver.made(f"\n{fence}\n\n" if fence else "\n\n", *_point(cell, last=True))
    return Notebook(weaver, starts, numbers)


def _point(cell: Cell, last: bool = False) -> tuple[int, int]:
    at = (cell.spans[-1][1] if last else cell.spans[0][0]) if cell.spans else 0
    return at, at


def _decoded(weaver: Weaver, raw: str, start: int, end: int) -> None:
    for piece in _PIECE.finditer(raw, start, end):
        if piece["plain"] is not None:
            weaver.same(piece.group(), piece.start())
        else:
            weaver.made(json.loads(f'"{piece.group()}"'), *piece.span())


def _checked(raw: str, path: str | None) -> str:
    """The language of the code cells. Raises `Problem` where the text is no notebook."""
    try:
        content = json.loads(raw)
    except json.JSONDecodeError as error:
        raise Problem(
            f"the notebook is no JSON: {error.msg}", path=path, line=error.lineno,
            column=error.colno, expected="a notebook as Jupyter saves it",
        ) from None  # fmt: skip
    except ValueError:
        message = "the notebook holds a number of thousands of digits"
        raise Problem(message, path=path, line=1, column=1) from None
    except RecursionError:
        raise Problem("the notebook nests too deep", path=path, line=1, column=1) from None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise Problem(
            "this JSON is no notebook: it has no list of cells", path=path, line=1, column=1,
            expected="a notebook of format 4",
            advice="jupyter nbconvert --to notebook brings an older one up to date",
        )  # fmt: skip
    for number, cell in enumerate(cells, start=1):
        _check_cell(cell, number, path)
    return _language(content)


def _check_cell(cell: object, number: int, path: str | None) -> None:
    source = cell.get("source") if isinstance(cell, dict) else None
    lines = source if isinstance(source, list) else [source]
    known = isinstance(cell, dict) and cell.get("cell_type") in KINDS
    if not known or not all(isinstance(line, str) for line in lines):
        raise Problem(
            f"cell {number} is none", path=path, line=1, column=1,
            expected="cell_type markdown, code or raw, and a source of text",
        )  # fmt: skip


def _language(content: dict[str, Any]) -> str:
    about: Any = content.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        said = about.get(key) if isinstance(about, dict) else None
        found = said.get(name) if isinstance(said, dict) else None
        if isinstance(found, str) and _LANGUAGE.fullmatch(found):
            return found
    return "python"


def _cells(raw: str) -> Iterator[Cell]:
    """The cells in order; the text is known to be a notebook."""
    kind, number = "markdown", 0
    spans: list[tuple[int, int]] = []
    for where, token in _values(raw):
        if where[:1] != ["cells"] or len(where) < 2:
            continue
        if where[1] + 1 != number:
            if number:
                yield Cell(number, kind, tuple(spans))
            kind, spans, number = "markdown", [], where[1] + 1
        inside = where[2:]
        if inside == ["cell_type"]:
            kind = str(json.loads(token.group()))
        elif inside == ["source"] or (inside[:1] == ["source"] and len(inside) == 2):
            spans.append((token.start() + 1, token.end() - 1))
    if number:
        yield Cell(number, kind, tuple(spans))


def _values(raw: str) -> Iterator[tuple[list[Any], re.Match[str]]]:
    """Every string that is a value, with the keys and numbers that lead to it."""
    where: list[Any] = []
    waiting: re.Match[str] | None = None  # a string that may be a key
    for token in _TOKEN.finditer(raw):
        sign = token.group()
        if sign == ":" and waiting is not None:
            where[-1], waiting = json.loads(waiting.group()), None
            continue
        if waiting is not None:
            yield list(where), waiting
            waiting = None
        if sign in "{[":
            where.append(None if sign == "{" else 0)
        elif sign in "}]":
            where.pop()
        elif sign == "," and isinstance(where[-1], int):
            where[-1] += 1
        elif sign[0] == '"':
            waiting = token
