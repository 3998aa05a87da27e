r"""Front matter in the comments at the head of a LaTeX file or an HTML page.

Lines ``% ---``, ``% loss: L``, ``% ---``; or ``<!--``, ``---``, ``loss: L``, ``---``, ``-->``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.errors import Problem
from derive.reading.front import Front, read_front

_LATEX = re.compile(
    r"(?P<head>(?:[ \t]*(?:%[^\n]*)?\n){0,40}?)(?P<mark>[ \t]*%[ \t]?)---[ \t]*\r?\n"
    r"(?P<yaml>(?:[ \t]*%[^\n]*\n)*?)[ \t]*%[ \t]?---[ \t]*\r?(?:\n|\Z)"
)
_HTML = re.compile(
    r"(?P<head>\s*(?:<!DOCTYPE[^<>]*>\s*)?<!--\s*?\n)(?P<mark>)---[ \t]*\r?\n"
    r"(?P<yaml>(?:(?!-->).)*?\n)---[ \t]*\r?\n\s*-->",
    re.DOTALL | re.IGNORECASE,
)


def front_of_latex(text: str, path: str | None) -> Front:
    """What comments at the head of a LaTeX file declare; raises as `read_front`."""
    return _front(_LATEX.match(text), path)


def front_of_html(text: str, path: str | None) -> Front:
    """What the comment at the head of a page declares; raises as `read_front`."""
    return _front(_HTML.match(text), path)


def _front(match: re.Match[str] | None, path: str | None) -> Front:
    if match is None:
        return Front()
    lines = match["head"].count("\n")
    indent = len(match["mark"])
    source = re.sub(r"(?m)^[ \t]*%[ \t]?", "", match["yaml"]) if indent else match["yaml"]
    try:
        found = read_front(f"---\n{source}---\n", path)
    except Problem as error:
        if error.line is not None and error.column is not None:
            error.line, error.column = error.line + lines, error.column + indent
        raise
    places = {key: (line + lines, column + indent) for key, (line, column) in found.places.items()}
    return replace(found, places=places, end=0)
