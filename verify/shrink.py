"""Simple values at which something still happens: zeros and ones, most entries zero.

Delta debugging (Zeller and Hildebrandt 2002) on arrays: tensors first, then parts, then entries.
Every step keeps what was asked for. Steps are counted and not timed, so that the same values are
found in every session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import prod
from types import EllipsisType

import numpy as np

Values = Mapping[str, np.ndarray]
"""Arrays of fractions by name."""
Holds = Callable[[Values], bool]

SIMPLE = tuple(Fraction(v) for v in ("0", "1", "-1", "2"))
"""From the simplest on."""


def shrunk(values: Values, holds: Holds, steps: int, fixed: frozenset[str] = frozenset()) -> Values:
    """The simplest values found in so many steps for which ``holds``, as it does for ``values``.

    Tensors named in ``fixed`` stay as they are.
    """
    tried = 0
    for change in _changes(values, fixed):
        if tried >= steps:
            break
        simpler = change(values)
        if simpler is not None:
            tried += 1
            values = simpler if holds(simpler) else values
    return values


Place = tuple[int, ...] | tuple[np.ndarray, ...] | EllipsisType
Change = Callable[[Values], Values | None]
"""Simpler values, ``None`` where they are as simple already."""


def _changes(values: Values, fixed: frozenset[str]) -> Iterator[Change]:
    """Whole tensors to 0, to 1; halves and ever smaller parts to 0; entries to what is simplest."""
    names = [n for n in values if n not in fixed]
    for number in SIMPLE[:2]:
        for name in names:
            if values[name].size > 1:
                yield _to(name, ..., number)
    for name in names:
        yield from (_to(name, part, SIMPLE[0]) for part in _parts(values[name].shape))
    for number in SIMPLE:
        for name in names:
            for place in np.ndindex(values[name].shape):
                yield _to(name, place, number)


def _parts(shape: tuple[int, ...]) -> Iterator[Place]:
    """Halves, quarters, … of an array's entries, flat, but no single ones."""
    size = prod(shape)
    length = (size + 1) // 2
    while length > 1:
        for start in range(0, size, length):
            yield np.unravel_index(np.arange(start, min(start + length, size)), shape)
        length = (length + 1) // 2


def _to(name: str, place: Place, number: Fraction) -> Change:
    def change(values: Values) -> Values | None:
        here = np.atleast_1d(values[name][place])
        if all(_rank(entry) <= _rank(number) for entry in here.flat):
            return None
        array = values[name].copy()
        array[place] = number
        return {**values, name: array}

    return change


def _rank(number: Fraction) -> int:
    return SIMPLE.index(number) if number in SIMPLE else len(SIMPLE)
