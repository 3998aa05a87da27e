"""Lines as black and ruff-format would leave them."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 88

SHORT_BRACKET = r"\[[^\[\]]{0,40}\]|\{[^{}]{0,40}\}"

HARD_SPACE = "\N{NO-BREAK SPACE}"


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


def signature(name: str, arguments: Sequence[str], kind: str) -> list[str]:
    """``def name(arguments) -> kind:`` on as few lines as it fits on, one argument on each else."""
    together = ", ".join(arguments)
    head, tail = f"def {name}(", f") -> {kind}:"
    if len(head + together + tail) <= WIDTH:
        return [head + together + tail]
    if len(together) + 4 <= WIDTH:
        return [head, f"    {together}", tail]
    return [head, *(f"    {a}," for a in arguments), tail]


def dictionary(opening: str, items: Iterable[tuple[str, str]], indent: int = 4) -> list[str]:
    """A dict display, one item a line where there are several."""
    pad = " " * indent
    pairs = [f"{quoted(key)}: {value}" for key, value in items]
    if len(pairs) == 1 and len(line := f"{pad}{opening}{{{pairs[0]}}}") <= WIDTH:
        return [line]
    entries = [f"{pad}    {pair}," for pair in pairs]
    return [f"{pad}{opening}{{", *entries, f"{pad}}}"] if entries else [f"{pad}{opening}{{}}"]


def quoted(text: str) -> str:
    """A string literal in double quotes."""
    return json.dumps(text)


def comment(text: str, indent: int) -> list[str]:
    """A comment, continued with an indent where it is long; indices are not torn apart."""
    lead = " " * indent + "# "
    line = " ".join(text.split())
    whole = re.sub(SHORT_BRACKET, lambda m: m.group().replace(" ", HARD_SPACE), line)
    return _soft(_wrapped(whole, lead, lead + "    "))


def prose(text: str, indent: int = 0, hanging: int = 0) -> list[str]:
    """A paragraph of a docstring; what stands in parentheses is not torn apart."""
    pad = " " * indent
    return _soft(_wrapped(_hard(text), pad, pad + " " * hanging))


def docstring(text: str, *more: str) -> list[str]:
    """A docstring of these paragraphs, indented by four."""
    lines = _soft(_wrapped(_hard(text), '    """', "    "))
    for paragraph in more:
        lines += ["", *prose(paragraph, 4)]
    if len(lines) == 1 and len(lines[0]) + 3 <= WIDTH:
        return [lines[0] + '"""']
    return [*lines, '    """']


def _hard(text: str) -> str:
    """What stands in parentheses with spaces that no line ends at."""
    return re.sub(r" \([^)]*\)", lambda m: m.group().replace(" ", HARD_SPACE), harmless(text))


def _soft(lines: Iterable[str]) -> list[str]:
    return [line.replace(HARD_SPACE, " ") for line in lines]


def harmless(text: str) -> str:
    """Text that cannot end the docstring or the line it stands in."""
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', "'")


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
