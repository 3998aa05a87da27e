r"""Digits that TeX takes alone: in ``\frac12`` and ``x^23`` an argument without braces is one."""

from __future__ import annotations

from collections.abc import Iterable

from derive.reading.tokens import Word

_ARGUMENTS = {"SUB": 1, "SUP": 1, "FRAC": 2, "SQRT": 1, "ACCENT": 1, "WRAP": 1}


def single_digits(words: Iterable[Word]) -> list[Word]:
    """Split a number where an argument without braces takes one digit."""
    out: list[Word] = []
    pending: list[int] = []
    need = 0
    for word in words:
        if word.kind == "LBRACE":
            pending.append(max(need - 1, 0))
            need = 0
        elif word.kind == "RBRACE":
            need = pending.pop() if pending else 0
        elif word.kind == "NUMBER" and need and word.text.isdigit():
            while need and word.end - word.start > 1:
                out.append(Word("NUMBER", word.text[0], word.start, word.start + 1))
                word = Word("NUMBER", word.text[1:], word.start + 1, word.end)
                need -= 1
            need = max(need - 1, 0)
        else:
            need = max(need - 1, 0) + _ARGUMENTS.get(word.kind, 0)
        out.append(word)
    return out
