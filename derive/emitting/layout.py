"""Lines as black and ruff-format would leave them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 88


def assignment(target: str, value: str, indent: int) -> list[str] | None:
    """``target = value`` on one line or, where the value is one call, with its arguments inside.

    None where neither fits: the value has to be taken apart.
    """
    pad = " " * indent
    line = f"{pad}{target} = {value}"
    if len(line) <= WIDTH:
        return [line]
    head, arguments = _call(value)
    if not head:
        return None
    inner = f"{pad}    {', '.join(arguments)}"
    if len(inner) <= WIDTH:
        return [f"{pad}{target} = {head}(", inner, f"{pad})"]
    lines = [f"{pad}    {a}," for a in arguments]
    if any(len(a) > WIDTH for a in lines):
        return None
    return [f"{pad}{target} = {head}(", *lines, f"{pad})"]


def _call(value: str) -> tuple[str, list[str]]:
    """Function and arguments where ``value`` is one call; an empty function where it is not."""
    head, bracket, rest = value.partition("(")
    if not bracket or not head.replace(".", "").isidentifier():
        return "", []
    depth, start, arguments = 1, 0, []
    for place, c in enumerate(rest):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0:
            arguments.append(rest[start:place].strip())
            return (head, arguments) if place == len(rest) - 1 else ("", [])
        if depth == 1 and c == ",":
            arguments.append(rest[start:place].strip())
            start = place + 1
    return "", []


def dictionary(opening: str, items: Iterable[tuple[str, str]], indent: int = 4) -> list[str]:
    """A dict display, one item a line."""
    pad = " " * indent
    entries = [f'{pad}    "{key}": {value},' for key, value in items]
    return [f"{pad}{opening}{{", *entries, f"{pad}}}"] if entries else [f"{pad}{opening}{{}}"]


def comment(text: str, indent: int) -> list[str]:
    """A comment, continued with an indent where it is long."""
    lead = " " * indent + "# "
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def prose(text: str, indent: int, hanging: int = 0) -> list[str]:
    """A paragraph of a docstring."""
    pad = " " * indent
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=pad,
        subsequent_indent=pad + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def unpacking(names: Sequence[tuple[str, str]], source: str, indent: int = 4) -> list[str]:
    """``k, b = params["k"], params["b"]`` one to a line."""
    pad = " " * indent
    return [f'{pad}{variable} = {source}["{key}"]' for variable, key in names]
