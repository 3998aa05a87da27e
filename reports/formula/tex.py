"""Boxes to LaTeX that compiles with amsmath and amssymb and has no command of a deck's own."""

from __future__ import annotations

import re
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
from reports.formula.symbols import BIG, LETTERS, OPERATORS

ALPHABET_COMMANDS = {
    "bold": "boldsymbol", "script": "mathcal", "double": "mathbb", "fraktur": "mathfrak",
    "sans": "mathsf", "mono": "mathtt", "italic": "mathit", "upright": "mathrm",
}  # fmt: skip

# One command per character; the plainest name of amsmath and amssymb wins.
COMMANDS = {
    **{c: rf"\{n}" for n, c in reversed((LETTERS | OPERATORS | BIG).items())},
    "−": "-", "∗": "*", "≔": ":=", "…": r"\dots", "′": r"\prime", "{": r"\{", "}": r"\}",
    "<": "<", ">": ">", "|": r"\vert", "‖": r"\Vert",
    "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor", "⌋": r"\rfloor", "⟨": r"\langle",
    "⟩": r"\rangle", "∂": r"\partial", "⟵": r"\longleftarrow", "ℏ": r"\hbar",
}  # fmt: skip

ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
}  # fmt: skip

TYPOGRAPHY = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~", "…": r"\dots{}",
}  # fmt: skip


def tex_text(text: str) -> str:
    """Any text, safe outside mathematics; a character that LaTeX lacks is named by its code."""
    return "".join(map(_text_character, text))


def _text_character(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    if character in TYPOGRAPHY:
        return TYPOGRAPHY[character]
    if character in COMMANDS:
        return f"\\ensuremath{{{COMMANDS[character]}}}"
    # Latin-1 and Latin Extended-A letters are in every T1 font.
    return character if "\u00a1" <= character <= "\u017f" else f"[U+{ord(character):04X}]"


def tex_math(box: Box) -> str:
    """The inside of ``$ … $``."""
    return _RULES[type(box)](box)


def _mark(text: str) -> str:
    return " ".join(_mark_character(c) for c in text)


def _mark_character(character: str) -> str:
    if character in COMMANDS:
        return COMMANDS[character]
    if character in ESCAPES and character not in "<>`":
        return ESCAPES[character] if character in "$&#%_" else rf"\text{{{ESCAPES[character]}}}"
    return character if character.isascii() else rf"\text{{{tex_text(character)}}}"


def _letter(box: Letter) -> str:
    command = ALPHABET_COMMANDS.get(box.alphabet)
    return rf"\{command}{{{_mark(box.text)}}}" if command else _mark(box.text)


def _word(box: Word) -> str:
    return rf"\operatorname{{{tex_text(box.text)}}}"


def _digits(box: Digits) -> str:
    return box.text.replace(",", "{,}")


def _sign(box: Sign) -> str:
    return _mark(box.text)


def _prefix(box: Prefix) -> str:
    return _mark(box.text)


def _prose(box: Prose) -> str:
    return rf"\text{{{tex_text(box.text)}}}"


def _wide(box: Wide) -> str:
    return r"\quad"


def _thin(box: Thin) -> str:
    return r"\,"


def _row(box: Row) -> str:
    text = ""
    for item in unspaced(box.items):
        piece = tex_math(item)
        if isinstance(item, Sign):
            text += f"{piece} " if item.text == "," else f" {piece} "
        else:
            text += _after(text, piece)
    return text.strip()


def _after(left: str, piece: str) -> str:
    """``piece`` with a space before it where the end of ``left`` would swallow it."""
    return f" {piece}" if _OPEN_COMMAND.search(left) and piece[:1].isalpha() else piece


_OPEN_COMMAND = re.compile(r"\\[a-zA-Z]+$")


def _slot(box: Box | None) -> str:
    return f"{{{tex_math(box) if box is not None else ''}}}"


def _short(box: Box) -> str:
    """A script: one character needs no braces."""
    text = tex_math(box)
    return text if len(text) == 1 else f"{{{text}}}"


_WHOLE = re.compile(r"\\?[a-zA-Z]+|\\operatorname\{\w+\}|\\(?:hat|bar|tilde|boldsymbol)\{\\?\w+\}")


def _base(box: Box) -> str:
    text = tex_math(box)
    return text if len(text) == 1 or _WHOLE.fullmatch(text) else f"{{{text}}}"


def _over(box: Over) -> str:
    return rf"\frac{_slot(box.top)}{_slot(box.bottom)}"


def _scripts(box: Scripts) -> str:
    return _attached(_base(box.base), box.sub, box.sup)


def _limits(box: Limits) -> str:
    if isinstance(box.sign, Word):
        return _attached(rf"\operatorname*{{{tex_text(box.sign.text)}}}", box.under, box.over)
    return _attached(tex_math(box.sign), box.under, box.over)


def _attached(base: str, low: Box | None, high: Box | None) -> str:
    below = f"_{_short(low)}" if low is not None else ""
    above = f"^{_short(high)}" if high is not None else ""
    return f"{base}{below}{above}"


def _side(bracket: str) -> str:
    return _mark(bracket) if bracket else "."


def _fenced(box: Fenced) -> str:
    body = tex_math(box.body)
    if not tall(box.body):
        return _mark(box.left) + _after(_mark(box.left), body) + _mark(box.right)
    return rf"\left{_side(box.left)} {body} \right{_side(box.right)}"


def _grid(box: Grid) -> str:
    width = max((len(cells) for cells in box.rows), default=1)
    rows = r" \\ ".join(" & ".join(map(tex_math, cells)) for cells in box.rows)
    columns = ("l" if box.left == "{" else "c") * width
    table = rf"\begin{{array}}{{{columns}}}{rows}\end{{array}}"
    return rf"\left{_side(box.left)} {table} \right{_side(box.right)}"


def _radical(box: Radical) -> str:
    degree = f"[{tex_math(box.degree)}]" if box.degree is not None else ""
    return rf"\sqrt{degree}{_slot(box.body)}"


def _accented(box: Accented) -> str:
    return rf"\{box.accent}{_slot(box.body)}"


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
