r"""Commands that lost their backslash and first letter on the way out of a slide.

A program that took ``\b``, ``\f``, ``\n``, ``\r`` or ``\t`` for a control character left
``oldsymbol``, ``rac``, ``abla``, ``ightarrow``, ``heta``, with or without a space before it. What
is left is mended only where it is no word by itself and one command alone can have been there:
``eta`` could be three of them.
"""

from __future__ import annotations

import re

COMMANDS = (
    r"\boldsymbol \frac \nabla \theta \times \text \tilde \tfrac \tanh \rightarrow \Rightarrow "
    r"\right \bar \begin \bullet \forall"
).split()
SHORTEST = 3
"""Rests of fewer letters could be letters side by side."""
_RESTS = {c[2:]: c for c in COMMANDS if c[1] in "bfnrt" and len(c) - 2 >= SHORTEST}
_BRACED = {"ext", "ar", "ilde", "rac", "frac", "oldsymbol", "egin"}
"""What stands before a brace; elsewhere ``ext`` could be three letters."""
_LOST = re.compile(
    r"(?<![A-Za-z\\])(?:(?P<open>\{)\s+)?[\x08\x0c\t\r ]?(?P<rest>"
    + "|".join(sorted(map(re.escape, _RESTS), key=len, reverse=True))
    + r")(?P<after>\{)?(?![A-Za-z])"
)


def mended(latex: str) -> tuple[str, tuple[str, ...]]:
    r"""``latex`` with lost beginnings of commands put back, and what was put back."""
    found: dict[str, None] = {}

    def whole(match: re.Match[str]) -> str:
        rest, after = match["rest"], match["after"] or ""
        if rest in _BRACED and not after:
            return match.group()
        found[f"{rest} is read as {_RESTS[rest]}"] = None
        return (match["open"] or "") + _RESTS[rest] + after

    return _LOST.sub(whole, latex), tuple(found)
