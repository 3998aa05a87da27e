"""Tables in a Markdown text: tab-separated rows, and rows of pipes under a rule of dashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_ROW_MATH = re.compile(r"\\.|\$\$[^$]*\$\$|\$(?:[^$\\]|\\.)+\$")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*")
_LINE = re.compile(r"[^\n]+\n?")

Cell = tuple[str, int]  # its text without spaces around, and the offset where that begins


def find_tables(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Offsets of the runs of lines that are tables."""
    lines = [m.span() for m in _LINE.finditer(text, start)]
    first = 0
    while first < len(lines):
        end = _run(text, lines, first, first, _tabbed)
        if end == first and _ruled(text, lines, first):
            end = _run(text, lines, first, first + 2, _piped)
        if end > first:
            yield lines[first][0], lines[end - 1][1]
        first = max(end, first + 1)


def _run(
    text: str, lines: list[tuple[int, int]], first: int, end: int, belongs: Callable[[str], bool]
) -> int:
    """Index after the last line, from ``first`` without a gap, that belongs."""
    while end < len(lines) and (end == first or lines[end - 1][1] == lines[end][0]):
        if not belongs(text[slice(*lines[end])]):
            break
        end += 1
    return end


def _tabbed(line: str) -> bool:
    if "\t" not in line:
        return False
    plain = _ROW_MATH.sub("x", line).strip("\r\n")
    return "\t" in plain.lstrip() and "$$" not in plain and bool(plain.strip())


def _piped(line: str) -> bool:
    return "|" in line


def _ruled(text: str, lines: list[tuple[int, int]], first: int) -> bool:
    if first + 1 >= len(lines) or lines[first][1] != lines[first + 1][0]:
        return False
    return _piped(text[slice(*lines[first])]) and is_rule(text[slice(*lines[first + 1])])


def is_rule(line: str) -> bool:
    """The line of dashes under the head of a Markdown table."""
    return "|" in line and "-" in line and _RULE.fullmatch(line.rstrip("\r\n")) is not None


def split_row(line: str, start: int) -> list[Cell]:
    """The cells of one row; separators inside ``$…$`` or behind a backslash do not count."""
    separator = "\t" if "\t" in _ROW_MATH.sub("x", line) else "|"
    cells: list[Cell] = []
    begin = 0
    for match in re.compile(rf"\\.|\$(?:[^$\\]|\\.)*\$|({re.escape(separator)})").finditer(line):
        if match.group(1):
            cells.append(_cell(line[begin : match.start()], start + begin))
            begin = match.end()
    cells.append(_cell(line[begin:], start + begin))
    if separator == "|":
        outer = line.strip()
        cells = cells[outer.startswith("|") : len(cells) - outer.endswith("|")]
    return cells


def _cell(text: str, start: int) -> Cell:
    return text.strip(), start + len(text) - len(text.lstrip())
