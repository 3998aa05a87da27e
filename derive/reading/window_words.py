r"""Operations named beside their arrays: ``X \stackrel{\text{full correlation}}{=} A\, B``.

What stands above a relation, or as words before two arrays, names what is done to the two:

    X \stackrel{\text{full correlation}}{=} A\, B        X = \text{full correlation}(A, B)
    X \xrightarrow{\text{full correlation}} A\, B
    X \text{ = full correlation } A,\ B

Anything else above a relation is a comment and says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.errors import Unreadable
from derive.reading.tokens import Word

LABEL = "LABEL"
"""The kind of a word that stands above a relation."""
MODE_WORDS = {
    "full": "full", "valid": "valid", "same": "same",
    "completa": "full", "plena": "full", "cheia": "full",
    "válida": "valid", "valida": "valid", "mesma": "same", "misma": "same",
}  # fmt: skip
_MODE = "|".join(MODE_WORDS)
_NAME = re.compile(
    r"\s*(?P<sign>=|\+|[-–—]{2,})?\s*(?P<name>"
    rf"(?:(?:{_MODE})\s+)?(?:cross-)?(?:corr(?:ela\w*)?|conv2?|convolu\w*)(?:\s+(?:{_MODE}))?)\s*",
    re.IGNORECASE,
)
_OPENS = frozenset("LPAR LFENCE LBRACE MATRIX CASES".split())
_CLOSES = frozenset("RPAR RFENCE RBRACE END".split())
_ARROWS = frozenset(r"\rightarrow \leftarrow \Rightarrow".split())
_SCRIPTS = frozenset("SUB SUP".split())


def parted(text: str) -> tuple[str, str] | None:
    """The mode and the rest of a name: ``("full", "correlation")``; ``None`` without a mode."""
    first, _, last = text.strip().rpartition(" ")
    for mode, name in ((first, last), (last, first)):
        if mode.lower() in MODE_WORDS and name:
            return MODE_WORDS[mode.lower()], name
    return None


def is_window(text: str) -> bool:
    """Whether words name a convolution or a correlation and nothing else."""
    return _NAME.fullmatch(text) is not None


def relates(text: str) -> bool:
    r"""Whether words name one with a sign before it, as in ``\text{= full correlation}``."""
    named = _NAME.fullmatch(text)
    return named is not None and named["sign"] is not None


def called(words: list[Word]) -> list[Word]:
    """The words with every such operation as a function of the two arrays after it.

    Raises `Unreadable` for one above an equality that finds no arrays.
    """
    out: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        named = _NAME.fullmatch(word.text) if word.kind in (LABEL, "TEXT") else None
        below = at + 1 + (named is not None and _kind(words, at + 1) == "NEWLINE")
        begin = _after_sums(words, below)
        arrays = _two_operands(words, begin, word.kind == LABEL) if named is not None else None
        if named is None or arrays is None:
            _require_other_sign(words, at, named is not None)
            out += [] if word.kind == LABEL else [word]
            at += 1
            continue
        out = [*_related(out, word, named["sign"] or ""), *words[below:begin]]
        first, second = arrays
        out += _call(word.as_kind("NAME", named["name"]), words, first, second)
        at = second[1]
    return out


def _kind(words: list[Word], at: int) -> str:
    return words[at].kind if at < len(words) else ""


def _after_sums(words: list[Word], at: int) -> int:
    r"""Where what is summed begins, as in ``\sum_{q} A_q B_q``."""
    while at < len(words) and words[at].kind == "BIG":
        at += 1
        while at + 1 < len(words) and words[at].kind in _SCRIPTS:
            at = _closed(words, at + 1)
    return at


def _require_other_sign(words: list[Word], at: int, named: bool) -> None:
    """What stands side by side under the name of an operation is not multiplied.

    Raises `Unreadable` where no operator stands after the first thing to the right.
    """
    if not named or words[at].kind != LABEL or words[at - 1].text in _ARROWS:
        return
    begin = _after_sums(words, at + 1)
    first = _operand(words, begin, True) or (begin, _closed(words, begin))
    if first[1] < len(words) and words[first[1]].kind not in ("MUL", "PM", "REL", "LPAR"):
        raise Unreadable(
            f"{words[at].text} stands above the relation", offset=words[at].start,
            expected="the two arrays to which this is done",
        )  # fmt: skip


Stretch = tuple[int, int]


def _call(name: Word, words: list[Word], first: Stretch, second: Stretch) -> Iterator[Word]:
    begin, middle, end = words[first[0]].start, words[first[1] - 1].end, words[second[1] - 1].end
    yield name
    yield Word("LPAR", "(", begin, begin)
    yield from words[slice(*first)]
    yield Word("COMMA", ",", middle, middle)
    yield from words[slice(*second)]
    yield Word("RPAR", "(", end, end)


def _related(before: list[Word], word: Word, sign: str) -> list[Word]:
    """What stands before the operation, the relation or the sign with it as one is meant."""
    if word.kind == LABEL and before and before[-1].kind == "REL":
        *rest, relation = before
        if [w.kind for w in rest[-2:]] == ["PM", "DOTS"]:
            return [*rest, relation.as_kind("PM", "+")]
        return [*rest, relation.as_kind("REL", "=") if relation.text in _ARROWS else relation]
    if not sign:
        return before
    if sign == "+" or [w.kind for w in before[-2:]] == ["PM", "DOTS"]:
        return [*before, Word("PM", "+", word.start, word.start)]
    return [*before, Word("REL", "=", word.start, word.start)]


def _two_operands(words: list[Word], at: int, labelled: bool) -> tuple[Stretch, Stretch] | None:
    """Where the two arrays are; under a label symbols may stand for them."""
    first = _operand(words, at, labelled)
    if first is None:
        return None
    comma = first[1] < len(words) and words[first[1]].kind == "COMMA"
    second = _operand(words, first[1] + comma, labelled)
    return None if second is None else (first, second)


def _operand(words: list[Word], at: int, labelled: bool) -> Stretch | None:
    if at < len(words) and words[at].kind == "FRAC" and labelled:
        return (at, _closed(words, _closed(words, at + 1)))
    if at < len(words) and words[at].kind == "NAME" and labelled:
        end = at + 1
        while end + 1 < len(words) and words[end].kind in _SCRIPTS:
            end = _closed(words, end + 1)
        return (at, end)
    if at >= len(words) or words[at].kind not in ("LPAR", "MATRIX"):
        return None
    end = _closed(words, at)
    inside = words[at:end]
    held = 1 if words[at].kind == "LPAR" else 0
    whole = held < len(inside) and inside[held].kind == "MATRIX"
    return (at, end) if whole and _closed(inside, held) == len(inside) - held else None


def _closed(words: list[Word], at: int) -> int:
    """Where what opens, or stands, at this place has ended."""
    depth = 0
    for end in range(at, len(words)):
        depth += (words[end].kind in _OPENS) - (words[end].kind in _CLOSES)
        if depth <= 0:
            return end + 1
    return len(words)
