r"""A listing cut into statements: at line ends, semicolons and commas outside brackets.

Comments are left out, a line that ends with ``...`` goes on in the next one, and what only steers
(``for``, ``if``, ``end``, a printed line) is told from what gives a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

STEERING = re.compile(
    r"(?:for|while|if|elseif|else|end|switch|case|otherwise|break|continue|return|function|try|"
    r"catch|clear|close|clc|hold|global|persistent)\b"
)
PRINTING = re.compile(r"(?:fprintf|sprintf|disp|display|figure|plot|imshow|error|warning)\s*\(")
TURN = "\u2032"
"""Stands for the quote of a transposition, in a copy of the text of the same length."""


@dataclass(frozen=True)
class Stretch:
    """A statement of a listing: its text with transpositions marked, and its offset there."""

    text: str
    start: int

    @property
    def steers(self) -> bool:
        """Whether it gives no value: control of the flow, or output."""
        return bool(STEERING.match(self.text) or PRINTING.match(self.text))


def statements(listing: str) -> Iterator[Stretch]:
    """The statements in order, without comments; offsets are those of ``listing``."""
    start, depth = 0, 0
    marked = _with_rows(_marked(listing))
    for at, sign in enumerate(marked):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "\n":
            depth = max(depth, 0)
        ends = sign in ";," if depth <= 0 else False
        if ends or (sign == "\n" and depth <= 0):
            yield from _stretch(marked, start, at)
            start = at + 1
    yield from _stretch(marked, start, len(marked))


def _stretch(text: str, start: int, end: int) -> Iterator[Stretch]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        yield Stretch(body, start + len(piece) - len(piece.lstrip()))


def _marked(listing: str) -> str:
    """The listing with comments, continuations and strings' brackets out of the way."""
    lines = []
    for line in listing.split("\n"):
        lines.append(_line(line))
    text = "\n".join(lines)
    return re.sub(r"\.\.\.+([^\n]*)\n", lambda m: " " * (m.end() - m.start()), text)


def _with_rows(text: str) -> str:
    """A line end between the rows of a matrix or cell array becomes the semicolon that it means."""
    signs, open_ = list(text), ""
    for at, sign in enumerate(text):
        if sign in "([{":
            open_ += sign
        elif sign in ")]}":
            open_ = open_[:-1]
        elif sign == "\n" and open_[-1:] in ("[", "{"):
            before, behind = text[:at].rstrip()[-1:], text[at:].lstrip()[:1]
            signs[at] = " " if before in "[{;," or behind in "]};" else ";"
        elif sign == " " and open_[-1:] in ("[", "{") and _parts(text, at):
            signs[at] = ","
    return "".join(signs)


def _parts(text: str, at: int) -> bool:
    """Whether a space in a row stands between two entries: ``[1 2]``, ``[a -b]``."""
    behind = text[at:].lstrip(" ")
    sign = behind[:1] in ("+", "-") and behind[1:2] not in ("", " ")
    begins = sign or behind[:1].isalnum() or behind[:1] in ("(", "[", "{", "'", '"', "@", ".")
    operator = behind[:2] in (".*", "./", ".^")
    ended = _turns(text[:at]) or text[at - 1 : at] in ("'", '"')
    return ended and begins and not operator


def _line(line: str) -> str:
    """One line: a comment becomes spaces, a transposing quote `TURN`, of a string nothing."""
    out: list[str] = []
    quoted = ""
    for sign in line:
        if quoted:
            out.append("_" if sign in "([{;,}])% " else sign)
            quoted = "" if sign == quoted else quoted
        elif sign == "%":
            break
        elif sign == "'" and _turns("".join(out)):
            out.append(TURN)
        else:
            quoted = sign if sign in "'\"" else ""
            out.append(sign)
    return "".join(out).ljust(len(line))


def _turns(before: str) -> bool:
    """Whether a quote here transposes: it touches an operand."""
    return bool(before) and (before[-1].isalnum() or before[-1] in f"_)]}}.{TURN}")
