"""Boxes to one line of text for a terminal: ``ΔW(i, j) = Δŷ(i)·f(j)``."""

from __future__ import annotations

import re
import unicodedata
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
)
from reports.formula.symbols import styled

COMBINING = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0305",
    "tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
    "vec": "\u20d7", "check": "\u030c", "breve": "\u0306", "underline": "\u0332",
}  # fmt: skip

RAISED = "0123456789+−T()"
SUPERSCRIPTS = str.maketrans(RAISED, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ⁽⁾")

_CLOSING = {"{": "}"}

TIGHT = frozenset({"·", "/", ",", "∗", "′", "⋅"})


def plain(box: Box) -> str:
    """The formula in one line; fractions get brackets where their parts are sums or products."""
    return " ".join(_print(box).split())


def _print(box: Box) -> str:
    return _RULES[type(box)](box)


def _letter(box: Letter) -> str:
    return styled(box.text, box.alphabet)


def _text(box: Word | Digits | Prefix | Prose) -> str:
    return box.text


def _sign(box: Sign) -> str:
    if box.text == ",":
        return ", "
    return box.text if box.text in TIGHT or box.text.startswith("′") else f" {box.text} "


def _wide(box: Wide) -> str:
    return "  "


def _thin(box: Thin) -> str:
    return " "


def _row(box: Row) -> str:
    text = ""
    before: Box | None = None
    for item in box.items:
        piece = _print(item)
        touching = text and piece and _touches(text[-1], piece[0]) and not _is_head(item)
        below = isinstance(before, Over) and not isinstance(item, Sign)
        text += f" {piece}" if touching or below else piece
        before = item
    return text


def _is_head(item: Box) -> bool:
    return isinstance(item, Fenced | Prefix)


def _touches(before: str, after: str) -> bool:
    """Would two neighbours run into one word? A prefix such as ``∂`` or ``Δ`` clings on purpose."""
    glue = "∂∇ΔδΔd−"
    return before not in glue and _wordlike(before) and (_wordlike(after) or after in "∑∏(")


def _wordlike(character: str) -> bool:
    return character.isalnum() or unicodedata.combining(character) > 0 or character in ")]}⌉⌋′"


def _over(box: Over) -> str:
    return f"{_part(box.top)}/{_part(box.bottom)}"


def _part(box: Box) -> str:
    text = _print(box)
    loose = isinstance(box, Row) and any(
        isinstance(item, Sign | Over | Limits) or (isinstance(item, Prefix) and item.text == "−")
        for item in box.items
    )
    return f"({text})" if loose else text


def _scripts(box: Scripts) -> str:
    base = _print(box.base)
    low = f"_{_braced(box.sub)}" if box.sub is not None else ""
    if box.sup is None:
        return base + low
    high = _print(box.sup).replace(" ", "")
    marks = high[: len(high) - len(high.lstrip("′"))]
    high = high.removeprefix(marks)
    if all(c in RAISED for c in high):
        return base + low + marks + high.translate(SUPERSCRIPTS)
    return base + low + marks + (f"^{_braced(box.sup)}" if not marks else f"^{{{high}}}")


def _braced(box: Box) -> str:
    letters = isinstance(box, Row) and all(isinstance(i, Letter | Digits) for i in box.items)
    # ``rot180`` is a label, ``N_2 s`` a product.
    text = re.sub(" +" if letters else r"(?<!\w) +| +(?!\w)", "", _print(box))
    return text if len(text) == 1 else f"{{{text}}}"


def _limits(box: Limits) -> str:
    low = f"_{_braced(box.under)}" if box.under is not None else ""
    high = f"^{_braced(box.over)}" if box.over is not None else ""
    return f"{_print(box.sign).strip()}{low}{high} "


def _fenced(box: Fenced) -> str:
    return f"{box.left}{_print(box.body).strip()}{box.right}"


def _grid(box: Grid) -> str:
    rows = "; ".join(", ".join(map(_print, cells)) for cells in box.rows)
    return f"{box.left or '['}{rows}{box.right or _CLOSING.get(box.left, ']')}"


def _radical(box: Radical) -> str:
    degree = f"[{_print(box.degree)}]" if box.degree is not None else ""
    return f"√{degree}({_print(box.body)})"


def _accented(box: Accented) -> str:
    return unicodedata.normalize("NFC", _print(box.body) + COMBINING[box.accent])


_RULES: dict[type[Box], Callable[[Any], str]] = {
    Letter: _letter,
    Word: _text,
    Digits: _text,
    Prefix: _text,
    Prose: _text,
    Sign: _sign,
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
