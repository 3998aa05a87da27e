"""A report as PDF, set by Typst, whose Python package ships the typesetter and its fonts."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from derive.errors import Problem
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
from reports.findings import MARKS
from reports.formula.layout import boxes
from reports.formula.typeset import quoted, typst_math
from verify.verdict import Status

# `fit` shows a formula at its own size and shrinks it only where it is wider than the column.
PREAMBLE = """#set page(paper: "a4", margin: 22mm, numbering: "1")
#set text(font: ("Libertinus Serif", "New Computer Modern"), size: 10.5pt)
#set par(justify: true)
#set heading(numbering: "1.1")
#show heading: set block(above: 1.6em, below: 0.8em)
#show raw.where(block: true): set text(size: 7.5pt)
#show raw.where(block: true): block.with(
  fill: luma(246), inset: 8pt, radius: 3pt, width: 100%, breakable: true,
)
#let fit(body) = layout(space => {
  let size = measure(body)
  if size.width > space.width {
    scale(space.width / size.width * 100%, origin: left, reflow: true, body)
  } else { body }
})
#let lead(wide, narrow, words) = layout(space => {
  let size = measure(wide)
  if size.width < space.width / 2 and size.height < 1.5em.to-absolute() { narrow + words }
  else { fit(wide) + words }
})
// A formula that would be shrunk beyond reading runs over several lines.
#let lines(wide, narrow) = layout(space => {
  if measure(wide).width > 1.5 * space.width { par(justify: false, leading: 0.9em, narrow) }
  else { fit(wide) }
})
#let step(rule, note, body, narrow) = block(
  above: 0.9em, stroke: (left: 1.5pt + luma(220)), inset: (left: 8pt, y: 2pt), width: 100%,
)[#block(sticky: true, below: 0.65em)[#text(size: 8.5pt, weight: "bold", rule)#if note != [] [
    #text(size: 8.5pt, fill: luma(100))[ · #note]]]
  #show math.equation.where(block: true): set align(left)
  #lines(body, narrow)]
#let tones = (
  proved: rgb("#1a7a3c"), confirmed: rgb("#1a7a3c"), refuted: rgb("#b3261e"),
  ill-formed: rgb("#b3261e"), undecided: rgb("#8a5a00"), unreadable: rgb("#8a5a00"),
  definition: rgb("#4a5560"),
)
#let finding(status, mark, place, formula, ..facts) = block(
  above: 1.1em, stroke: (left: 2.5pt + tones.at(status)), inset: (left: 9pt, y: 3pt), width: 100%,
)[#block(breakable: false, sticky: true, width: 100%)[
    #text(fill: tones.at(status), weight: "bold", mark + " " + status) #h(1fr) #text(
      size: 8.5pt, fill: luma(100), place)
    #fit(formula)]
  #set text(size: 9pt)
  #show math.equation.where(block: true): set align(left)
  #show math.equation.where(block: true): set block(spacing: 5pt)
  #grid(columns: (8.5em, 1fr), gutter: 5pt, ..facts.pos())]
"""


def pdf(report: Report) -> bytes:
    """The document. Raises `Problem` where Typst is not installed."""
    if importlib.util.find_spec("typst") is None:
        raise Problem(
            "PDF needs Typst, which is not installed",
            advice="pip install 'backproof[pdf]', or write .html or .tex",
        )
    import typst

    compiled = typst.compile(typst_source(report).encode())
    if not isinstance(compiled, bytes):
        raise TypeError(f"Typst gave {type(compiled).__name__} for one document")
    return compiled


def typst_source(report: Report) -> str:
    """The report in Typst's markup; all text in it is inside string literals."""
    title = quoted(report.title)
    body = "\n".join(_section(section, 1) for section in report.sections)
    return (
        f"{PREAMBLE}#set document(title: {title})\n"
        f'#text(size: 20pt, weight: "bold", {title})\n\n{_inlines(report.lead)}\n\n'
        f"#outline(depth: 2)\n#pagebreak()\n{body}"
    )


def _section(section: Section, level: int) -> str:
    blocks = "\n".join(map(_block, section.blocks))
    nested = "\n".join(_section(s, level + 1) for s in section.sections)
    return f"#heading(level: {level})[{_inlines(section.title)}]\n{blocks}\n{nested}\n"


def _inline(inline: Inline) -> str:
    if isinstance(inline, Formula):
        box = boxes(inline.latex)
        return f"${typst_math(box)}$" if box is not None else _raw(inline.latex)
    return _raw(inline.text) if isinstance(inline, Literal) else f"#{quoted(inline.text)}"


def _raw(words: str) -> str:
    return f"#raw({quoted(words)})"


def _inlines(inlines: Inlines) -> str:
    return "".join(map(_inline, inlines))


def _formula(latex: str) -> str:
    """A display as one expression in code mode."""
    box = boxes(latex)
    return f"$ {typst_math(box)} $" if box is not None else f"raw({quoted(latex)})"


def _running(latex: str) -> str:
    """A display that may be broken behind its signs."""
    box = boxes(latex)
    return f"$display({typst_math(box)})$" if box is not None else f"raw({quoted(latex)})"


def _display(block: Display) -> str:
    return f"#align(center, lines({_formula(block.latex)}, {_running(block.latex)}))"


def _paragraph(block: Paragraph) -> str:
    """A paragraph; one that announces what follows stays on its page."""
    words = _inlines(block.inlines)
    last = block.inlines[-1] if block.inlines else None
    announces = isinstance(last, Text) and last.text.endswith(":")
    return f"#block(sticky: true)[{words}]\n" if announces else f"{words}\n"


def _listing(block: Listing) -> str:
    return f"#raw({quoted(block.text)}, block: true, lang: {quoted(block.language)})"


def _table(block: Table) -> str:
    head = ", ".join(f"[*#{quoted(name)}*]" for name in block.head)
    cells = "".join(
        f"  {', '.join(f'[{_inlines(cell)}]' for cell in row)},\n" for row in block.rows
    )
    columns = len(block.head)
    return (
        f"#table(columns: {columns}, stroke: (x: none, y: 0.5pt + luma(210)),\n"
        f"  table.header({head}),\n{cells})"
    )


def _items(block: Items) -> str:
    return f"#list({', '.join(f'[{_inlines(item)}]' for item in block.items)})"


def _chain(block: Chain) -> str:
    return "\n".join(
        f"#step({quoted(line.rule)}, [{_inlines(line.note)}], {_formula(line.latex)}, "
        f"{_running(line.latex)})"
        for line in block.lines
    )


def _fact(words: Inlines) -> str:
    """A formula in front is shrunk to the line if it must be; words stand behind or below it."""
    first = words[0] if words else None
    box = boxes(first.latex) if isinstance(first, Formula) else None
    if box is None:
        return f"[{_inlines(words)}]"
    wide = f"$ {typst_math(box)} $"
    if not words[1:]:
        return f"fit({wide})"
    return f"lead({wide}, ${typst_math(box)}$, [{_inlines(words[1:])}])"


def _claim(claim: Inlines) -> str:
    first = claim[0] if claim else None
    if len(claim) == 1 and isinstance(first, Formula):
        return _formula(first.latex)
    return f"align(center, [{_inlines(claim)}])"


def _finding(block: Finding) -> str:
    facts = "".join(
        f", text(fill: luma(100), {quoted(label)}), {_fact(words)}" for label, words in block.facts
    )
    mark = MARKS[Status(block.status)]
    return (
        f"#finding({quoted(block.status)}, {quoted(mark)}, {quoted(block.place)}, "
        f"{_claim(block.claim)}{facts})"
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
