r"""reStructuredText: the role ``:math:`…```, the directive ``.. math::``, and code that is neither.

A directive may hold several formulas with blank lines between them, as Sphinx reads it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from derive.reading.segments import Segment

SUFFIXES = frozenset({".rst", ".rest"})
_START = re.compile(
    r"""^(?P<indent>[ \t]*)\.\.[ ](?P<directive>math|code-block|code|sourcecode|highlight)::[ \t]*
        (?P<first>[^\r\n]*)
    | ^(?P<note>[ \t]*)\.\.[ ](?!\w[\w+:.-]*::|\[|_|\|)[^\r\n]*
    | (?P<literal>::[ \t]*\r?$)
    | (?P<quoted>``(?:[^`\r\n]|`(?!`)){1,300}``)
    | :math:`(?P<role>(?:\\.|[^`\\]){1,5000}?)`
    | (?P<broken>:math:`)""",
    re.VERBOSE | re.MULTILINE,
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_OPTION = re.compile(r"[ \t]*:[\w-]+:[^\r\n]*")
_BLANK = re.compile(r"\r?\n(?:[ \t]*\r?\n)+")


def rst(text: str, start: int) -> Iterator[Segment]:
    """Segments of a text from ``start`` to its end; they tile it."""
    at = start
    for segment in _found(text, start):
        if segment.outer_start > at:
            yield _plain("prose", text, at, segment.outer_start)
        yield segment
        at = segment.outer_end
    if at < len(text):
        yield _plain("prose", text, at, len(text))


def _plain(kind: str, text: str, start: int, end: int, reason: str = "") -> Segment:
    return Segment(kind, text[start:end], start, end, start, end, reason)


def _found(text: str, at: int) -> Iterator[Segment]:
    while (match := _START.search(text, at)) is not None:
        at = match.end()
        if match["role"] is not None and not _BLANK.search(match["role"]):
            yield Segment("inline", match["role"], *match.span("role"), *match.span())
        elif match["role"] is not None or match["broken"] is not None:
            at = match.start() + len(":math:`")
            why = "this :math:` is never closed by ` in its paragraph"
            yield _plain("broken", text, match.start(), at, why)
        elif match["quoted"] is not None:
            yield _plain("code", text, *match.span())
        elif match["directive"] == "math":
            found, at = _directive(text, match)
            yield from found
        else:
            at = yield from _block(text, match)


def _block(text: str, match: re.Match[str]) -> Generator[Segment, None, int]:
    """A block of code or a comment; a literal block begins below its paragraph."""
    body = _LINE.match(text, match.end()).end()  # type: ignore[union-attr]
    if match["literal"] is None:
        end = max(_indented(text, body, len(match["indent"] or match["note"] or "")), match.end())
        yield _plain("code" if match["note"] is None else "comment", text, match.start(), end)
        return end
    line = text[max(text.rfind("\n", 0, match.start()), -1) + 1 : match.start()]
    if line.lstrip().startswith(".. "):
        return match.end()  # another directive: what it holds is text
    end = _indented(text, body, len(line) - len(line.lstrip()))
    if end > body:
        yield _plain("code", text, body, end)
    return max(end, match.end())


def _indented(text: str, at: int, indent: int) -> int:
    """Where the lines end that are blank or further in; blank ones at the end do not count."""
    end = at
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        content = line.group().strip()
        if content and len(line.group()) - len(line.group().lstrip(" \t")) <= indent:
            break
        at = line.end()
        end = at if content else end
    return end


def _directive(text: str, match: re.Match[str]) -> tuple[list[Segment], int]:
    """The formulas of ``.. math::`` and where it ends."""
    body = _LINE.match(text, match.end()).end()  # type: ignore[union-attr]
    end = _indented(text, body, len(match["indent"]))
    spans = [match.span("first")] if match["first"].strip() else []
    at = body
    while at < end and (line := _LINE.match(text, at)) and _OPTION.fullmatch(line.group().strip()):
        at = line.end()
    whole = r"\begin{" in text[at:end]
    for blank in () if whole else _BLANK.finditer(text, at, end):
        spans.append((at, blank.start()))
        at = blank.end()
    spans.append((at, end))
    kept = [s for s in spans if text[slice(*s)].strip()]
    outer = match.start()
    found: list[Segment] = []
    for start, stop in kept:
        found.append(Segment("display", text[start:stop], start, stop, outer, stop))
        outer = stop
    if outer < end or not kept:
        found.append(_plain("comment", text, outer, max(end, match.end())))
    return found, max(end, match.end())
