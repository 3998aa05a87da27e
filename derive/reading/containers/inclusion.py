r"""LaTeX in several files: ``\input``, ``\include`` and ``\subfile`` read in, from the folder only.

A file is looked for beside the document or beside the file that names it, and never outside the
document's folder, whatever links lead there. What cannot be read in stays as it is typed, a `Fault`
at its place; the rest of the document stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from derive.errors import Problem
from derive.reading.containers.expansion import Fault
from derive.reading.containers.files import SIZE_LIMIT, text_of
from derive.reading.containers.layers import Layer, Lines, Origin, Weaver

MOST_FILES = 200
DEEPEST = 20
_VERBATIM = r"verbatim|Verbatim|lstlisting|minted|comment"
_COMMAND = re.compile(
    rf"""(?P<note>(?<!\\)%[^\n]*) | \\\\
    | (?P<listing>\\begin\{{(?P<kind>{_VERBATIM})\}})
    | (?P<verb>\\verb\*?(?P<bar>[^\sA-Za-z*])[^\n]{{0,300}}?(?P=bar))
    | \\(?P<import>import|subimport)\*?\s*\{{(?P<folder>[^{{}}\n]*)\}}\s*\{{(?P<part>[^{{}}\n]*)\}}
    | \\(?:input|include|subfile)(?:\s*\{{(?P<name>[^{{}}\n]*)\}}|\ +(?P<bare>[^\s{{}}\\%$]+))
    | (?P<stop>\\endinput(?![A-Za-z]))""",
    re.VERBOSE,
)
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)


class Included(Layer):
    """A LaTeX document with its files in place; ``faults`` are those that are not."""

    def __init__(self, weaver: Weaver, files: list[tuple[str, str]], faults: list[Fault]) -> None:
        super().__init__(weaver.text, weaver.stretches)
        self.files = tuple((name, Lines(text)) for name, text in files)
        self.faults = tuple(faults)

    def origin(self, offset: int, end: bool = False) -> Origin:
        """The file and the line in it."""
        number, at = self._source(offset, end)
        name, lines = self.files[number]
        return Origin(*lines.position(at), file=name if number else None)


def included(text: str, path: str | None) -> Included | None:
    """The document with its files read in; ``None`` where it names none."""
    if not any(m["name"] or m["bare"] or m["part"] for m in _COMMAND.finditer(text)):
        return None
    work = _Work(path)
    work.put(text, path or "", 0, len(text))
    return Included(work.weaver, work.files, work.faults)


class _Refused(Exception):
    """Why a file is not read in."""


@dataclass
class _Work:
    path: str | None
    weaver: Weaver = field(default_factory=Weaver)
    files: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    stack: list[Path] = field(default_factory=list)

    def put(self, text: str, name: str, start: int, end: int) -> None:
        """``text[start:end]`` with what it names, as a new file."""
        number = len(self.files)
        self.files.append((name, text))
        at = start
        for command in self._commands(text, start, end):
            if command["stop"]:
                end = command.start()
                break
            self.weaver.same(text[at : command.start()], at, number)
            at = command.end()
            try:
                found, inside = self._found(command, name)
            except _Refused as refused:
                self._fault(command, number, str(refused))
                continue
            self.weaver.made("", *command.span(), number)
            self.stack.append(found)
            body = _BODY.search(inside)
            shown = str(Path(self.path or "").parent / found.relative_to(self._root()))
            self.put(inside, shown, *(body.span(1) if body else (0, len(inside))))
            self.stack.pop()
        self.weaver.same(text[at:end], at, number)

    def _fault(self, command: re.Match[str], number: int, why: str) -> None:
        start = self.weaver.length
        self.weaver.same(command.group(), command.start(), number)
        self.faults.append(Fault(start, self.weaver.length, f"{command.group()}: {why}"))

    def _commands(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        at = start
        while (match := _COMMAND.search(text, at, end)) is not None:
            at = match.end()
            if match["listing"]:
                closing = text.find(rf"\end{{{match['kind']}}}", at)
                at = closing if closing >= 0 else end
            elif match["name"] or match["bare"] or match["part"] or match["stop"]:
                yield match

    def _root(self) -> Path:
        return Path(self.path or "").resolve().parent

    def _found(self, command: re.Match[str], name: str) -> tuple[Path, str]:
        """The file that a command names, and its text."""
        if self.path is None:
            raise _Refused("a text that is no file has no folder to read from")
        named = (command["name"] or command["bare"] or command["part"]).strip()
        if "\0" in named or "\\" in named or "#" in named:
            raise _Refused("this names no file")
        if len(self.files) >= MOST_FILES or len(self.stack) >= DEEPEST:
            raise _Refused(f"more than {MOST_FILES} files, or {DEEPEST} inside each other")
        places = [Path(self.path).parent, Path(name).parent]
        found = next(self._there(places, Path(command["folder"] or ""), named), None)
        if found is None:
            raise _Refused("there is no such file in the folder of the document")
        if found in self.stack or found == Path(self.path).resolve():
            raise _Refused("the file reads itself in, directly or through others")
        return found, self._text(found)

    def _there(self, places: list[Path], folder: Path, named: str) -> Iterator[Path]:
        root = self._root()
        try:
            for place in places:
                for ending in (".tex", ""):
                    path = (place / folder / (named + ending)).resolve()
                    if not path.is_relative_to(root):
                        raise _Refused(
                            "this leads outside the folder of the document, where nothing is read"
                        )
                    if path.is_file():
                        yield path
        except (OSError, ValueError, RuntimeError) as error:  # too long a name, links in a circle
            raise _Refused("this names no file") from error

    def _text(self, path: Path) -> str:
        try:
            text = text_of(path)
        except Problem as problem:
            raise _Refused(problem.message) from None
        if self.weaver.length + len(text) > SIZE_LIMIT:
            raise _Refused(f"the document would have more than {SIZE_LIMIT} characters")
        return text
