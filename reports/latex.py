"""A report as a complete LaTeX document, for a plain TeX Live."""

from __future__ import annotations

from collections.abc import Callable
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
    Section,
    Table,
    Text,
)
from reports.formula.layout import boxes
from reports.formula.tex import tex_math, tex_text

# \fitted shows a formula at its own size and shrinks it only where it is wider than the text.
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,textcomp}
\usepackage{amsmath,amssymb}
\usepackage{graphicx,xcolor,longtable,array}
\usepackage[margin=25mm]{geometry}
\usepackage[hidelinks]{hyperref}
% A listing is set line by line: every character of it is escaped like any other text.
\newcommand{\codeline}[1]{\par\noindent\hangindent=4em\texttt{#1}}
\newenvironment{code}{\par\medskip\begingroup\scriptsize\setlength{\parskip}{0pt}\raggedright}%
  {\par\endgroup\medskip}
\newsavebox{\fitbox}
\newcommand{\fitted}[1]{\sbox{\fitbox}{$\displaystyle #1$}%
  \ifdim\wd\fitbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\fitbox}}\else\usebox{\fitbox}\fi}
\newenvironment{facts}{\begin{description}\setlength{\itemsep}{0pt}\setlength{\parskip}{0pt}}%
  {\end{description}}
\newcommand{\rulename}[2]{\par\smallskip\noindent\textsf{\footnotesize #1%
  \ifx\relax#2\relax\else\ \textcolor{black!55}{(#2)}\fi}\par\nopagebreak}
\definecolor{proved}{HTML}{1A7A3C}\definecolor{confirmed}{HTML}{1A7A3C}
\definecolor{refuted}{HTML}{B3261E}\definecolor{ill-formed}{HTML}{B3261E}
\definecolor{undecided}{HTML}{8A5A00}\definecolor{unreadable}{HTML}{8A5A00}
\definecolor{definition}{HTML}{4A5560}
\emergencystretch=5em
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt}
"""

HEADINGS = ("section", "subsection", "subsubsection")


def latex_document(report: Report) -> str:
    """The whole document."""
    body = "\n".join(_section(section, 0) for section in report.sections)
    return (
        f"{PREAMBLE}\\title{{{tex_text(report.title)}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n"
        f"{_inlines(report.lead)}\n\n\\tableofcontents\n\n{body}\n\\end{{document}}\n"
    )


def _section(section: Section, depth: int) -> str:
    heading = HEADINGS[min(depth, len(HEADINGS) - 1)]
    title = _inlines(section.title)
    plain = "".join(tex_text(_spoken(inline)) for inline in section.title)
    blocks = "\n".join(map(_block, section.blocks))
    nested = "\n".join(_section(s, depth + 1) for s in section.sections)
    return f"\\{heading}{{\\texorpdfstring{{{title}}}{{{plain}}}}}\n{blocks}\n{nested}"


def _spoken(inline: Inline) -> str:
    """A title without mathematics, for the bookmarks of a PDF."""
    text = inline.latex if isinstance(inline, Formula) else inline.text
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c in " .,-/"))


def _inline(inline: Inline) -> str:
    if isinstance(inline, Formula):
        box = boxes(inline.latex)
        return f"${tex_math(box)}$" if box is not None else _typed(inline.latex)
    return _typed(inline.text) if isinstance(inline, Literal) else tex_text(inline.text)


def _typed(words: str) -> str:
    return f"\\texttt{{{tex_text(' '.join(words.split()))}}}"


def _inlines(inlines: Inlines) -> str:
    return "".join(map(_inline, inlines))


def _display(block: Display) -> str:
    box = boxes(block.latex)
    if box is None:
        return f"\\par {_typed(block.latex)}\\par"
    return f"\\begin{{center}}\\fitted{{{tex_math(box)}}}\\end{{center}}"


def _paragraph(block: Paragraph) -> str:
    """A paragraph; one that announces what follows stays on its page."""
    last = block.inlines[-1] if block.inlines else None
    announces = isinstance(last, Text) and last.text.endswith(":")
    return f"{_inlines(block.inlines)}\n" + ("\\nopagebreak\n" if announces else "")


def _listing(block: Listing) -> str:
    lines = "\n".join(f"\\codeline{{{_code(line)}}}" for line in block.text.splitlines())
    return f"\\begin{{code}}\n{lines}\n\\end{{code}}"


def _code(line: str) -> str:
    """A line of a listing: spaces are kept, and neither dashes nor quotes are joined or curled."""
    indent = len(line) - len(line.lstrip())
    escaped = tex_text(line.strip()).replace("-", "{-}").replace("'", "\\textquotesingle{}")
    return r"\ " * indent + escaped.replace("  ", r"\ \ ")


def _table(block: Table) -> str:
    head = " & ".join(f"\\textsf{{\\small {tex_text(name)}}}" for name in block.head)
    rows = "".join(f"{' & '.join(map(_inlines, row))} \\\\\n" for row in block.rows)
    columns = "l" * len(block.head)
    return f"\\begin{{longtable}}[l]{{{columns}}}\n{head} \\\\\n\\hline\n{rows}\\end{{longtable}}"


def _items(block: Items) -> str:
    lines = "".join(f"\\item {_inlines(item)}\n" for item in block.items)
    return f"\\begin{{itemize}}\n{lines}\\end{{itemize}}"


def _chain(block: Chain) -> str:
    return "\n".join(
        f"\\rulename{{{tex_text(line.rule)}}}{{{_inlines(line.note)}}}\n{_left_display(line.latex)}"
        for line in block.lines
    )


def _left_display(latex: str) -> str:
    box = boxes(latex)
    return f"\\fitted{{{tex_math(box)}}}\\par" if box is not None else f"{_typed(latex)}\\par"


def _fact(words: Inlines) -> str:
    """A formula alone is shrunk to the line if it must be."""
    first = words[0] if words else None
    box = boxes(first.latex) if len(words) == 1 and isinstance(first, Formula) else None
    return f"\\fitted{{{tex_math(box)}}}" if box is not None else _inlines(words)


def _claim(claim: Inlines) -> str:
    first = claim[0] if claim else None
    if len(claim) == 1 and isinstance(first, Formula):
        return _display(Display(first.latex))
    return f"\\begin{{center}}{_inlines(claim)}\\end{{center}}"


def _finding(block: Finding) -> str:
    facts = "".join(
        f"\\item[\\textsf{{\\footnotesize {tex_text(label)}}}] {_fact(words)}\n"
        for label, words in block.facts
    )
    listed = f"\\begin{{facts}}\n{facts}\\end{{facts}}" if facts else ""
    status = f"\\textcolor{{{block.status}}}{{\\textsf{{\\textbf{{{block.status}}}}}}}"
    place = f"\\textsf{{\\small ({tex_text(block.place)})}}"
    return f"\\par\\medskip{status} {place}\\par\n{_claim(block.claim)}\n{listed}"


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
