"""Front matter to paste, for what a page leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from derive.errors import Problem
from derive.reading.containers.html import SUFFIXES as HTML
from derive.reading.document import LATEX


class Asked(Problem):
    """What a page leaves open, and front matter that would say it."""

    @property
    def of_shapes_alone(self) -> bool:
        """Whether nothing else is asked for."""
        return "the shapes of" in self.message and "which of" not in self.message


def as_front(hints: Mapping[str, Any], path: str | None) -> str:
    """Front matter as the kind of document has it."""
    whole = ["---", *_yaml(hints), "---"]
    suffix = Path(path).suffix.lower() if path else ""
    if suffix in LATEX:
        whole = [f"% {line}" for line in whole]
    elif suffix in HTML:
        whole = ["<!--", *whole, "-->"]
    return "\n".join(whole)


def _yaml(hints: Mapping[str, Any]) -> Iterator[str]:
    for key, value in hints.items():
        if isinstance(value, dict):
            pairs = ", ".join(f"{_quoted(k)}: '{v}'" for k, v in value.items())
            yield f"{key}: {{{pairs}}}"
        else:
            yield f"{key}: {_quoted(value)}"


def _quoted(name: str) -> str:
    return name if name.isalnum() and name not in ("y", "n", "Y", "N") else f"'{name}'"
