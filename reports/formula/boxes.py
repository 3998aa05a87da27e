"""What a formula looks like: a closed set of boxes between the surface tree and every printer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Box:
    """Base of the closed set."""


@dataclass(frozen=True)
class Letter(Box):
    """A variable, shown in italics; ``alphabet`` is one of `symbols.ALPHABETS`' values or empty."""

    text: str
    alphabet: str = ""


@dataclass(frozen=True)
class Word(Box):
    """A function's name or a label, shown upright: ``vec``, ``rot180``, ``max``."""

    text: str


@dataclass(frozen=True)
class Digits(Box):
    """A numeral as typed."""

    text: str


@dataclass(frozen=True)
class Sign(Box):
    """An infix operator, a relation or a comma."""

    text: str


@dataclass(frozen=True)
class Prefix(Box):
    """A sign that belongs to what follows: a leading minus, ``∂``, ``∇``."""

    text: str


@dataclass(frozen=True)
class Prose(Box):
    """Words between formulas, with their spaces."""

    text: str


@dataclass(frozen=True)
class Wide(Box):
    """A wide space between a formula and its quantifier."""


@dataclass(frozen=True)
class Thin(Box):
    """A thin space: after a function's name without brackets, and after an Iverson bracket."""


@dataclass(frozen=True)
class Row(Box):
    """Boxes side by side."""

    items: tuple[Box, ...]


@dataclass(frozen=True)
class Over(Box):
    """A fraction."""

    top: Box
    bottom: Box


@dataclass(frozen=True)
class Scripts(Box):
    """A base with what stands below and above on its right."""

    base: Box
    sub: Box | None
    sup: Box | None


@dataclass(frozen=True)
class Limits(Box):
    """A big operator with what stands under and over it."""

    sign: Box
    under: Box | None
    over: Box | None


@dataclass(frozen=True)
class Fenced(Box):
    """A body between brackets that grow with it; an empty side is not drawn."""

    left: str
    body: Box
    right: str


@dataclass(frozen=True)
class Grid(Box):
    """Rows of cells between brackets: matrices and cases."""

    left: str
    rows: tuple[tuple[Box, ...], ...]
    right: str


@dataclass(frozen=True)
class Radical(Box):
    """A root, square where ``degree`` is missing."""

    body: Box
    degree: Box | None = None


@dataclass(frozen=True)
class Accented(Box):
    """A mark (a name of `symbols.ACCENTS`) over a body."""

    accent: str
    body: Box


def row(*items: Box) -> Box:
    """Boxes side by side, nested rows flattened; one box alone stays as it is."""
    flat: list[Box] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def fenced(left: str, body: Box, right: str) -> Box:
    """``body`` between brackets, or bare where both are empty."""
    return Fenced(left, body, right) if left or right else body


def unspaced(items: tuple[Box, ...]) -> Iterator[Box]:
    """The items without thin spaces after operators whose printer spaces them by itself."""
    before: Box = EMPTY
    for item in items:
        if not (isinstance(item, Thin) and isinstance(before, Word | Limits)):
            yield item
        before = item


def phrases(box: Box) -> tuple[Box, ...]:
    """A formula and its quantifiers: what stands between wide spaces, where lines may break."""
    items = box.items if isinstance(box, Row) else (box,)
    breaks = [-1, *(n for n, item in enumerate(items) if isinstance(item, Wide)), len(items)]
    return tuple(row(*items[a + 1 : b]) for a, b in pairwise(breaks))


def tall(box: Box) -> bool:
    """Does it stand higher than a letter with scripts, so that brackets around it must grow?"""
    if isinstance(box, Row):
        return any(map(tall, box.items))
    if isinstance(box, Fenced):
        return tall(box.body)
    return isinstance(box, Over | Limits | Grid | Radical)


EMPTY = Row(())
