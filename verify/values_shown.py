"""Arrays of fractions as a report shows them, and back: plain texts, lists and dictionaries.

``"0"`` says that all entries are 0, ``{"1, 16": "1"}`` that all others are; the index is the
model's own. Anything else is a nested list.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from derive.equations import Model
from derive.evaluate import integer_ranges
from derive.scope import Span, extent

Bounds = tuple[Span, ...]
FEW = 8
"""Arrays of more entries than these are given by what is not 0, where that is little."""


def shown_values(values: Mapping[str, np.ndarray], model: Model) -> dict[str, Any]:
    """The arrays of ``model`` (at its sizes) by name; a name that it does not have is a number."""
    ranges = integer_ranges(model)
    return {n: _shown(np.asarray(a), tuple(ranges.get(n, ()))) for n, a in values.items()}


def _shown(array: np.ndarray, bounds: Bounds) -> Any:
    if len(set(array.flat)) == 1:
        return str(array.flat[0])
    entries = {
        ", ".join(str(lo + n) for (lo, _), n in zip(bounds, place, strict=True)): str(array[place])
        for place in np.ndindex(array.shape)
        if array[place]
    }
    return entries if array.size > FEW and 4 * len(entries) <= array.size else _nested(array)


def _nested(array: Any) -> Any:
    return [_nested(row) for row in array] if np.ndim(array) else str(array)


def count(shown: Any) -> int:
    """How many numbers are shown of an array."""
    if isinstance(shown, Mapping):
        return len(shown)
    return sum(map(count, shown)) if isinstance(shown, list) else 1


def arrays_of(values: Mapping[str, Any], model: Model) -> dict[str, np.ndarray]:
    """The fractions that `shown_values` shows. Raises ``ValueError`` for what is no number."""
    ranges = integer_ranges(model)
    return {n: _array(given, tuple(ranges.get(n, ()))) for n, given in values.items()}


def _array(given: Any, bounds: Bounds) -> np.ndarray:
    shape = tuple(extent(span) for span in bounds)
    if isinstance(given, Mapping):
        array = np.full(shape, Fraction(0), dtype=object)
        for index, number in given.items():
            place = (int(n) - lo for n, (lo, _) in zip(index.split(","), bounds, strict=True))
            array[tuple(place)] = Fraction(number)
        return array
    numbers = np.vectorize(Fraction, otypes=[object])(np.asarray(given))
    return np.array(np.broadcast_to(numbers, shape))
