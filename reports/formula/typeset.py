"""Boxes to Typst's mathematics. Every ASCII mark is escaped, so none acts as a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports.formula.boxes import (
    Accented,
    Box,
    Digits,
    Fenced,
    Grid,
    Letter,
    Limits,
    Over,
    Prefix,
    Prose,
    Radical,
    Row,
    Scripts,
    Sign,
    Thin,
    Wide,
    Word,
    tall,
    unspaced,
)
from reports.formula.symbols import styled

ACCENT_CALLS = {
    "hat": "hat", "widehat": "hat", "bar": "macron", "overline": "overline", "tilde": "tilde",
    "widetilde": "tilde", "dot": "dot", "ddot": "dot.double", "vec": "arrow", "check": "caron",
    "breve": "breve", "underline": "underline",
}  # fmt: skip


def quoted(text: str) -> str:
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_math(box: Box) -> str:
    """The inside of ``$ … $``."""
    return _RULES[type(box)](box)


def _marks(text: str) -> str:
    """Operators and brackets; an ASCII mark is escaped, other characters stand for themselves."""
    return "".join(f"\\{c}" if c.isascii() and not c.isalnum() else c for c in text)


def _slot(box: Box | None) -> str:
    return (typst_math(box) if box is not None else "") or '""'


def _letter(box: Letter) -> str:
    text = styled(box.text, box.alphabet)
    return _marks(text) if len(text) == 1 else quoted(text)


def _word(box: Word) -> str:
    return f"op({quoted(box.text)})"


def _digits(box: Digits) -> str:
    return box.text if box.text.replace(".", "", 1).isdigit() else quoted(box.text)


def _sign(box: Sign) -> str:
    return _marks(box.text) if len(box.text) == 1 else f'class("relation", {quoted(box.text)})'


def _prefix(box: Prefix) -> str:
    return f'class("normal", {_marks(box.text)})'


def _prose(box: Prose) -> str:
    return quoted(box.text)


def _wide(box: Wide) -> str:
    return "quad"


def _thin(box: Thin) -> str:
    return "thin"


def _row(box: Row) -> str:
    return " ".join(filter(None, map(typst_math, unspaced(box.items))))


def _over(box: Over) -> str:
    return f"frac({_slot(box.top)}, {_slot(box.bottom)})"


def _scripts(box: Scripts) -> str:
    return _attached(f"scripts({_slot(box.base)})", box.sub, box.sup)


def _limits(box: Limits) -> str:
    return _attached(f"limits({_slot(box.sign)})", box.under, box.over)


def _attached(base: str, low: Box | None, high: Box | None) -> str:
    below = f", b: {_slot(low)}" if low is not None else ""
    above = f", t: {_slot(high)}" if high is not None else ""
    return f"attach({base}{below}{above})"


def _fenced(box: Fenced) -> str:
    if not tall(box.body):
        return f"{_side(box.left, 'opening')} {_slot(box.body)} {_side(box.right, 'closing')}"
    return f"lr({_marks(box.left)} {_slot(box.body)} {_marks(box.right)})"


def _side(bracket: str, kind: str) -> str:
    return f'class("{kind}", {quoted(bracket)})' if bracket else ""


def _grid(box: Grid) -> str:
    rows = "; ".join(", ".join(map(_slot, cells)) for cells in box.rows)
    return f"lr({_marks(box.left)} mat(delim: #none, {rows}) {_marks(box.right)})"


def _radical(box: Radical) -> str:
    if box.degree is None:
        return f"sqrt({_slot(box.body)})"
    return f"root({_slot(box.degree)}, {_slot(box.body)})"


def _accented(box: Accented) -> str:
    return f"{ACCENT_CALLS[box.accent]}({_slot(box.body)})"


_RULES: dict[type[Box], Callable[[Any], str]] = {
    Letter: _letter,
    Word: _word,
    Digits: _digits,
    Sign: _sign,
    Prefix: _prefix,
    Prose: _prose,
    Wide: _wide,
    Thin: _thin,
    Row: _row,
    Over: _over,
    Scripts: _scripts,
    Limits: _limits,
    Fenced: _fenced,
    Grid: _grid,
    Radical: _radical,
    Accented: _accented,
}
