r"""Where a document's mathematics stands: `markdown` and `latex` cut a text into segments.

The segments tile the text: what is not mathematics, code, a table or a comment is prose, and a
delimiter that opens nothing is a segment of its own with the reason why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DISPLAYS = "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math"
LISTINGS = "verbatim|Verbatim|lstlisting|minted|comment"

_COMMON = rf"""
    | (?P<escape>\\[\\$`%]) | (?P<round>\\\() | (?P<square>\\\[)
    | (?P<environment>\\begin\{{(?P<name>(?:{DISPLAYS})\*?)\}})
    | (?P<dollars>\$\$?)"""
_MARKDOWN = re.compile(
    rf"""(?P<fence>^[ ]{{0,3}}(?P<ticks>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^\n`]*)$)
    | (?P<comment><!--.*?-->) | (?P<code>(?<!`)(?P<run>`+)(?!`)[^`](?:.*?[^`])??(?P=run)(?!`))
    {_COMMON}""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_LATEX = re.compile(
    rf"""(?P<comment>(?<!\\)%[^\n]*) | (?P<code>\\verb\*?(?P<bar>[^\sA-Za-z*]).*?(?P=bar))
    | (?P<listing>\\begin\{{(?P<kind>{LISTINGS})\}})
    {_COMMON}""",
    re.VERBOSE | re.DOTALL,
)
_ROW_MATH = re.compile(r"\$\$[^$]*\$\$|\$(?:[^$\\]|\\.)*\$")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*")
_BLANK = re.compile(r"\n[ \t\r]*\n|\r[ \t]*\r")


@dataclass(frozen=True)
class Segment:
    """A stretch of a document.

    ``kind`` is display, inline, code, table, comment, front, prose, ``skipped`` (a dollar that is
    money) or ``broken`` (a delimiter that is never closed), the last two with their ``reason``.
    ``start`` and ``end`` are the offsets of the content, ``outer_start`` and ``outer_end`` include
    the delimiters. ``inner`` are the formulas that stand in a table.
    """

    kind: str
    text: str
    start: int
    end: int
    outer_start: int
    outer_end: int
    reason: str = ""
    inner: tuple[Segment, ...] = ()


def markdown(text: str, start: int) -> Iterator[Segment]:
    """Segments of a Markdown text from ``start`` to its end."""
    tables = iter(list(_tables(text, start)))
    table = next(tables, None)
    at = start
    while at < len(text):
        limit = table[0] if table else len(text)
        segment = _next(_MARKDOWN, text, at, limit)
        while table and segment is not None and segment.outer_end > table[0]:
            # a display or a listing reaches over what looked like a table
            table = next((t for t in tables if t[0] >= segment.outer_end), None)
        if segment is None and table:
            yield from _prose(text, at, table[0])
            yield _table(text, *table)
            at, table = table[1], next(tables, None)
            continue
        yield from _prose(text, at, segment.outer_start if segment else len(text))
        if segment is None:
            return
        yield segment
        at = segment.outer_end


def latex(text: str, start: int) -> Iterator[Segment]:
    r"""Segments of a LaTeX file; what stands outside ``\begin{document}`` is prose."""
    opening = re.search(r"^[^%\n]*?\\begin\{document\}", text[start:], re.MULTILINE)
    end = len(text)
    at = start
    if opening:
        at = start + opening.end()
        yield from _prose(text, start, at)
        closing = text.find(r"\end{document}", at)
        end = closing if closing >= 0 else end
    while at < end:
        segment = _next(_LATEX, text, at, end)
        yield from _prose(text, at, segment.outer_start if segment else end)
        if segment is None:
            break
        yield segment
        at = segment.outer_end
    yield from _prose(text, end, len(text))


def _prose(text: str, start: int, end: int) -> Iterator[Segment]:
    if end > start:
        yield Segment("prose", text[start:end], start, end, start, end)


def _next(pattern: re.Pattern[str], text: str, at: int, limit: int) -> Segment | None:
    """The first segment that is not prose and begins before ``limit``."""
    while at < limit:
        match = pattern.search(text, at, len(text))
        if match is None or match.start() >= limit:
            return None
        segment = _segment(match, text)
        if segment is not None:
            return segment
        at = match.end()
    return None


def _segment(match: re.Match[str], text: str) -> Segment | None:
    found = match.groupdict()
    start, end = match.span()
    if found.get("fence") is not None:
        return _fenced(match, text)
    if found.get("comment") is not None:
        return Segment("comment", match.group(), start, end, start, end)
    if found.get("code") is not None:
        return Segment("code", match.group(), start, end, start, end)
    if found.get("listing") is not None:
        return _listing(match, text)
    if found.get("round") is not None:
        return _closed_by(text, match, r"\)", "inline")
    if found.get("square") is not None:
        return _closed_by(text, match, r"\]", "display")
    if found.get("environment") is not None:
        return _environment(match, text)
    if found.get("dollars") is not None:
        return _dollars(match, text)
    return None


def _make(kind: str, text: str, span: tuple[int, int], outer: tuple[int, int]) -> Segment:
    return Segment(kind, text[span[0] : span[1]], *span, *outer)


def _broken(text: str, span: tuple[int, int], reason: str, kind: str = "broken") -> Segment:
    return Segment(kind, text[span[0] : span[1]], *span, *span, reason=reason)


def _fenced(match: re.Match[str], text: str) -> Segment:
    ticks = match.group("ticks")
    body = min(match.end() + 1, len(text))
    closing = re.compile(
        rf"^[ ]{{0,3}}{re.escape(ticks[0])}{{{len(ticks)},}}[ \t\r]*$", re.MULTILINE
    ).search(text, body)
    end, outer = closing.span() if closing else (len(text), len(text))
    is_math = match.group("info").strip().lower() == "math"
    if closing is None and is_math:
        return _broken(text, match.span(), "this ```math block is never closed")
    return _make("display" if is_math else "code", text, (body, max(body, end)), (match.start(), outer))


def _listing(match: re.Match[str], text: str) -> Segment:
    closing = text.find(rf"\end{{{match.group('kind')}}}", match.end())
    if closing < 0:
        return _broken(text, match.span(), f"{match.group()} is never closed")
    outer = text.index("}", closing) + 1
    return _make("code", text, (match.end(), closing), (match.start(), outer))


def _closed_by(text: str, match: re.Match[str], closer: str, kind: str) -> Segment:
    start = match.end()
    end = _find(text, re.escape(closer), start)
    if end < 0 or (kind == "inline" and _BLANK.search(text, start, end)):
        return _broken(text, match.span(), f"this {match.group()} is never closed by {closer}")
    return _make(kind, text, (start, end), (match.start(), end + len(closer)))


def _environment(match: re.Match[str], text: str) -> Segment:
    name = match.group("name")
    closer = rf"\end{{{name}}}"
    start, end = match.end(), text.find(closer, match.end())
    if end < 0:
        return _broken(text, match.span(), f"this {match.group()} is never closed by {closer}")
    if name.startswith("alignat"):
        columns = re.compile(r"\s*\{\d+\}").match(text, start)
        start = columns.end() if columns else start
    return _make("display", text, (start, end), (match.start(), end + len(closer)))


def _dollars(match: re.Match[str], text: str) -> Segment:
    sign, start = match.group(), match.end()
    paragraph = _BLANK.search(text, start)
    limit = paragraph.start() if paragraph else len(text)
    if sign == "$$":
        end = _find(text, r"\$\$", start)
        # a blank line inside is forgiven only where what follows can still be the same display
        if end < 0 or (end > limit and "$" in text[start:limit].replace(r"\$", "")):
            return _broken(text, match.span(), "this $$ is never closed by $$")
        return _make("display", text, (start, end), (match.start(), end + 2))
    end = _find(text, r"\$", start, limit)
    if text[start : start + 1].isdigit() and _is_money(text, start, end):
        return _broken(text, match.span(), "a dollar before a number: an amount of money", "skipped")
    if end < 0:
        return _broken(text, match.span(), "this $ is never closed in its paragraph")
    return _make("inline", text, (start, end), (match.start(), end + 1))


def _is_money(text: str, start: int, end: int) -> bool:
    """``$5 and $10``: the next dollar is missing, or opens an amount itself."""
    return end < 0 or (text[end - 1].isspace() and text[end + 1 : end + 2].isdigit())


def _find(text: str, closer: str, start: int, end: int | None = None) -> int:
    """Offset of an unescaped ``closer``, or -1."""
    pattern = re.compile(rf"(?:\\(?![()\[\]]).|(?!{closer}).)*?(?={closer})", re.DOTALL)
    match = pattern.match(text, start, len(text) if end is None else end)
    return match.end() if match else -1


# Tables


def _tables(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Runs of lines with tab-separated cells, and Markdown tables with a rule under the head."""
    lines = [(m.start(), m.end()) for m in re.compile(r"[^\n]+\n?").finditer(text, start)]
    first = 0
    while first < len(lines):
        end = first
        while end < len(lines) and _touches(lines, first, end) and _tabbed(text[slice(*lines[end])]):
            end += 1
        if end == first and first + 1 < len(lines) and _ruled(text, lines, first):
            end = first + 2
            while end < len(lines) and _touches(lines, first, end) and "|" in text[slice(*lines[end])]:
                end += 1
        if end > first:
            yield lines[first][0], lines[end - 1][1]
        first = max(end, first + 1)


def _touches(lines: list[tuple[int, int]], first: int, at: int) -> bool:
    return at == first or lines[at - 1][1] == lines[at][0]


def _tabbed(line: str) -> bool:
    plain = _ROW_MATH.sub("x", line).strip("\r\n")
    return "\t" in plain.lstrip() and "$$" not in plain and bool(plain.strip())


def _ruled(text: str, lines: list[tuple[int, int]], first: int) -> bool:
    head, rule = text[slice(*lines[first])], text[slice(*lines[first + 1])].rstrip("\r\n")
    return "|" in head and "|" in rule and _RULE.fullmatch(rule) is not None


def _table(text: str, start: int, end: int) -> Segment:
    inner: list[Segment] = []
    for line in re.compile(r"[^\n]+").finditer(text, start, end):
        at = line.start()
        while (found := _next(_MARKDOWN, text[: line.end()], at, line.end())) is not None:
            inner.append(found)
            at = found.outer_end
    return Segment("table", text[start:end], start, end, start, end, inner=tuple(inner))


def is_rule(line: str) -> bool:
    """The line of dashes under the head of a Markdown table."""
    return "|" in line and "-" in line and _RULE.fullmatch(line) is not None
