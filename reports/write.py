"""Which writer makes which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from derive.errors import Problem
from reports.document import Report
from reports.html import html
from reports.latex import latex_document
from reports.markdown import markdown
from reports.pdf import pdf

WRITERS: dict[str, Callable[[Report], str | bytes]] = {
    ".html": html,
    ".md": markdown,
    ".tex": latex_document,
    ".pdf": pdf,
}


def suffix_of(path: str) -> str:
    """The format that a file's name asks for. Raises `Problem` for one without a writer."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in WRITERS:
        raise Problem(f"cannot tell a format from {path!r}", expected=" or ".join(WRITERS))
    return suffix


def render(report: Report, suffix: str) -> str | bytes:
    """The report in the format that a file ending in ``suffix`` has."""
    return WRITERS[suffix](report)
