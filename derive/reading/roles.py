r"""What a word does where it stands: `assign` settles the roles that spelling alone leaves open.

An operator between nothing (``F_{*}``, ``\lceil \cdot \rceil``) is a name; ``\text{ReLU}`` is a
name and ``\text{ where }`` are words; a line break before a continued sum, and spacing beside an
operator, say nothing.
"""

from __future__ import annotations

import re

from derive.reading import symbols
from derive.reading.idioms import rephrase
from derive.reading.tokens import ENDS_OPERAND, STARTS_OPERAND, Word

_OPENERS = frozenset(
    "LBRACE LPAR LFENCE LOPT MATRIX CASES CELL ROW COMMA QUAD NEWLINE WORDS".split()
)
_CLOSERS = frozenset("RBRACE RPAR RFENCE ROPT END CELL ROW COMMA QUAD NEWLINE WORDS".split())
_NAME_TEXT = re.compile(r"[^\W_][\w\-./]*\*?'*")


def assign(words: list[Word]) -> list[Word]:
    """The words, each of the terminal that `grammar.lark` wants."""
    words = rephrase(words)
    out: list[Word] = []
    for at, word in enumerate(words):
        before = out[-1].kind if out else ""
        after = words[at + 1].kind if at + 1 < len(words) else ""
        if word.kind == "TEXT":
            out.append(_text(word, before, after, out))
        elif word.kind in ("MUL", "PM", "SLASH") or (word.kind == "REL" and word.text == ":"):
            out.extend(_operator(word, before, after))
        elif word.kind == "QUAD":
            out.extend(_space(word, before, after))
        elif word.kind == "NEWLINE":
            out.extend(_line(word, before, words, at + 1))
        elif word.kind == "BIG" and after == "LPAR" and word.text in symbols.ALSO_FUNCTIONS:
            out.append(word.as_kind("FUNC"))
        elif word.kind == "BIG" and after not in STARTS_OPERAND | {"SUB", "SUP", "PM"}:
            out.append(word.as_kind("NAME"))
        else:
            out.append(word)
    return out


def _text(word: Word, before: str, after: str, out: list[Word]) -> Word:
    bare = word.text.strip()
    if bare.isdigit():
        return word.as_kind("NUMBER", bare)
    in_script = before in ("SUB", "SUP") or (
        before == "LBRACE" and len(out) > 1 and out[-2].kind in ("SUB", "SUP")
    )
    spaced = word.text != bare or bare.lower() in symbols.CONNECTIVES
    if in_script or (
        after == "LPAR" and bare[-1:].isalnum() and bare.lower() not in symbols.CONNECTIVES
    ):
        return word.as_kind("NAME", bare)
    if not _NAME_TEXT.fullmatch(bare):
        return word.as_kind("TEXT" if before in ("PM", "MUL", "SLASH") else "WORDS")
    if before in ("PM", "MUL", "SLASH", "REL") or not spaced or after in ("SUB", "SUP"):
        return word.as_kind("NAME", bare)
    return word.as_kind("WORDS")


def _operator(word: Word, before: str, after: str) -> list[Word]:
    opens, closes = not before or before in _OPENERS, not after or after in _CLOSERS
    if word.text == ":" and before in ENDS_OPERAND and not after:
        return []  # what follows the colon stands outside
    if word.text == ":" and before in ENDS_OPERAND and after == "RBRACE":
        return [word.as_kind("COMMA", ","), word.as_kind("NAME")]  # P_{i:}
    if word.text == ":" and before == "LBRACE" and after in STARTS_OPERAND:
        return [word.as_kind("NAME"), word.as_kind("COMMA", ",")]  # P_{:j}
    if before in ("SUB", "SUP") or (opens and closes):
        return [word.as_kind("NAME")]
    if word.kind == "MUL" and word.text == r"\bullet" and not before:
        return []  # a list's bullet
    if word.kind == "MUL" and before in ("LBRACE", "LPAR", "COMMA"):
        return [word.as_kind("NAME")]
    if word.kind in ("MUL", "PM") and after in ("RBRACE", "RPAR") and before in ENDS_OPERAND:
        return [word.as_kind("NAME")]
    return [word]


_IDLE_BEFORE = frozenset(
    "REL PM MUL SLASH LPAR LBRACE LFENCE MATRIX CASES CELL ROW QUAD NEWLINE".split()
)
_IDLE_AFTER = frozenset("REL MUL SLASH RPAR RBRACE RFENCE END CELL ROW COMMA QUAD NEWLINE".split())


def _space(word: Word, before: str, after: str) -> list[Word]:
    """Wide space separates only where something stands on both sides that could be an item."""
    idle = not before or before in _IDLE_BEFORE or not after or after in _IDLE_AFTER
    return [] if idle else [word]


def _line(word: Word, before: str, words: list[Word], at: int) -> list[Word]:
    """A line break says nothing after an operator, and before one that continues the line above."""
    while at < len(words) and words[at].kind == "NEWLINE":
        at += 1
    if not before or before in ("PM", "MUL", "SLASH", "NEWLINE") or at >= len(words):
        return []
    first = words[at]
    if before == "REL" and first.kind != "REL":
        return []
    if first.kind == "MUL" and first.text != r"\bullet":
        return []
    if first.kind == "PM" and not _has_relation(words, at):
        return []
    return [word]


def _has_relation(words: list[Word], at: int) -> bool:
    """Does the line that begins here hold a relation outside brackets?"""
    depth = 0
    for word in words[at:]:
        depth += word.kind in ("LPAR", "LFENCE", "LBRACE", "MATRIX", "CASES")
        depth -= word.kind in ("RPAR", "RFENCE", "RBRACE", "END")
        if depth == 0 and word.kind == "NEWLINE":
            return False
        if depth == 0 and word.kind == "REL":
            return True
    return False
