r"""Displayed numbers: their value and the place of the last digit shown.

``0.5470`` shows four decimals, ``1.2 \cdot 10^{-3}`` four too, ``15.3\%`` three. A displayed array
is a matrix, a list in brackets (``[-0,8 \quad 2,0]``, ``[[1, 2], [3, 4]]``), transposed or not;
cells may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.reading.surface import (
    Binary,
    Collection,
    Dots,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Scripted,
    Unary,
)

_TIMES = frozenset({r"\cdot", r"\times", "*"})
_TYPED = re.compile(r"(\d*)(?:[.,]|\{,\})?(\d*)(?:[eE]([+-]?\d+))?")


@dataclass(frozen=True)
class Shown:
    """A number as displayed: ``value``, and ``places`` decimals (negative: whole tens …)."""

    value: Fraction
    places: int
    text: str = ""

    @property
    def unit(self) -> Fraction:
        """One in the last place shown."""
        return Fraction(1, 10) ** self.places

    def scaled(self, factor: Fraction, decades: int) -> Shown:
        """The number times ``factor``, a power of ten of so many decades."""
        return Shown(self.value * factor, self.places - decades, self.text)


Cell = Shown | None
"""``None`` says nothing: the cell is empty or holds dots."""


@dataclass(frozen=True)
class Table:
    """Displayed numbers by row; ``flat`` is a list that shows no rows (a vector).

    ``joined`` is the one number that ``[0,20]`` is if the comma is a decimal one.
    """

    rows: tuple[tuple[Cell, ...], ...]
    flat: bool = False
    joined: Shown | None = None

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0])

    @property
    def turned(self) -> Table:
        """The transposed table."""
        return Table(tuple(zip(*self.rows, strict=True)))


def shown_number(node: Node) -> Shown | None:
    """The number that ``node`` displays, ``None`` where it is anything else."""
    match node:
        case Numeral():
            return Shown(node.value, decimals(node.text), node.text)
        case Unary(operator="-", body=body):
            inner = shown_number(body)
            return None if inner is None else replace(inner, value=-inner.value)
        case Unary(operator="+", body=body) | Group(body=body, bracket="(" | ""):
            return shown_number(body)
        case Juxtaposition(factors=(first, Name(base="%"))):
            inner = shown_number(first)
            return None if inner is None else inner.scaled(Fraction(1, 100), -2)
        case Binary(operator=operator, left=left, right=right) if operator in _TIMES:
            inner, decades = shown_number(left), _decades(right)
            if inner is None or decades is None:
                return None
            return inner.scaled(Fraction(10) ** decades, decades)
        case Fraction_(top=Numeral(value=top), bottom=Numeral(value=bottom)) if bottom:
            return Shown(top / bottom, EXACT)
    return None


EXACT = 10_000
"""Places of a number that is shown exactly: a fraction."""


def decimals(text: str) -> int:
    """How many decimals a number as typed shows: 4 of ``0.5470``, 3 of ``1e-3``."""
    match = _TYPED.fullmatch(text)
    if match is None:
        return 0
    return len(match[2]) - int(match[3] or 0)


def _decades(node: Node) -> int | None:
    if not isinstance(node, Scripted) or node.sub or len(node.sup) != 1:
        return None
    power = shown_number(node.sup[0])
    ten = isinstance(node.body, Numeral) and node.body.value == 10
    if not ten or power is None or power.value.denominator != 1 or abs(power.value) > 300:
        return None
    return int(power.value)


def shown_table(node: Node) -> Table | None:
    """The numbers that ``node`` displays as an array, ``None`` where it is anything else."""
    if isinstance(node, Matrix):
        rows = tuple(_cells(row) for row in node.rows)
        return _table(rows)
    if isinstance(node, Scripted) and not node.sub and _is_transposition(node.sup):
        inner = shown_table(node.body)
        return None if inner is None else inner.turned
    if isinstance(node, Collection) and node.bracket in ("[", "(") and not node.sub:
        listed = _listed(node.items)
        turned = listed is not None and _is_transposition(node.sup)
        return Table(listed.turned.rows) if listed is not None and turned else listed
    if isinstance(node, Group) and node.bracket == "[":
        inner = shown_table(node.body)
        return inner or _listed((node.body,))
    return None


def _listed(items: tuple[Node, ...]) -> Table | None:
    rows = [shown_table(item) for item in items]
    if all(row is not None and len(row.rows) == 1 for row in rows):
        return _table(tuple(row.rows[0] for row in rows if row is not None))
    cells = _cells(items)
    return None if cells is None else Table((cells,), flat=True, joined=_joined(items))


def _joined(items: tuple[Node, ...]) -> Shown | None:
    """Two numbers with nothing but a comma between them, as one."""
    if len(items) != 2:
        return None
    whole, part = items
    if not (isinstance(whole, Numeral) and isinstance(part, Numeral)):
        return None
    if not whole.text.isdigit() or not part.text.isdigit() or part.span.start != whole.span.end + 1:
        return None
    value = Fraction(f"{whole.text}.{part.text}")
    return Shown(value, len(part.text), f"{whole.text},{part.text}")


def _cells(items: Iterable[Node]) -> tuple[Cell, ...] | None:
    cells: list[Cell] = []
    for item in items:
        if isinstance(item, Missing | Dots):
            cells.append(None)
        elif (number := shown_number(item)) is not None:
            cells.append(number)
        else:
            return None
    return tuple(cells)


def _table(rows: tuple[tuple[Cell, ...] | None, ...]) -> Table | None:
    known = tuple(row for row in rows if row is not None)
    if len(known) < len(rows) or not known or not any(c for row in known for c in row):
        return None
    width = max(len(row) for row in known)
    return Table(tuple((*row, *(None,) * (width - len(row))) for row in known))


def _is_transposition(scripts: tuple[Node, ...]) -> bool:
    return len(scripts) == 1 and isinstance(scripts[0], Name) and scripts[0].base in ("T", r"\top")
