"""A report as data: sections of blocks, which every output format writes in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Words in running text."""

    text: str


@dataclass(frozen=True)
class Formula:
    """Mathematics in running text, as LaTeX."""

    latex: str


@dataclass(frozen=True)
class Literal:
    """Something typed: a name, a rule, a file."""

    text: str


Inline = Text | Formula | Literal
Inlines = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    inlines: Inlines


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own."""

    latex: str


@dataclass(frozen=True)
class Listing:
    """Source text in ``language``."""

    text: str
    language: str


@dataclass(frozen=True)
class Table:
    """A head and rows of cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Inlines, ...]


@dataclass(frozen=True)
class Line:
    """One step of a derivation: the rule that was applied, what it gave, and why it may be."""

    rule: str
    latex: str
    note: Inlines = ()


@dataclass(frozen=True)
class Chain:
    """A derivation, line by line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Finding:
    """A verdict: its ``status`` and place, what was judged as it stands, and facts about it."""

    status: str
    place: str
    claim: Inlines
    facts: tuple[tuple[str, Inlines], ...]


Block = Paragraph | Display | Listing | Table | Items | Chain | Finding


@dataclass(frozen=True)
class Section:
    """A titled part; ``anchor`` is unique in the report."""

    title: Inlines
    anchor: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report. Its last section is what was assumed."""

    title: str
    lead: Inlines
    sections: tuple[Section, ...]


def text(*words: str) -> Inlines:
    """Plain words as running text."""
    return (Text(" ".join(words)),)


def outline(sections: tuple[Section, ...], depth: int = 1) -> Iterator[tuple[int, Section]]:
    """Every section with its depth, in order."""
    for section in sections:
        yield depth, section
        yield from outline(section.sections, depth + 1)
