"""YAML front matter: what a document declares before its first line of text.

Read with the safe loader only. Aliases, deep nesting and duplicate keys are refused, so that a
small text cannot become a large object and no declaration is lost in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from derive.errors import LimitExceeded, Problem
from derive.reading.unquoted_names import with_names_quoted

SIZE_LIMIT = 64 * 1024
DEPTH_LIMIT = 20
TEXT = "tag:yaml.org,2002:str"
"""The one tag that may be written; the others turn texts into objects."""
_FRONT = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.S | re.M)
_LOOKS_LIKE_KEYS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[^\s#$|<>*-][^\n:]*:(?:\s|\Z)")


@dataclass(frozen=True)
class Front:
    """``values`` and ``places`` (1-based line and column) by key; ``end`` is an offset."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    end: int = 0


def read_front(text: str, path: str | None) -> Front:
    """The front matter at the head of ``text``; empty where there is none.

    Raises `Problem` with line and column where the YAML cannot be read or is no mapping.
    """
    match = _FRONT.match(text)
    if match is None or not _LOOKS_LIKE_KEYS.match(match["yaml"]):
        return Front()
    source = match["yaml"]
    if len(source) > SIZE_LIMIT:
        raise LimitExceeded(
            f"the front matter has {len(source)} characters", path=path, line=1, column=1,
            expected=f"at most {SIZE_LIMIT}",
        )  # fmt: skip
    node, values = _loaded(source, path)
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise Problem(
            "the front matter is no mapping", path=path, line=2, column=1, expected="key: value"
        )
    return Front({str(k): v for k, v in values.items()}, _places(node, path), match.end())


def _loaded(source: str, path: str | None) -> tuple[yaml.Node | None, Any]:
    """The nodes and their values; names with braces need no quotes."""
    try:
        return _parsed(source, path)
    except yaml.MarkedYAMLError as error:
        quoted = with_names_quoted(source)
        if quoted != source:
            try:
                return _parsed(quoted, path)
            except yaml.YAMLError:
                pass
        raise _problem(error, path) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Problem(
            f"the front matter cannot be read: {error}", path=path, line=1, column=1
        ) from None


def _parsed(source: str, path: str | None) -> tuple[yaml.Node | None, Any]:
    _harmless(source, path)
    return yaml.compose(source, Loader=yaml.SafeLoader), yaml.safe_load(source)


def _problem(error: yaml.MarkedYAMLError, path: str | None) -> Problem:
    mark = error.problem_mark or error.context_mark
    advice = ""
    if error.problem and "escape character" in error.problem:
        advice = r"put LaTeX in single quotes: '\sigma'"
    elif "{" in (error.problem or ""):
        advice = "put names and types with braces in single quotes: 'W_{xh}', 'matrix n_{l-1} m'"
    return Problem(
        f"the front matter cannot be read: {error.problem or error.context}", path=path,
        line=mark.line + 2 if mark else 1, column=mark.column + 1 if mark else 1, advice=advice,
    )  # fmt: skip


def _harmless(source: str, path: str | None) -> None:
    """Refuse aliases and deep nesting before anything recursive sees them."""
    depth = 0
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        mark = event.start_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.AliasEvent):
            raise Problem(
                f"the alias *{event.anchor} in the front matter",
                path=path,
                line=line,
                column=column,
                expected="the value itself",
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, TEXT):
            message = f"the front matter cannot be read: the tag {tag}"
            raise Problem(message, path=path, line=line, column=column, expected="the value itself")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            message = f"the front matter nests deeper than {DEPTH_LIMIT}"
            raise LimitExceeded(message, path=path, line=line, column=column)


def _places(node: yaml.MappingNode, path: str | None) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    for key, _ in node.value:
        name = str(key.value)
        place = key.start_mark.line + 2, key.start_mark.column + 1
        if name in places:
            first = places[name][0]
            raise Problem(
                f"{name!r} is declared twice in the front matter", path=path, line=place[0],
                column=place[1], expected=f"one declaration; the first is on line {first}",
            )  # fmt: skip
        places[name] = place
    return places
