"""A report as one HTML file: MathML, its own style, no script, nothing from the network."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

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
    Section,
    Table,
    outline,
)
from reports.findings import MARKS
from reports.formula.boxes import phrases
from reports.formula.layout import boxes
from reports.formula.mathml import mathml
from verify.verdict import Status


def html(report: Report) -> str:
    """The whole page."""
    style = files("reports").joinpath("style.css").read_text(encoding="utf-8")
    body = "".join(_section(section, 2) for section in report.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(report.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"{_contents(report)}<main>\n<h1>{escape(report.title)}</h1>\n"
        f'<p class="lead">{_inlines(report.lead)}</p>\n{body}</main>\n</body>\n</html>\n'
    )


def _contents(report: Report) -> str:
    links = "".join(
        f'<li class="depth-{depth}"><a href="#{escape(section.anchor, quote=True)}">'
        f"{_inlines(section.title)}</a></li>\n"
        for depth, section in outline(report.sections)
    )
    return f'<nav aria-label="Contents"><p>Contents</p>\n<ul>\n{links}</ul></nav>\n'


def _section(section: Section, level: int) -> str:
    anchor = escape(section.anchor, quote=True)
    inner = "".join(map(_block, section.blocks))
    nested = "".join(_section(s, level + 1) for s in section.sections)
    title = f"<h{level}>{_inlines(section.title)}</h{level}>\n"
    return f'<section id="{anchor}">\n{title}{inner}{nested}</section>\n'


def _inline(inline: Inline) -> str:
    if isinstance(inline, Formula):
        box = boxes(inline.latex)
        return mathml(box, inline.latex) if box is not None else _unread(inline.latex)
    if isinstance(inline, Literal):
        return f"<code>{escape(inline.text)}</code>"
    return escape(inline.text)


def _unread(latex: str) -> str:
    return f'<code class="unread">{escape(latex)}</code>'


def _inlines(inlines: Inlines) -> str:
    return "".join(map(_inline, inlines))


def _paragraph(block: Paragraph) -> str:
    return f"<p>{_inlines(block.inlines)}</p>\n"


def _display(block: Display) -> str:
    box = boxes(block.latex)
    if box is None:
        return f'<div class="display">{_unread(block.latex)}</div>\n'
    parts = "".join(mathml(part, block.latex, display="block") for part in phrases(box))
    return f'<div class="display">{parts}</div>\n'


def _listing(block: Listing) -> str:
    formatter = HtmlFormatter(nowrap=True)
    marked = highlight(block.text, get_lexer_by_name(block.language), formatter)
    return f'<pre class="listing"><code>{marked}</code></pre>\n'


def _table(block: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in block.head)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_inlines(cell)}</td>' for cell in row)}</tr>\n" for row in block.rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _items(block: Items) -> str:
    return f"<ul>\n{''.join(f'<li>{_inlines(item)}</li>' for item in block.items)}</ul>\n"


def _chain(block: Chain) -> str:
    lines = "".join(
        f'<li><p class="rule">{escape(line.rule)}'
        + (f' <span class="note">{_inlines(line.note)}</span>' if line.note else "")
        + f"</p>{_display(Display(line.latex))}</li>\n"
        for line in block.lines
    )
    return (
        f'<details class="chain" open><summary>Derivation, {len(block.lines)} steps</summary>\n'
        f"<ol>\n{lines}</ol></details>\n"
    )


def _claim(claim: Inlines) -> str:
    first = claim[0] if claim else None
    if len(claim) == 1 and isinstance(first, Formula):
        return _display(Display(first.latex))
    return f'<p class="claim">{_inlines(claim)}</p>\n'


def _finding(block: Finding) -> str:
    mark = MARKS[Status(block.status)]
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{_inlines(words)}</dd>\n" for label, words in block.facts
    )
    return (
        f'<article class="finding {escape(block.status)}">\n'
        f'<p class="verdict"><span class="mark" aria-hidden="true">{mark}</span> '
        f'{escape(block.status)} <span class="place">{escape(block.place)}</span></p>\n'
        f"{_claim(block.claim)}<dl>\n{facts}</dl></article>\n"
    )


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
