r"""A Python listing cut into statements: at line ends and semicolons outside brackets and texts.

Slides lose indentation and lines, so that every statement is read by itself. What only steers
(``for``, ``def``, ``import``, a printed line) is told from what gives a value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from derive.errors import LimitExceeded, Unreadable

LENGTH_LIMIT = 2_000
DEPTH_LIMIT = 40
STEERING = re.compile(
    r"(?:for|while|if|elif|else|def|class|with|try|except|finally|return|import|from|pass|break|"
    r"continue|raise|assert|del|global|nonlocal|lambda|yield|async|await|print)\b|@\w|\.\.\."
)
_TOKEN = re.compile(
    r"(?P<text>[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?))|(?P<note>\#[^\n]*)|(?P<on>\\\n)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[;\n])|(?P<other>\w+|[\s\S])"
)


@dataclass(frozen=True)
class Statement:
    """A statement of a listing without its comment, and its offset there."""

    text: str
    start: int

    @property
    def steers(self) -> bool:
        """Whether it gives no value: control of the flow, an import, a call by itself."""
        if STEERING.match(self.text):
            return True
        try:
            return not isinstance(parsed(self.text), ast.Assign | ast.AugAssign | ast.AnnAssign)
        except (Unreadable, LimitExceeded):
            return "=" not in self.text


def statements(listing: str) -> Iterator[Statement]:
    """The statements in order; offsets are those of ``listing``."""
    depth, start, kept = 0, 0, ""
    for token in _TOKEN.finditer(listing):
        kind = token.lastgroup
        depth = max(depth + (kind == "open") - (kind == "close"), 0)
        if kind == "end" and not depth:
            yield from _statement(kept, start)
            start, kept = token.end(), ""
        else:
            blank = kind in ("note", "on")
            kept += " " * len(token.group()) if blank else token.group()
    yield from _statement(kept, start)


def _statement(text: str, start: int) -> Iterator[Statement]:
    body = text.strip()
    if body:
        yield Statement(body, start + len(text) - len(text.lstrip()))


@cache
def parsed(text: str) -> ast.stmt:
    """The tree of a statement.

    Raises `Unreadable` with the offset of what cannot be read, `LimitExceeded` for one that is too
    long or nested too deep.
    """
    if len(text) > LENGTH_LIMIT:
        raise LimitExceeded(
            f"the statement has {len(text)} characters", expected=f"at most {LENGTH_LIMIT}"
        )
    if _depth(text) > DEPTH_LIMIT:
        raise LimitExceeded(f"the statement nests deeper than {DEPTH_LIMIT} brackets")
    try:
        found = ast.parse(text).body
    except SyntaxError as error:
        at = _offset(text, error)
        sign = text[at : at + 1] or "the end"
        raise Unreadable(f"{sign} cannot stand here in a Python statement", offset=at) from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("this is no Python statement", offset=0) from None
    if len(found) != 1:
        raise Unreadable("this is no Python statement", offset=0)
    return found[0]


def _depth(text: str) -> int:
    depth = most = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        most = max(most, depth)
    return most


def _offset(text: str, error: SyntaxError) -> int:
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: (error.lineno or 1) - 1])
    return min(before + max((error.offset or 1) - 1, 0), len(text))
