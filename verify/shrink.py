"""Simple values at which something still happens: zeros and ones, most entries zero.

Delta debugging (Zeller and Hildebrandt 2002) on arrays: tensors first, then parts, then entries.
Every step keeps what was asked for. Steps are counted and not timed, so that the same values are
found in every session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from math import prod
from types import EllipsisType

import numpy as np

Values = Mapping[str, np.ndarray]
"""Arrays of numbers by name."""
Holds = Callable[[Values], bool]

SIMPLE = (0, 1, -1, 2)
"""From the simplest on."""


def shrunk(values: Values, holds: Holds, steps: int, fixed: frozenset[str] = frozenset()) -> Values:
    """The simplest values found in so many steps for which ``holds``, as it does for ``values``.

    Tensors named in ``fixed`` stay as they are, and so does every array that is not simplified.
    """
    found = dict(values)
    for name, place, number in islice(_changes(found, fixed), steps):
        array = found[name].copy()
        array[place] = number
        simpler = {**found, name: array}
        if holds(simpler):
            found[name] = array
    return found


Place = tuple[int, ...] | tuple[np.ndarray, ...] | EllipsisType
Change = tuple[str, Place, int]
"""Where an array gets which number."""


def _changes(values: Values, fixed: frozenset[str]) -> Iterator[Change]:
    """Whole tensors to 0, to 1; halves and ever smaller parts to 0; entries to what is simplest.

    Only what is less simple as ``values`` are when its turn comes.
    """
    names = [n for n in values if n not in fixed]
    for number in SIMPLE[:2]:
        for name in names:
            if values[name].size > 1 and _less_simple(values[name], number).any():
                yield name, ..., number
    for name in names:
        for part in _parts(values[name].shape):
            if values[name][part].any():
                yield name, part, 0
    for number in SIMPLE:
        for name in names:
            for place in np.argwhere(_less_simple(values[name], number)):
                yield name, tuple(place), number


def _parts(shape: tuple[int, ...]) -> Iterator[tuple[np.ndarray, ...]]:
    """Halves, quarters, … of an array's entries, flat, but no single ones."""
    size = prod(shape)
    length = (size + 1) // 2
    while length > 1:
        for start in range(0, size, length):
            yield np.unravel_index(np.arange(start, min(start + length, size)), shape)
        length = (length + 1) // 2


def _less_simple(array: np.ndarray, number: int) -> np.ndarray:
    """Which entries are less simple than ``number``."""
    as_simple = SIMPLE[: SIMPLE.index(number) + 1]
    return np.asarray(np.all([array != other for other in as_simple], axis=0))
