r"""What stands before a bracket: a symbol, whose indices it may list, or a factor.

In ``S_{1}^2(0,5)`` the comma parts two indices; behind a number, a fraction, a root or a sum,
``\frac{1}{3}(0,5 + x)``, it may be a decimal one.
"""

from __future__ import annotations

from derive.reading.tokens import Word

_SCRIPTS = ("SUB", "SUP")
_SYMBOLS = ("NAME", "PRIME", "TEXT")


def follows_symbol(words: list[Word]) -> bool:
    """Whether the last of the words end a symbol with its scripts, or a group of its own."""
    at = len(words) - 1
    while at >= 0:
        start = _opening(words, at) if words[at].kind == "RBRACE" else at
        before = words[start - 1].kind if start > 0 else ""
        if before in _SCRIPTS:
            at = start - 2
        elif words[at].kind == "RBRACE":
            return not _is_argument(words, start)
        else:
            return words[at].kind in _SYMBOLS
    return False


def _opening(words: list[Word], at: int) -> int:
    """The brace that is closed at ``at``."""
    depth = 0
    for k in range(at, -1, -1):
        depth += (words[k].kind == "RBRACE") - (words[k].kind == "LBRACE")
        if depth == 0:
            return k
    return 0


def _is_argument(words: list[Word], start: int) -> bool:
    """Whether the group that begins at ``start`` is an argument of a fraction or of a root."""
    if start == 0:
        return False
    before = words[start - 1]
    if before.kind in ("FRAC", "SQRT", "ROPT"):
        return True
    first = _opening(words, start - 1) if before.kind == "RBRACE" else start - 1
    return first > 0 and words[first - 1].kind == "FRAC"
