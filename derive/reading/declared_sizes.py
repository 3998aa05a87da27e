"""The sizes of a sheet: letters with values to run at, or polynomials in others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from derive.errors import Problem
from derive.index import Index, Size
from derive.reading.declarations import Front, read_items
from derive.reading.indices import index_of
from derive.reading.names import size_key
from derive.reading.parse import parse
from derive.reading.surface import Name, walk


def sizes(front: Front) -> tuple[dict[Size, int], dict[str, Index]]:
    """Sizes with their values, and derived sizes as polynomials in them.

    ``P: 6`` has least value 1; ``a: {value: 2, least: 0}``; ``M: s N + a`` is derived.
    """
    values: dict[Size, int] = {}
    derived: dict[str, str] = {}
    for typed, value in front.mapping("sizes").items():
        name = _letter(typed)
        if isinstance(value, str):
            derived[name] = value
        else:
            size, number = _size(front, name, value)
            values[size] = number
    letters = {s.name: Index.of(s) for s in values}
    named: dict[str, Index] = {}
    for name, text in derived.items():
        read_items(front, "sizes", f"{name}: {text!r}", text)
    while derived:
        ready = [n for n, text in derived.items() if not _needs(text, derived)]
        if not ready:
            raise front.problem("sizes", f"{', '.join(derived)} are defined by each other")
        for name in ready:
            text = derived.pop(name)
            letters[name] = named[name] = _polynomial(front, name, text, letters)
            number = named[name].evaluate(lambda size: values[size])  # type: ignore[index]
            if number < 0:
                message = f"{name}: {text!r} is {number} with these values"
                raise front.problem("sizes", message, "a length, which is 0 or more")
    return values, named


def _letter(typed: str) -> str:
    r"""The letter that a size is called in formulas, ``tau`` for ``\tau``."""
    try:
        items = parse(typed).items
    except Problem:
        return typed
    name = items[0] if len(items) == 1 else None
    return (size_key(name) if isinstance(name, Name) else None) or typed


def _size(front: Front, name: str, value: object) -> tuple[Size, int]:
    least = 1
    if isinstance(value, dict) and set(value) <= {"value", "least"} and "value" in value:
        least, value = value.get("least", 1), value["value"]
    if not _whole(value) or not _whole(least):
        raise front.problem(
            "sizes",
            f"{name}: {value!r} is no size",
            "a whole number, {value: 2, least: 0} or 's N + a'; other numbers stand under values",
        )
    if value < least:
        raise front.problem("sizes", f"{name} = {value} is below its least value {least}")
    return Size(name, least), value


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _needs(text: str, pending: Mapping[str, str]) -> bool:
    used = {size_key(n) for item in parse(text).items for n in walk(item) if isinstance(n, Name)}
    return bool(used & set(pending))


def _polynomial(front: Front, name: str, text: str, letters: Mapping[str, Index]) -> Index:
    try:
        items = parse(text).items
        if len(items) == 1:
            return index_of(items[0], letters).index
    except Problem as error:
        raise _no_size(front, name, text, letters) from error
    raise _no_size(front, name, text, letters)


def _no_size(front: Front, name: str, text: str, letters: Mapping[str, Index]) -> Problem:
    expected = f"a whole number or a polynomial in the sizes {', '.join(letters)}"
    return front.problem("sizes", f"{name}: {text!r} is no size", expected)
