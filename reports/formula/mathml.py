"""Boxes to MathML Core, which every current browser shows without help."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
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
)
from reports.formula.symbols import ACCENTS, styled


def mathml(box: Box, latex: str, *, display: str = "inline") -> str:
    """A ``<math>`` element; ``latex`` is its spoken and copied alternative."""
    spoken = escape(latex, quote=True)
    return f'<math display="{display}" alttext="{spoken}">{_print(box)}</math>'


def _print(box: Box) -> str:
    return _RULES[type(box)](box)


def _slot(box: Box | None) -> str:
    """One element, whatever the box: scripts and fractions count their children."""
    return f"<mrow>{_print(box)}</mrow>" if box is not None else "<mrow></mrow>"


def _letter(box: Letter) -> str:
    if "Α" <= box.text <= "Ω" and not box.alphabet:
        # Capital Greek stands upright, as in TeX.
        return f'<mi mathvariant="normal">{escape(box.text)}</mi>'
    return f"<mi>{escape(styled(box.text, box.alphabet))}</mi>"


def _word(box: Word) -> str:
    return f'<mi mathvariant="normal">{escape(box.text)}</mi>'


def _digits(box: Digits) -> str:
    return f"<mn>{escape(box.text)}</mn>"


def _sign(box: Sign) -> str:
    if box.text == "/" or box.text.startswith("′"):
        return f'<mo lspace="0" rspace="0">{escape(box.text)}</mo>'
    return f"<mo>{escape(box.text)}</mo>"


def _prefix(box: Prefix) -> str:
    return f'<mo form="prefix" lspace="0" rspace="0">{escape(box.text)}</mo>'


def _prose(box: Prose) -> str:
    # MathML trims plain spaces at the ends of a text.
    return f"<mtext>{escape(box.text).replace(' ', '&#160;')}</mtext>"


def _wide(box: Wide) -> str:
    return '<mspace width="1.2em"></mspace>'


def _thin(box: Thin) -> str:
    return '<mspace width="0.17em"></mspace>'


def _row(box: Row) -> str:
    return "".join(map(_print, box.items))


def _over(box: Over) -> str:
    return f"<mfrac>{_slot(box.top)}{_slot(box.bottom)}</mfrac>"


def _scripts(box: Scripts) -> str:
    return _attached(box.base, box.sub, box.sup, ("msub", "msup", "msubsup"))


def _limits(box: Limits) -> str:
    return _attached(box.sign, box.under, box.over, ("munder", "mover", "munderover"))


def _attached(base: Box, low: Box | None, high: Box | None, tags: tuple[str, str, str]) -> str:
    tag = tags[2] if low and high else tags[0] if low else tags[1]
    inner = "".join(_slot(part) for part in (base, low, high) if part is not None)
    return f"<{tag}>{inner}</{tag}>" if low or high else _print(base)


def _fenced(box: Fenced) -> str:
    grow = "true" if tall(box.body) else "false"
    left, right = _side(box.left, "prefix", grow), _side(box.right, "postfix", grow)
    return f"<mrow>{left}{_print(box.body)}{right}</mrow>"


def _side(bracket: str, form: str, grow: str) -> str:
    shown = escape(bracket)
    return f'<mo form="{form}" fence="true" stretchy="{grow}">{shown}</mo>' if bracket else ""


def _grid(box: Grid) -> str:
    rows = "".join(
        f"<mtr>{''.join(f'<mtd>{_print(cell)}</mtd>' for cell in cells)}</mtr>"
        for cells in box.rows
    )
    table = f"<mtable>{rows}</mtable>"
    left, right = _side(box.left, "prefix", "true"), _side(box.right, "postfix", "true")
    return f"<mrow>{left}{table}{right}</mrow>"


def _radical(box: Radical) -> str:
    if box.degree is None:
        return f"<msqrt>{_print(box.body)}</msqrt>"
    return f"<mroot>{_slot(box.body)}{_slot(box.degree)}</mroot>"


def _accented(box: Accented) -> str:
    mark = f'<mo stretchy="false">{escape(ACCENTS[box.accent])}</mo>'
    if box.accent == "underline":
        return f'<munder accentunder="true">{_slot(box.body)}{mark}</munder>'
    return f'<mover accent="true">{_slot(box.body)}{mark}</mover>'


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
