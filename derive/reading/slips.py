"""Typical slips in hand-written LaTeX: a syntax error turned into advice."""

from __future__ import annotations

from lark.exceptions import UnexpectedToken

from derive.errors import Unreadable
from derive.reading.tokens import Word

_NAMES = {
    "PM": "+ or -", "MUL": "a product sign", "SLASH": "/", "REL": "a relation such as =",
    "COMMA": "a comma", "RBRACE": "}", "RPAR": "a closing bracket", "RFENCE": "a closing bracket",
    "LBRACE": "{", "NUMBER": "a number", "NAME": "a symbol", "SUB": "_", "SUP": "^",
    "END": r"\end", "CELL": "&", "ROW": r"\\",
}  # fmt: skip
_OPERATORS = frozenset({"PM", "MUL", "SLASH", "REL"})

# (what stood before, what came) -> advice; None stands for anything, "" for the formula's edge.
_ADVICE: tuple[tuple[str | None, str | None, str], ...] = (
    ("SUB", None, "an index is missing after _"),
    ("SUP", None, "an exponent is missing after ^"),
    ("FRAC", None, r"\frac needs two arguments: \frac{a}{b}"),
    ("SQRT", None, r"\sqrt needs an argument: \sqrt{x}"),
    ("ACCENT", None, r"an accent needs a symbol under it: \hat{y}"),
    (None, "SUB", "an index needs a symbol before it"),
    (None, "SUP", "an exponent needs a symbol before it"),
    (None, "OVER", r"\over belongs inside braces: {a \over b}"),
    ("REL", "REL", "two relations in a row; one side is missing between them"),
    ("MUL", "MUL", "two product signs in a row"),
    ("PM", "MUL", "two operators in a row"),
    ("PM", None, "a term is missing after + or -"),
    ("MUL", None, "a factor is missing after the product sign"),
    ("SLASH", None, "the divisor is missing after /"),
    ("NEWLINE", "MUL", "a line begins with a product sign"),
    ("", "MUL", "the formula begins with a product sign"),
)


def explain(error: UnexpectedToken, words: list[Word], latex: str) -> Unreadable:
    """The parser's complaint with place, expectation and advice."""
    token = error.token
    ended = token.type == "$END"
    at = next((i for i, w in enumerate(words) if w.start == token.start_pos), len(words))
    at = len(words) if ended else at
    before = words[at - 1].kind if at else ""
    came = "" if ended else token.type
    offset = len(latex) if ended else int(token.start_pos or 0)
    what = (
        "the formula ends too early" if ended else f"{_typed(words, at, latex)} cannot stand here"
    )
    return Unreadable(
        what, offset=offset, expected=_expected(before, error), advice=_advice(before, came)
    )


def _typed(words: list[Word], at: int, latex: str) -> str:
    if at >= len(words):
        return "this"
    return repr(latex[words[at].start : words[at].end])


def _expected(before: str, error: UnexpectedToken) -> str:
    if before in _OPERATORS or before in ("", "LPAR", "LBRACE"):
        return "a symbol, a number or a bracket"
    if before in ("SUB", "SUP", "FRAC", "SQRT", "ACCENT", "WRAP"):
        return "an argument: one symbol, or braces"
    accepts = error.accepts or error.expected
    return ", ".join(sorted({_NAMES[kind] for kind in accepts if kind in _NAMES})[:4])


def _advice(before: str, came: str) -> str:
    for left, right, advice in _ADVICE:
        if left in (None, before) and right in (None, came):
            return advice
    return ""
