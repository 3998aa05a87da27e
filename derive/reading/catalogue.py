"""The sheets and contexts that come with the package, by name; their heads without reading them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from derive.reading.front import read_front

SUFFIX = ".md"
CONTEXT_SUFFIX = ".context.md"


@dataclass(frozen=True)
class Entry:
    """A built-in model: its name, what its sheet says it is, and the values of its sizes."""

    name: str
    title: str
    sizes: Mapping[str, int]


def model_names() -> tuple[str, ...]:
    """The built-in models, by name."""
    return tuple(sorted(n[: -len(SUFFIX)] for n in _shipped() if not n.endswith(CONTEXT_SUFFIX)))


def entries() -> Iterator[Entry]:
    """Every built-in model, as the front matter of its sheet describes it."""
    for name in model_names():
        front = read_front(shipped(name + SUFFIX) or "", None).values
        yield Entry(name, front.get("title", name), dict(_values(front.get("sizes", {}))))


def _values(sizes: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """The sizes that have a value; the others are polynomials in them."""
    for name, value in sizes.items():
        if isinstance(value, dict):
            value = value["value"]
        if isinstance(value, int):
            yield name, value


def shipped(name: str) -> str | None:
    """The text of a sheet or context that comes with the package, ``None`` where there is none."""
    if name not in _shipped():
        return None
    return files("derive").joinpath("models", name).read_text(encoding="utf-8")


def _shipped() -> set[str]:
    return {f.name for f in files("derive").joinpath("models").iterdir() if f.name.endswith(SUFFIX)}
