r"""What a word does where it stands: `assign` settles the roles that spelling alone leaves open.

An operator between nothing (``F_{*}``, ``\lceil \cdot \rceil``) is a name; ``\text{ReLU}`` is a name
and ``\text{ where }`` are words; ``d`` in ``dL/dx`` is an operator; a line break before a
continued sum, and spacing beside an operator, say nothing.
"""

from __future__ import annotations

import re

from derive.reading import symbols
from derive.reading.tokens import ENDS_OPERAND, STARTS_OPERAND, Word

_OPENERS = frozenset("LBRACE LPAR LFENCE LOPT MATRIX CASES CELL ROW COMMA QUAD NEWLINE WORDS".split())
_CLOSERS = frozenset("RBRACE RPAR RFENCE ROPT END CELL ROW COMMA QUAD NEWLINE WORDS".split())
_NAME_TEXT = re.compile(r"[^\W_][\w\-./]*\*?'*")


def assign(words: list[Word]) -> list[Word]:
    """The words, each of the terminal that `grammar.lark` wants."""
    words = _primes(words)
    _mark_differentials(words)
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
        elif not (word.kind == "LBRACE" and after == "RBRACE" and _is_void(before)):
            out.append(word)
        else:
            words[at + 1] = words[at + 1].as_kind("VOID")
    return [word for word in out if word.kind != "VOID"]


def _is_void(before: str) -> bool:
    """``{}`` that is nobody's argument."""
    return before not in ("SUB", "SUP", "FRAC", "SQRT", "ACCENT", "WRAP", "RBRACE", "ROPT")


def _text(word: Word, before: str, after: str, out: list[Word]) -> Word:
    bare = word.text.strip()
    if bare.isdigit():
        return word.as_kind("NUMBER", bare)
    in_script = before in ("SUB", "SUP") or (
        before == "LBRACE" and len(out) > 1 and out[-2].kind in ("SUB", "SUP")
    )
    spaced = word.text != bare or bare.lower() in symbols.CONNECTIVES
    if in_script or (after == "LPAR" and bare[-1:].isalnum() and bare.lower() not in symbols.CONNECTIVES):
        return word.as_kind("NAME", bare)
    if not _NAME_TEXT.fullmatch(bare):
        return word.as_kind("TEXT" if before in ("PM", "MUL", "SLASH") else "WORDS")
    if before in ("PM", "MUL", "SLASH", "REL") or not spaced or after in ("SUB", "SUP"):
        return word.as_kind("NAME", bare)
    return word.as_kind("WORDS")


def _operator(word: Word, before: str, after: str) -> list[Word]:
    opens, closes = not before or before in _OPENERS, not after or after in _CLOSERS
    if before in ("SUB", "SUP") or (opens and closes):
        return [word.as_kind("NAME")]
    if word.kind == "MUL" and word.text == r"\bullet" and not before:
        return []  # a list's bullet
    if word.kind == "MUL" and before in ("LBRACE", "LPAR", "COMMA"):
        return [word.as_kind("NAME")]
    if word.kind in ("MUL", "PM") and after in ("RBRACE", "RPAR") and before in ENDS_OPERAND:
        return [word.as_kind("NAME")]
    return [word]


def _space(word: Word, before: str, after: str) -> list[Word]:
    idle_before = not before or before in ("REL", "PM", "MUL", "SLASH", "LPAR", "LBRACE", "CELL", "ROW",
                                           "COMMA", "LFENCE", "MATRIX", "CASES", "QUAD", "NEWLINE")  # fmt: skip
    idle_after = not after or after in ("REL", "MUL", "SLASH", "RPAR", "RBRACE", "RFENCE", "CELL",
                                        "ROW", "END", "COMMA", "QUAD", "NEWLINE")  # fmt: skip
    return [] if idle_before or idle_after else [word]


def _line(word: Word, before: str, words: list[Word], at: int) -> list[Word]:
    """A line break says nothing after an operator, and before one that continues the line above."""
    while at < len(words) and words[at].kind in ("QUAD", "NEWLINE"):
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


def _primes(words: list[Word]) -> list[Word]:
    r"""``f^\prime``, ``f^{\prime}`` and ``f^{\prime(l)}`` as ``f'``, ``f'``, ``f'^{(l)}``."""
    out: list[Word] = []
    at = 0
    while at < len(words):
        kinds = [w.kind for w in words[at : at + 3]]
        if kinds[:2] == ["SUP", "PRIME"]:
            out.append(words[at + 1])
            at += 2
        elif kinds == ["SUP", "LBRACE", "PRIME"]:
            end = at + 2
            while words[end].kind == "PRIME":
                end += 1
            out.extend(words[at + 2 : end])
            if words[end].kind == "RBRACE":
                at = end + 1
            else:
                out.extend(words[at : at + 2])
                at = end
        elif kinds == ["SUP", "LBRACE", "REL"] and words[at + 2].text == "<":
            out.extend(words[at : at + 2])
            at += 2
            at = _angle(words, at)
        else:
            out.append(words[at])
            at += 1
    return out


def _angle(words: list[Word], at: int) -> int:
    r"""``a^{<t>}``: turn the signs into brackets, in place."""
    depth = 1
    for end in range(at, len(words)):
        depth += (words[end].kind == "LBRACE") - (words[end].kind == "RBRACE")
        if depth == 0:
            if words[end - 1].text == ">" and end - 1 > at:
                words[at] = words[at].as_kind("LFENCE")
                words[end - 1] = words[end - 1].as_kind("RFENCE", "<")
            break
    return at


def _mark_differentials(words: list[Word]) -> None:
    r"""``d`` above and below a fraction bar, ``\frac{dE}{dt}`` or ``dE/dt``, becomes an operator."""
    for at, word in enumerate(words):
        if word.kind == "RBRACE" and _is_d(words, at + 2) and words[at + 1].kind == "LBRACE":
            start = _opening_brace(words, at)
            if start > 0 and words[start - 1].kind == "FRAC" and words[start + 1].text == "d":
                if words[start + 2].kind not in ("SUB", "LPAR"):
                    words[start + 1] = words[start + 1].as_kind("PREFIX", "d")
                    words[at + 2] = words[at + 2].as_kind("PREFIX", "d")
        elif word.kind == "SLASH" and _is_d(words, at + 1):
            start = at - 1
            while start >= 0 and words[start].text.strip() != "d":
                if words[start].kind in ("PM", "REL", "MUL", "SLASH", "LPAR", "COMMA", "NEWLINE"):
                    start = -1
                start -= 1
            if start >= 0 and start < at - 1:
                words[start] = words[start].as_kind("PREFIX", "d")
                words[at + 1] = words[at + 1].as_kind("PREFIX", "d")


def _is_d(words: list[Word], at: int) -> bool:
    """The letter d with a symbol directly after it."""
    return (
        at + 1 < len(words)
        and words[at].kind in ("NAME", "TEXT")
        and words[at].text.strip() == "d"
        and words[at + 1].kind in ("NAME", "ACCENT", "TEXT")
    )


def _opening_brace(words: list[Word], at: int) -> int:
    depth = 0
    while at >= 0:
        depth += (words[at].kind == "RBRACE") - (words[at].kind == "LBRACE")
        if depth == 0:
            return at
        at -= 1
    return -1
