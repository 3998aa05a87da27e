r"""Powers of ten in words: ``3 \text{ million}`` is the number ``3e+6``.

A word behind the number goes on as it stands: ``3 \text{ million weights}`` is a number and a word.
What is a billion in one language is a thousand times as much in another, so of these only what has
one meaning is known: `billón` is not `bilhão`.
"""

from __future__ import annotations

import re

from derive.reading.tokens import Word

POWERS = {
    "thousand": 3, "mil": 3, "mille": 3, "tausend": 3,
    "million": 6, "millions": 6, "milhão": 6, "milhao": 6, "milhões": 6, "milhoes": 6,
    "millón": 6, "millon": 6, "millones": 6, "millionen": 6, "mio": 6,
    "bilhão": 9, "bilhao": 9, "bilhões": 9, "bilhoes": 9,
    "milliard": 9, "milliards": 9, "milliarde": 9, "milliarden": 9,
}  # fmt: skip
"""The power of ten that a word names."""
_FIRST = re.compile(r"\s*([^\W\d_]+)\.?(?!\w)")


def with_large_numbers(words: list[Word]) -> list[Word]:
    """Each number with the word behind it as one number, the digits as typed before its exponent.

    Nothing is a power of ten that stands in braces of its own, as a script does.
    """
    out: list[Word] = []
    for word in words:
        number = out[-1] if out else None
        if word.kind != "TEXT" or number is None or number.kind != "NUMBER":
            out.append(word)
            continue
        first = _FIRST.match(word.text)
        power = POWERS.get(first[1].lower()) if first is not None else None
        if first is None or power is None or "e" in number.text.lower():
            out.append(word)
            continue
        out[-1] = Word("NUMBER", f"{number.text}e+{power}", number.start, word.end)
        rest = word.text[first.end() :]
        if rest.strip():
            out.append(Word("TEXT", rest, word.end, word.end))
    return out
