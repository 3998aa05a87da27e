r"""Where a document's mathematics stands: `markdown` and `latex` cut a text into segments.

The segments tile the text: what is not mathematics, code, a table or a comment is prose, and a
delimiter that opens nothing is a segment of its own with the reason why. Cutting takes time
linear in the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.reading.tables import find_tables

DISPLAYS = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath|IEEEeqnarray"
    "|split|aligned|gathered"
)
LISTINGS = "verbatim|Verbatim|lstlisting|minted|comment"

_COMMON = rf"""
    | (?P<escape>\\[\\$`%]) | (?P<round>\\\() | (?P<square>\\\[)
    | (?P<environment>\\begin\{{(?P<name>(?:{DISPLAYS})\*?)\}})
    | (?P<dollars>\$\$?)"""
_MARKDOWN = re.compile(
    rf"""(?P<fence>^[ ]{{0,3}}(?P<ticks>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^\n`]*)$)
    | (?P<comment><!--)
    | (?P<code>(?<!`)(?P<run>`+)(?!`)[^`\n](?:[^\n]{{0,300}}?[^`\n])??(?P=run)(?!`))
    {_COMMON}""",
    re.VERBOSE | re.MULTILINE,
)
_PAGE = re.compile(
    rf"(?P<fence>^(?P<ticks>```)(?P<info>[^\n`]*)$){_COMMON}", re.VERBOSE | re.MULTILINE
)
_LATEX = re.compile(
    rf"""(?P<note>(?<!\\)%[^\n]*) | (?P<code>\\verb\*?(?P<bar>[^\sA-Za-z*])[^\n]{{0,300}}?(?P=bar))
    | (?P<listing>\\begin\{{(?P<kind>{LISTINGS})\}})
    {_COMMON}""",
    re.VERBOSE,
)
_MATH_FENCES = frozenset({"math", "{math}"})
_FENCE_OPTIONS = re.compile(r"(?:[ \t]*:[\w-]+:[^\n]*\n)*")
_COLUMNS = re.compile(r"\s*\{[\w?*'.]+\}")
_BLANK = re.compile(r"\n[ \t\r]*\n|\r[ \t]*\r")
_WORDS_OF_PROSE = re.compile(r"\b[^\W\d_]{2,} [^\W\d_]{2,}\b")


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
    yield from _with_tables(text, start, _Cutter(text, _MARKDOWN))


def page(text: str, start: int) -> Iterator[Segment]:
    """Segments of the text of an HTML page, whose code stands in fences."""
    yield from _with_tables(text, start, _Cutter(text, _PAGE))


def _with_tables(text: str, start: int, cutter: _Cutter) -> Iterator[Segment]:
    at = start
    for begin, end in find_tables(text, start):
        if begin < at:
            continue  # a display or a listing reaches over what looked like a table
        yield from cutter.cut(at, begin)
        at = max(cutter.at, at)
        if at <= begin:
            yield cutter.table(begin, end)
            at = end
    yield from cutter.cut(at, len(text))


def latex(text: str, start: int) -> Iterator[Segment]:
    r"""Segments of a LaTeX file; what stands outside ``\begin{document}`` is prose."""
    opening = re.compile(r"^[^%\n]*?\\begin\{document\}", re.MULTILINE).search(text, start)
    begin = opening.end() if opening else start
    closing = text.find(r"\end{document}", begin) if opening else -1
    end = closing if closing >= 0 else len(text)
    yield from _prose(text, start, begin)
    cutter = _Cutter(text, _LATEX)
    yield from cutter.cut(begin, end)
    yield from _prose(text, max(end, cutter.at), len(text))


def _prose(text: str, start: int, end: int) -> Iterator[Segment]:
    if end > start:
        yield Segment("prose", text[start:end], start, end, start, end)


class _Cutter:
    """Cuts one text; ``at`` is where the last cut ended, which may be after the asked end."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.text = text
        self.pattern = pattern
        self.at = 0
        self.absent: dict[str, int] = {}  # closers, and from where on there is none
        self.makers: dict[str, Callable[[re.Match[str]], Segment]] = {
            "fence": self._fenced, "comment": self._comment, "note": self._verbatim,
            "code": self._verbatim, "listing": self._listing, "round": self._round,
            "square": self._square, "environment": self._environment, "dollars": self._dollars,
        }  # fmt: skip

    def cut(self, start: int, end: int) -> Iterator[Segment]:
        """Segments and the prose between them; the last may reach beyond ``end``."""
        self.at = start
        for segment in self._found(start, end):
            yield from _prose(self.text, self.at, segment.outer_start)
            self.at = segment.outer_end
            yield segment
        yield from _prose(self.text, self.at, end)
        self.at = max(self.at, end)

    def table(self, start: int, end: int) -> Segment:
        """A table with its formulas, none of which leaves its own line."""
        inner: list[Segment] = []
        for line in re.compile(r"[^\r\n]+").finditer(self.text, start, end):
            row = _Cutter(line.group(), self.pattern)
            inner.extend(_shifted(s, line.start()) for s in row._found(0, len(row.text)))
        return Segment("table", self.text[start:end], start, end, start, end, inner=tuple(inner))

    def _found(self, at: int, limit: int) -> Iterator[Segment]:
        while (match := self.pattern.search(self.text, at, limit)) is not None:
            at = match.end()
            # the named alternative, not the groups inside it, decides
            name = next(n for n, value in match.groupdict().items() if value is not None)
            if name in self.makers:
                segment = self.makers[name](match)
                yield segment
                at = segment.outer_end

    def _find(self, closer: str, start: int) -> int:
        """Offset of the next unescaped ``closer`` (a pattern), or -1; a failure is remembered."""
        if start >= self.absent.get(closer, len(self.text) + 1):
            return -1
        match = re.compile(rf"(?:\\.|[^\\])*?(?={closer})", re.DOTALL).match(self.text, start)
        if match is None:
            self.absent[closer] = start
            return -1
        return match.end()

    def _make(self, kind: str, start: int, end: int, outer_start: int, outer_end: int) -> Segment:
        return Segment(kind, self.text[start:end], start, end, outer_start, outer_end)

    def _broken(self, match: re.Match[str], reason: str, kind: str = "broken") -> Segment:
        span = match.span()
        return Segment(kind, match.group(), *span, *span, reason=reason)

    def _verbatim(self, match: re.Match[str]) -> Segment:
        kind = "comment" if match.group().startswith("%") else "code"
        return self._make(kind, *match.span(), *match.span())

    def _comment(self, match: re.Match[str]) -> Segment:
        return self._until(match, "-->", "comment")

    def _fenced(self, match: re.Match[str]) -> Segment:
        ticks = match["ticks"]
        body = min(match.end() + 1, len(self.text))
        closing = re.compile(
            rf"^[ ]{{0,3}}{re.escape(ticks[0])}{{{len(ticks)},}}[ \t\r]*$", re.MULTILINE
        ).search(self.text, body)
        end, outer = closing.span() if closing else (len(self.text), len(self.text))
        kind = "display" if match["info"].strip().lower() in _MATH_FENCES else "code"
        if kind == "display":  # MyST's options, as in ``:label: loss``
            options = _FENCE_OPTIONS.match(self.text, body, max(body, end))
            body = options.end() if options else body
        return self._make(kind, body, max(body, end), match.start(), outer)

    def _listing(self, match: re.Match[str]) -> Segment:
        return self._until(match, rf"\end{{{match['kind']}}}", "code")

    def _environment(self, match: re.Match[str]) -> Segment:
        return self._until(match, rf"\end{{{match['name']}}}", "display")

    def _until(self, match: re.Match[str], closer: str, kind: str) -> Segment:
        start = match.end()
        gone = start >= self.absent.get(closer, len(self.text) + 1)
        end = -1 if gone else self.text.find(closer, start)
        if end < 0:
            self.absent[closer] = start
            return self._broken(match, f"this {match.group()} is never closed by {closer}")
        columns = _COLUMNS.match(self.text, start, end)
        if columns and re.search("alignat|IEEE", match.group()):
            start = columns.end()
        return self._make(kind, start, end, match.start(), end + len(closer))

    def _round(self, match: re.Match[str]) -> Segment:
        end = self._find(r"\\\)", match.end())
        if end < 0 or _BLANK.search(self.text, match.end(), end):
            return self._broken(match, r"this \( is never closed by \)")
        return self._make("inline", match.end(), end, match.start(), end + 2)

    def _square(self, match: re.Match[str]) -> Segment:
        end = self._find(r"\\\]", match.end())
        if end < 0:
            return self._broken(match, r"this \[ is never closed by \]")
        return self._make("display", match.end(), end, match.start(), end + 2)

    def _dollars(self, match: re.Match[str]) -> Segment:
        if match.group() == "$$":
            return self._double(match)
        start = match.end()
        end = self._find(r"\$", start)
        if end >= 0 and _BLANK.search(self.text, start, end):
            end = -1
        if self.text[start : start + 1].isdigit() and self._is_money(start, end):
            return self._broken(match, "a dollar before a number: an amount of money", "skipped")
        if end < 0:
            return self._broken(match, "this $ is never closed in its paragraph")
        ticked = self.text[start : start + 1] == "`" == self.text[end - 1] and end - start > 2
        return self._make("inline", start + ticked, end - ticked, match.start(), end + 1)

    def _double(self, match: re.Match[str]) -> Segment:
        """A blank line inside is forgiven unless prose or a single dollar follows it."""
        start = match.end()
        end = self._find(r"\$\$", start)
        inside = self.text[start:end] if end >= 0 else ""
        blank = _BLANK.search(inside)
        if end < 0 or (blank and _is_prose(inside[blank.start() :])):
            return self._broken(match, "this $$ is never closed by $$")
        return self._make("display", start, end, match.start(), end + 2)

    def _is_money(self, start: int, end: int) -> bool:
        """``$5 and $10``: the next dollar is missing, or opens an amount itself."""
        text = self.text
        return end < 0 or (text[end - 1].isspace() and text[end + 1 : end + 2].isdigit())


def _is_prose(text: str) -> bool:
    plain = re.sub(r"\\[a-zA-Z]+\{[^{}]*\}", "", text)
    return not text.strip() or "$" in plain or _WORDS_OF_PROSE.search(plain) is not None


def _shifted(segment: Segment, by: int) -> Segment:
    return Segment(
        segment.kind, segment.text, segment.start + by, segment.end + by, segment.outer_start + by,
        segment.outer_end + by, segment.reason,
    )  # fmt: skip
