"""The lines of fused functions (`derive.emitting.fusing`)."""

from __future__ import annotations

from collections.abc import Iterator

from derive.emitting.blocks import Writer
from derive.emitting.fusing import Fused
from derive.emitting.layout import docstring, signature
from derive.planning.arrays import Name
from derive.planning.book import Statement
from derive.planning.overwriting import Chain

RESULT = "last"
"""As long as ``return`` with what follows each, so that lines break alike."""

SHOWN = 4
"""Users that are named in a docstring."""


def fused_lines(function: Fused) -> list[str]:
    """The definition."""
    arguments = [*(f"{a}: Array" for a in function.letters), "xp: Any"]
    head = signature(function.name, arguments, "Array")
    return ["@_fused", *head, *_docstring(function), *_body(function)]


def _docstring(function: Fused) -> list[str]:
    users = function.users
    named = users if len(users) <= SHOWN else [*users[: SHOWN - 1], "others"]
    text = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    end = "; x is overwritten." if isinstance(function.body, Chain) else "."
    return docstring(f"For {text}{end}")


def _body(function: Fused) -> Iterator[str]:
    taken = set(function.letters)
    if isinstance(function.body, Chain):
        target = Name(function.letters[0], ())
        _, *lines = Writer(target.name, taken).in_place(target, function.body)
        yield from lines
        yield f"    return {target.name}"
        return
    result = Statement(Name(RESULT, ()), function.body)
    for line in Writer(RESULT, taken).lines(result):
        yield line.replace(f"    {RESULT} = ", "    return ", 1)
