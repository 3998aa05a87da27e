"""Text for a terminal: characters that would steer it are shown instead of sent.

A deck may hold escape sequences, which set colours, titles and the clipboard of a terminal, and
marks that turn the direction of a line around (Boucher and Anderson 2023, Trojan Source).
"""

from __future__ import annotations

from rich.text import Text

_KEPT = frozenset("\n\t")
_PICTURES = {n: chr(0x2400 + n) for n in range(0x20) if chr(n) not in _KEPT}
_STEERING = (
    *range(0x7F, 0xA0),
    *range(0x200E, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_TABLE = {**dict.fromkeys(_STEERING, "\N{REPLACEMENT CHARACTER}"), **_PICTURES}


def printable(text: str) -> str:
    """The text with a visible character for each that a terminal would obey."""
    return text.translate(_TABLE)


def printable_line(line: Text) -> Text:
    """The same for a line with styles, which stay where they are."""
    result = line.copy()
    result.plain = printable(line.plain)
    return result
