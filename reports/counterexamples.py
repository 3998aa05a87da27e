"""A counterexample in words: where, both sides, the sizes, and the values that are not 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def told(found: Mapping[str, Any]) -> str:
    """``at i = 1, j = 1: 1/16 against 1/4; sizes: n = 1; values: W = 1, all others 0``.

    A counterexample that shows no values is told field by field.
    """
    if "values" not in found:
        said = ((k, _plain(v)) for k, v in found.items() if k != "python")
        return "; ".join(f"{k}: {v}" for k, v in said if v)
    where = _plain(found["index"])
    parts = [
        (f"at {where}: " if where else "") + f"{_side(found, 'left')} against "
        f"{_side(found, 'right')} ({found['numbers']})",
        *([f"sizes: {_plain(found['sizes'])}"] if found["sizes"] else []),
        f"values: {_values(found['values'])}",
    ]
    return "; ".join(parts)


def _side(found: Mapping[str, Any], side: str) -> str:
    """The exact value of a side where it is a fraction, else six digits of it."""
    exact = found.get(f"exact_{side}")
    return exact if exact is not None and "." not in exact else _plain(found[side])


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {inner}" for name, inner in value.items())
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _values(values: Mapping[str, Any]) -> str:
    """``all 0``, or what is not 0 and that all others are."""
    shown = [text for name, array in values.items() for text in _entries(name, array)]
    zeros = any(array == "0" or isinstance(array, Mapping) for array in values.values())
    if not shown:
        return "all 0"
    return ", ".join([*shown, *(["all others 0"] if zeros else [])])


def _entries(name: str, array: Any) -> Iterator[str]:
    if isinstance(array, Mapping):
        yield from (f"{name}({index}) = {number}" for index, number in array.items())
    elif array != "0":
        yield f"{name} = {_nested(array)}"


def _nested(array: Any) -> str:
    return f"[{', '.join(map(_nested, array))}]" if isinstance(array, list) else str(array)
