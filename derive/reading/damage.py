r"""Commands that lost their backslash and first letter on the way out of a slide.

A program that took ``\b``, ``\f``, ``\n``, ``\r`` or ``\t`` for a control character left
``oldsymbol``, ``rac``, ``abla``, ``ightarrow``, ``heta``, with or without a space before it. What
is left is mended only where it is no word by itself and one command alone can have been there:
``eta`` could be three of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMANDS = (
    r"\boldsymbol \frac \nabla \theta \times \text \tilde \tfrac \tanh \rightarrow \Rightarrow "
    r"\right \bar \begin \bullet \forall"
).split()
SHORTEST = 3
"""Rests of fewer letters could be letters side by side."""
_RESTS = {c[2:]: c for c in COMMANDS if c[1] in "bfnrt" and len(c) - 2 >= SHORTEST}
_BARE = {"partial": r"\partial"}
"""Words that lost their backslash alone, before a symbol of one letter or a command."""
_BRACED = {"ext", "ar", "ilde", "rac", "frac", "oldsymbol", "egin"}
"""What stands before a brace; elsewhere ``ext`` could be three letters."""
_LOST = re.compile(
    r"(?<![A-Za-z\\])(?:(?P<open>\{)\s+)?[\x08\x0c\t\r ]?(?P<rest>"
    + "|".join(sorted(map(re.escape, _RESTS), key=len, reverse=True))
    + r")(?:(?P<after>\{)|(?![A-Za-z]))"
    + rf"|(?<![A-Za-z\\])(?P<bare>{'|'.join(_BARE)})(?=\s*(?:[A-Za-z](?![A-Za-z])|\\[A-Za-z]))"
)


@dataclass(frozen=True)
class Mended:
    """What was put back for ``latex[start:end]``, and what the verdict says of it."""

    start: int
    end: int
    text: str
    note: str

    @property
    def growth(self) -> int:
        """By how much the text gets longer."""
        return len(self.text) - (self.end - self.start)


def mends(latex: str) -> Iterator[Mended]:
    """The lost beginnings of commands in ``latex``, in order."""
    for match in _LOST.finditer(latex):
        if bare := match["bare"]:
            yield Mended(*match.span(), _BARE[bare], f"{bare} is read as {_BARE[bare]}")
            continue
        rest, after = match["rest"], match["after"] or ""
        if rest in _BRACED and not after:
            continue
        text = (match["open"] or "") + _RESTS[rest] + after
        yield Mended(match.start(), match.end(), text, f"{rest} is read as {_RESTS[rest]}")


def mended(latex: str) -> tuple[str, tuple[str, ...]]:
    r"""``latex`` with lost beginnings of commands put back, and what was put back."""
    text, at = "", 0
    found = list(mends(latex))
    for lost in found:
        text += latex[at : lost.start] + lost.text
        at = lost.end
    return text + latex[at:], tuple(dict.fromkeys(lost.note for lost in found))
