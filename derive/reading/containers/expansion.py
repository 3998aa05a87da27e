r"""Macros put in: `expanded` is a `Layer` over the text that the author typed.

An argument that stands once in what its macro gives may be edited by itself; else the whole call is
replaced. What goes wrong with a call (it calls itself, an argument is missing) is a `Fault` at its
place, and the rest of the document stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from derive.errors import LimitExceeded
from derive.reading.containers.delimited import NotThere, delimited
from derive.reading.containers.folding import Folder
from derive.reading.containers.layers import Layer, Stretch, Weaver
from derive.reading.containers.macros import DEFINES, Macro, definition, group, option

CALL_LIMIT = 500
"""Expansions within one call."""
CALL_LENGTH = 20_000
TOTAL_LIMIT = 200_000
"""Expansions within one document."""
TOTAL_LENGTH = 8 * 1024 * 1024
_TOKEN = re.compile(
    r"(?P<note>(?<!\\)%[^\n]*)|(?P<environment>\\(?:begin|end)\s*\{[A-Za-z*]+\})"
    r"|(?P<control>\\(?:[A-Za-z]+|.))",
    re.DOTALL,
)
_WORD_END = re.compile(r"\\[A-Za-z]+$")
_PARAMETER = re.compile(r"#([#1-9])")
MADE, FROZEN = -1, -2


@dataclass(frozen=True)
class Fault:
    """Why ``text[start:end]`` of the text that is read cannot be read as the author meant it."""

    start: int
    end: int
    message: str


class Expanded(Layer):
    """The text with macros put in; ``faults`` are calls that could not be."""

    def __init__(
        self, text: str, stretches: Iterable[Stretch], faults: tuple[Fault, ...], folder: Folder
    ) -> None:
        super().__init__(text, tuple(stretches))
        self.faults = faults
        self.folder = folder

    def encoded(self, text: str) -> str:
        """With the author's macros where they fit."""
        return self.folder.folded(text)


def expanded(text: str, kept: Iterable[tuple[int, int]] = ()) -> Expanded | None:
    """The text with its macros put in, but for the spans ``kept`` (code, say), which are in order.

    ``None`` where it defines none. Raises `LimitExceeded` beyond `TOTAL_LENGTH` characters.
    """
    if not DEFINES.search(text):
        return None
    work = _Work(text)
    at = 0
    for start, end in kept:
        work.stretch(at, start)
        at = max(at, start, work.at)
        if end > at:
            work.weaver.same(text[at:end], at)
            at = end
    work.stretch(at, len(text))
    if not work.macros:
        return None
    folder = Folder(tuple(m for n, m in work.macros.items() if n in work.used), work.plain)
    return Expanded(work.weaver.text, work.weaver.stretches, tuple(work.faults), folder)


@dataclass(frozen=True)
class Traced:
    """A text with the offset in the source of every character; `MADE` and `FROZEN` have none."""

    text: str
    origins: tuple[int, ...]

    def __getitem__(self, where: slice) -> Traced:
        return Traced(self.text[where], self.origins[where])

    def __add__(self, other: Traced) -> Traced:
        if _WORD_END.search(self.text[-40:]) and other.text[:1].isalpha():
            other = Traced(" " + other.text, (MADE, *other.origins))
        return Traced(self.text + other.text, self.origins + other.origins)


def _made(text: str, mark: int = MADE) -> Traced:
    return Traced(text, (mark,) * len(text))


class _Trouble(Exception):
    """A call that cannot be expanded."""


class _Endless(_Trouble):
    """A call that stands for more than can be read."""


class _Work:
    """One pass over the text; ``at`` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.weaver = Weaver()
        self.macros: dict[str, Macro] = {}
        self.used: set[str] = set()
        self.faults: list[Fault] = []
        self.count = 0

    def stretch(self, start: int, end: int) -> None:
        """Expand ``text[start:end]``; a definition or an argument may reach beyond."""
        self.at = max(self.at, start)
        while self.at < end and (match := _TOKEN.search(self.text, self.at, end)) is not None:
            self._same(match.start())
            self._token(match)
            if self.weaver.length > TOTAL_LENGTH or self.count > TOTAL_LIMIT:
                line = self.text.count("\n", 0, match.start()) + 1
                raise LimitExceeded(
                    f"macros stand for more than {TOTAL_LENGTH} characters, or stand inside each "
                    f"other more than {TOTAL_LIMIT} times",
                    line=line, column=1,
                )  # fmt: skip
        self._same(max(end, self.at))

    def _same(self, end: int) -> None:
        self.weaver.same(self.text[self.at : end], self.at)
        self.at = max(end, self.at)

    def _token(self, match: re.Match[str]) -> None:
        name = re.sub(r"\s", "", match.group()) if match["environment"] else match.group()
        defines = DEFINES.match(self.text, match.start()) if match["control"] else None
        found = definition(self.text, defines, self.macros) if defines is not None else None
        if found is not None:
            for macro in found.macros:
                if not (found.provided and macro.name in self.macros):
                    self.macros[macro.name] = macro
            self.weaver.made(" ", match.start(), found.end)  # between dollars something stands
            self.at = found.end
        elif not match["note"] and name in self.macros:
            self._call(match, name)
        else:
            self._same(match.end())

    def _call(self, match: re.Match[str], name: str) -> None:
        start = match.start()
        try:
            end, result = self._expansion(match)
        except _Trouble as trouble:
            self._same(match.end())
            length = self.weaver.length
            self.faults.append(Fault(length - len(match.group()), length, str(trouble)))
            if isinstance(trouble, _Endless):  # once is enough
                self.macros[name] = replace(self.macros[name], problem=str(trouble))
            return
        if _WORD_END.search(result.text[-40:]) and self.text[end : end + 1].isalpha():
            result = result + _made(" ")
        self.weaver.made(result.text or " ", start, end, inner=tuple(_islands(result)))
        self.at = end

    def _expansion(self, match: re.Match[str]) -> tuple[int, Traced]:
        """What the call that begins at the match gives, and where it ends."""
        window = self.text[match.start() : match.start() + CALL_LENGTH]
        origins = tuple(range(match.start(), match.start() + len(window)))
        source = Traced(window, origins)
        length, given = self._once(source, re.sub(r"\s", "", match.group()), len(match.group()))
        return match.start() + length, self._whole(given)

    def plain(self, text: str) -> str:
        """A text with all macros put in, as far as they can be."""
        try:
            return self._whole(_made(text)).text
        except _Trouble:
            return text

    def _whole(self, traced: Traced) -> Traced:
        """Everything in a text expanded."""
        at, count = 0, 0
        while (match := _TOKEN.search(traced.text, at)) is not None:
            at = match.end()
            name = re.sub(r"\s", "", match.group()) if match["environment"] else match.group()
            if name not in self.macros or traced.origins[match.start()] == FROZEN:
                continue
            count += 1
            self.count += 1
            if count > CALL_LIMIT or len(traced.text) > CALL_LENGTH:
                raise _Endless(f"{name} calls itself, or stands for more than can be read")
            length, given = self._once(traced[match.start() :], name, len(match.group()))
            rest = traced[match.start() + length :]
            traced = traced[: match.start()] + given + rest
            at = match.start()
        return traced

    def _once(self, source: Traced, name: str, length: int) -> tuple[int, Traced]:
        """The body of a macro with its arguments, and the length of the call."""
        macro = self.macros[name]
        if macro.problem:
            raise _Trouble(macro.problem)
        self.used.add(name)
        if macro.frozen:
            return length, _made(macro.body, FROZEN)
        body = macro.body
        if macro.starred and source.text[length : length + 1] == "*":
            body, length = macro.starred, length + 1
        arguments: list[Traced] = []
        if macro.default is not None:
            found = option(source.text, length)
            arguments.append(_made(macro.default) if found is None else source[slice(*found)])
            length = length if found is None else found[1] + 1
        if macro.delimiters:
            length, arguments = _delimited(source, length, macro)
        while len(arguments) < macro.parameters:
            length, argument = _argument(source, length, name, macro.parameters)
            arguments.append(argument)
        return length, _substituted(body, arguments)


def _delimited(source: Traced, at: int, macro: Macro) -> tuple[int, list[Traced]]:
    try:
        end, spans = delimited(source.text, at, macro)
    except NotThere as missing:
        raise _Trouble(str(missing)) from None
    return end, [source[slice(*span)] for span in spans]


def _argument(source: Traced, at: int, name: str, count: int) -> tuple[int, Traced]:
    """The next argument, a group or a single token, and where it ends."""
    while source.text[at : at + 1].isspace():
        at += 1
    inside = group(source.text, at)
    if inside is not None:
        return inside[1] + 1, source[slice(*inside)]
    single = re.compile(r"\\(?:[A-Za-z]+|.)|[^\s{}&$\\]", re.DOTALL).match(source.text, at)
    if single is None:
        noun = "argument" if count == 1 else "arguments"
        raise _Trouble(f"{name} takes {count} {noun}, and one is missing here")
    return single.end(), source[slice(*single.span())]


def _substituted(body: str, arguments: list[Traced]) -> Traced:
    result = _made("")
    at = 0
    for match in _PARAMETER.finditer(body):
        result += _made(body[at : match.start()])
        at = match.end()
        if match[1] == "#":
            result += _made("#")
        elif int(match[1]) <= len(arguments):
            result += arguments[int(match[1]) - 1]
    return result + _made(body[at:])


def _islands(result: Traced) -> Iterator[Stretch]:
    """Runs of characters that the author typed, each standing once in the result."""
    counts = Counter(result.origins)
    start = 0
    while start < len(result.text):
        end = start + 1
        first = result.origins[start]
        while end < len(result.text) and first >= 0 and result.origins[end] == first + end - start:
            end += 1
        if first >= 0 and all(counts[o] == 1 for o in result.origins[start:end]):
            yield Stretch(start, end, first, first + end - start, True)
        start = end
