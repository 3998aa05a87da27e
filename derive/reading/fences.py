r"""How the brackets of surface nodes are written, visible and invisible ones."""

from __future__ import annotations

_SPELLING = {
    "(": ("(", ")"), "[": ("[", "]"), "{": (r"\{", r"\}"), "<": (r"\langle", r"\rangle"),
    "|": (r"\left|", r"\right|"), r"\|": (r"\left\|", r"\right\|"), ".": (r"\left.", r"\right."),
    r"\lceil": (r"\lceil", r"\rceil"), r"\lfloor": (r"\lfloor", r"\rfloor"),
}  # fmt: skip


def bracketed(text: str, bracket: str) -> str:
    """``text`` inside the bracket that a node names."""
    if bracket in _SPELLING:
        opening, closing = _SPELLING[bracket]
    elif bracket in ("[)", "(]"):
        opening, closing = bracket[0], bracket[1]
    else:
        opening, closing = _sided(bracket)
    space = " " if opening[-1].isalpha() else ""
    return f"{opening}{space}{text}{' ' if closing[0] == chr(92) else ''}{closing}"


def _sided(bracket: str) -> tuple[str, str]:
    r"""Brackets of two kinds, one of them invisible: ``\left. … \right|``."""
    opening, closing = (".", bracket[1:]) if bracket[0] == "." else (bracket[:-1], ".")
    left = "." if opening == "." else _SPELLING[opening][0].removeprefix(r"\left")
    right = "." if closing == "." else _SPELLING[closing][1].removeprefix(r"\right")
    return r"\left" + left, r"\right" + right
