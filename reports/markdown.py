"""A report as Markdown with ``$…$`` mathematics, as GitHub and Jupyter show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import indent
from typing import Any

from reports.document import (
    Block,
    Chain,
    Display,
    Finding,
    Formula,
    Inline,
    Inlines,
    Items,
    Listing,
    Literal,
    Paragraph,
    Report,
    Table,
    outline,
)
from reports.findings import MARKS
from reports.formula.layout import boxes
from reports.formula.tex import tex_math
from verify.verdict import Status


def markdown(report: Report) -> str:
    """The whole document."""
    return "\n\n".join(_parts(report)) + "\n"


def _parts(report: Report) -> Iterator[str]:
    yield f"# {_escaped(report.title)}"
    yield _inlines(report.lead)
    for depth, section in outline(report.sections):
        yield f"{'#' * (depth + 1)} {_inlines(section.title)}"
        yield from map(_block, section.blocks)


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&])")


def _escaped(words: str) -> str:
    """Text that neither Markdown nor HTML inside it takes for markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def _code(words: str) -> str:
    """A code span with more backticks than the text has in a row."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", words)), default=0))
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{ticks}{pad}{' '.join(words.split())}{pad}{ticks}"


def _inline(inline: Inline) -> str:
    if isinstance(inline, Formula):
        box = boxes(inline.latex)
        return f"${tex_math(box)}$" if box is not None else _code(inline.latex)
    if isinstance(inline, Literal):
        return _code(inline.text)
    edges = inline.text
    lead = " " if edges[:1].isspace() else ""
    trail = " " if edges[-1:].isspace() and edges.strip() else ""
    return f"{lead}{_escaped(edges)}{trail}"


def _inlines(inlines: Inlines) -> str:
    return "".join(map(_inline, inlines)).strip()


def _cell(inlines: Inlines) -> str:
    # A bar ends a cell even inside a code span; formulas and text print none.
    return "".join(
        _inline(i).replace("|", r"\|") if isinstance(i, Literal) else _inline(i) for i in inlines
    ).strip()


def _display(block: Display) -> str:
    box = boxes(block.latex)
    return f"$$\n{tex_math(box)}\n$$" if box is not None else _fence(block.latex, "latex")


def _fence(words: str, language: str) -> str:
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", words)), default=0))
    return f"{ticks}{language}\n{words.rstrip()}\n{ticks}"


def _paragraph(block: Paragraph) -> str:
    return _inlines(block.inlines)


def _listing(block: Listing) -> str:
    return _fence(block.text, block.language)


def _table(block: Table) -> str:
    lines = [f"| {' | '.join(map(_escaped, block.head))} |", "| --- " * len(block.head) + "|"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in block.rows]
    return "\n".join(lines)


def _items(block: Items) -> str:
    return "\n".join(f"- {_inlines(item)}" for item in block.items)


def _chain(block: Chain) -> str:
    steps = []
    for place, line in enumerate(block.lines, 1):
        note = f" — {_inlines(line.note)}" if line.note else ""
        display = indent(_display(Display(line.latex)), "   ")
        steps.append(f"{place}. *{_escaped(line.rule)}*{note}\n\n{display}")
    return "\n\n".join(steps)


def _finding(block: Finding) -> str:
    mark = MARKS[Status(block.status)]
    head = f"**{mark} {block.status}** ({_escaped(block.place)}): {_inlines(block.claim)}"
    facts = [f"- {_escaped(label)}: {_inlines(words)}" for label, words in block.facts]
    return "\n".join([head, "", *facts]) if facts else head


def _block(block: Block) -> str:
    return _RULES[type(block)](block)


_RULES: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Display: _display,
    Listing: _listing,
    Table: _table,
    Items: _items,
    Chain: _chain,
    Finding: _finding,
}
