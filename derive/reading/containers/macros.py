r"""Definitions of macros: ``\newcommand``, ``\def``, ``\let``, operators, delimiters, environments.

A definition holds from where it stands to the end of the document, as in a browser or a preamble.
What cannot be read as one is kept with the reason, which is told where the macro is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

DEFINES = re.compile(
    r"\\(?:(?P<new>(?:re)?newcommand|providecommand|DeclareRobustCommand)|(?P<def>[gex]?def)"
    r"|(?P<operator>DeclareMathOperator)|(?P<pair>DeclarePairedDelimiter)|(?P<let>let)"
    r"|(?P<environment>(?:re)?newenvironment))(?![A-Za-z])"
)
_STAR = re.compile(r"\s*\*?\s*")
_NAME = re.compile(r"\s*(?:\{\s*(\\(?:[A-Za-z]+|.))\s*\}|(\\(?:[A-Za-z]+|.)))", re.DOTALL)
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
_PARAMETERS = re.compile(r"(?:(?!\n\s*\n)[^#{}\\%$]|\\[A-Za-z]+|\\.|#[1-9])*+(?=\{)", re.DOTALL)
_NUMBERED = re.compile(r"#([1-9])")
_EQUALS = re.compile(r"\s*=?\s*")
_SIGN = re.compile(r"\\(?:[A-Za-z]+|.)|%[^\n]*\n?|[{}]", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*(?:\n[ \t]*|$)")


@dataclass(frozen=True)
class Macro:
    r"""What ``name`` stands for: ``body`` with ``#1`` to ``#parameters`` for its arguments.

    The first argument is optional where it has a ``default``. ``frozen`` bodies are not expanded
    again (``\let``); a macro with a ``problem`` cannot be used; ``starred`` is the body for a star.
    ``delimiters`` are what must stand before the first argument and behind each.
    """

    name: str
    parameters: int
    body: str
    default: str | None = None
    frozen: bool = False
    problem: str = ""
    starred: str = ""
    delimiters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """The macros that one command defines, and where it ends."""

    macros: tuple[Macro, ...]
    end: int
    provided: bool = False


def definition(text: str, match: re.Match[str], known: dict[str, Macro]) -> Definition | None:
    """The definition that begins with a match of `DEFINES`; ``None`` where it is none."""
    at = _STAR.match(text, match.end()).end()  # type: ignore[union-attr]
    if match["environment"]:
        return _environment(text, at)
    name = _NAME.match(text, at)
    if name is None:
        return None
    symbol, at = name[1] or name[2], name.end()
    if match["let"]:
        return _let(text, symbol, at, known)
    if match["def"]:
        return _def(text, symbol, at)
    if match["pair"]:
        return _pair(text, symbol, at)
    if match["operator"]:
        star = "*" if "*" in text[match.end() : name.start() + 1] else ""
        body = group(text, at)
        if body is None:
            return None
        operator = rf"\operatorname{star}{{{_bare(text[slice(*body)])}}}"
        return Definition((Macro(symbol, 0, operator),), body[1] + 1)
    found = _new(text, symbol, at)
    provided = match["new"] == "providecommand"
    return None if found is None else Definition(found.macros, found.end, provided)


def _new(text: str, symbol: str, at: int) -> Definition | None:
    parameters, default, at = _signature(text, at)
    body = group(text, at)
    if body is None:
        return None
    return Definition((Macro(symbol, parameters, _bare(text[slice(*body)]), default),), body[1] + 1)


def _signature(text: str, at: int) -> tuple[int, str | None, int]:
    """``[2][x]``: the number of parameters, the default of the first, where they end."""
    count = _COUNT.match(text, at)
    if count is None:
        return 0, None, at
    default = option(text, count.end())
    if default is None:
        return int(count[1]), None, count.end()
    return int(count[1]), text[slice(*default)], default[1] + 1


def _def(text: str, symbol: str, at: int) -> Definition | None:
    r"""``\def\pd#1/#2{…}``: what stands between the parameters stands between arguments."""
    parameters = _PARAMETERS.match(text, at)
    body = group(text, parameters.end()) if parameters is not None else None
    if parameters is None or body is None:
        return None
    pieces = _NUMBERED.split(parameters.group())
    numbers, between = pieces[1::2], tuple(piece.strip() for piece in pieces[::2])
    if numbers != [str(n + 1) for n in range(len(numbers))]:
        why = rf"{symbol} is defined with parameters that are not numbered in order"
        return Definition((Macro(symbol, 0, "", problem=why),), body[1] + 1)
    inside = _bare(text[slice(*body)])
    delimiters = between if any(between) else ()
    macro = Macro(symbol, len(numbers), inside, delimiters=delimiters)
    return Definition((macro,), body[1] + 1)


def _let(text: str, symbol: str, at: int, known: dict[str, Macro]) -> Definition | None:
    at = _EQUALS.match(text, at).end()  # type: ignore[union-attr]
    other = re.compile(r"\\(?:[A-Za-z]+|.)|[^\s{}\\]", re.DOTALL).match(text, at)
    if other is None:
        return None
    if (same := known.get(other.group())) is not None:
        macro = replace(same, name=symbol)
    else:
        macro = Macro(symbol, 0, other.group(), frozen=True)
    return Definition((macro,), other.end())


def _pair(text: str, symbol: str, at: int) -> Definition | None:
    r"""``\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}``: ``\norm{x}`` and ``\norm*{x}``."""
    left = group(text, at)
    right = group(text, left[1] + 1) if left is not None else None
    if left is None or right is None:
        return None
    opening, closing = text[slice(*left)].strip(), text[slice(*right)].strip()
    body, tall = f"{opening} #1 {closing}", rf"\left{opening} #1 \right{closing}"
    return Definition((Macro(symbol, 1, body, starred=tall),), right[1] + 1)


def _environment(text: str, at: int) -> Definition | None:
    r"""``\newenvironment{name}{…}{…}`` as the macros ``\begin{name}`` and ``\end{name}``."""
    name = group(text, at)
    if name is None:
        return None
    parameters, default, at = _signature(text, name[1] + 1)
    opening = group(text, at)
    closing = group(text, opening[1] + 1) if opening is not None else None
    if opening is None or closing is None:
        return None
    called = text[slice(*name)].strip()
    begin = Macro(rf"\begin{{{called}}}", parameters, _bare(text[slice(*opening)]), default)
    end = Macro(rf"\end{{{called}}}", 0, _bare(text[slice(*closing)]))
    return Definition((begin, end), closing[1] + 1)


def _bare(body: str) -> str:
    """A body without comments."""
    return _COMMENT.sub("", body).strip()


def group(text: str, at: int) -> tuple[int, int] | None:
    """The inside of the braces that open next, or ``None`` where none do or they do not close."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text[at : at + 1] != "{":
        return None
    depth = 0
    for sign in _SIGN.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(sign.group(), 0)
        if depth == 0 and sign.group() == "}":
            return at + 1, sign.start()
    return None


def option(text: str, at: int) -> tuple[int, int] | None:
    """The inside of the square brackets that open next, braces in it kept whole."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text[at : at + 1] != "[":
        return None
    depth = 0
    for sign in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(text, at):
        depth += {"{": 1, "}": -1}.get(sign.group(), 0)
        if sign.group() == "]" and depth <= 0:
            return at + 1, sign.start()
    return None
