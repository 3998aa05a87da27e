r"""The author's macros put back: ``\mathbf{V}`` becomes ``\bV`` where it stands for that."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from derive.reading.containers.macros import Macro

SHORTEST = 3
"""Characters of what a macro stands for; shorter ones would be found everywhere."""
_INSIDE = r"((?:[^{}\\]|\\.|\{(?:[^{}\\]|\\.|\{(?:[^{}\\]|\\.)*\})*\})+?)"
_PARAMETER = re.compile(r"#([1-9])")
_CONTROL = re.compile(r"\\[A-Za-z]+$")


@dataclass(frozen=True)
class Folder:
    """Folds with ``macros``; ``plain`` puts them in again, to see that nothing else came out."""

    macros: tuple[Macro, ...]
    plain: Callable[[str], str]

    def folded(self, text: str) -> str:
        """``text``, which has no macros, written with them."""
        for macro in sorted(self.macros, key=lambda m: -len(m.body)):
            pattern = self._pattern(macro)
            if pattern is None or (shorter := _replaced(text, pattern, macro)) == text:
                continue
            if _tight(self.plain(shorter)) == _tight(self.plain(text)):
                text = shorter
        return text

    def _pattern(self, macro: Macro) -> re.Pattern[str] | None:
        """What the macro stands for, its arguments as groups; ``None`` where it cannot be found."""
        numbers = _PARAMETER.findall(macro.body)
        once = numbers == [str(n + 1) for n in range(macro.parameters)]
        plain = macro.frozen or macro.problem or macro.default is not None
        if plain or not once or not macro.name[1:].isalpha():
            return None
        body = self.plain(macro.body) if not macro.parameters else macro.body
        if len(body) < SHORTEST:
            return None
        literal = [re.escape(part) for part in _PARAMETER.split(body)[::2]]
        spaced = [re.sub(r"(?:\\\s)+", r"\\s*", part) for part in literal]
        first = r"(?<![\\A-Za-z])" if body[0].isalpha() else r"(?<!\\)"
        last = r"(?![A-Za-z])" if _CONTROL.search(body) else ""
        return re.compile(first + _INSIDE.join(spaced) + last)


def _replaced(text: str, pattern: re.Pattern[str], macro: Macro) -> str:
    def written(match: re.Match[str]) -> str:
        behind = macro.delimiters[1:] or ("",) * macro.parameters
        pairs = zip(match.groups(), behind, strict=True)
        arguments = "".join(f"{{{argument}}}{delimiter}" for argument, delimiter in pairs)
        arguments = "".join(macro.delimiters[:1]) + arguments
        following = text[match.end() : match.end() + 1]
        space = " " if not arguments and following.isalnum() else ""
        return macro.name + arguments + space

    return pattern.sub(written, text)


def _tight(text: str) -> str:
    return "".join(text.split())
