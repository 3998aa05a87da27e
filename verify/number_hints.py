"""Right if values on the way are rounded or cut off first: one place at a time, then all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.equations import adjoint_of
from derive.errors import Problem
from derive.expr import Access, Expr
from verify.number_links import Found
from verify.number_rounding import rounded, truncated
from verify.number_values import Array, NoValue, Run, empty
from verify.verdict import Status

if TYPE_CHECKING:
    from verify.number_quantities import Place, Quantity

MOST_DIGITS = 8
MOST_MIXED = 6
"""Tensors of which two are rounded or cut off at the same place."""
DIGITS_OF_TWO = (6, 5, 4, 3, 2)
Way = tuple[Callable[[Any, int], Fraction], str]
MOST_ENTRIES = 4096
"""Tensors with more entries are not rounded in the search."""


def right(found: Found | None) -> bool:
    """Whether every number shown is right."""
    return found is not None and found.outcome.status in (Status.CONFIRMED, Status.PROVED)


def is_right_under(asked: Quantity, run: Run, body: Expr | None = None) -> bool:
    try:
        return right(asked.under(run, body))
    except (NoValue, Problem, ValueError):
        return False


def rounded_first(asked: Quantity, place: Place) -> Iterator[str]:
    """``right if ŷ is rounded to 4 digits first``: one place at a time, then all at once."""
    ways: tuple[Way, ...] = ((rounded, "rounded"), (truncated, "cut off"))
    for digits in range(MOST_DIGITS, 0, -1):
        for name in _upstream(asked, place):
            for cut, word in ways:
                run = _rounding(place, {name: _each(cut, digits)})
                if is_right_under(asked, run):
                    yield f"right if {place.called(name)} is {word} to {digits} digits first"
                    return
    names = _upstream(asked, place)
    forward = [n for n in names if adjoint_of(n) is None][:MOST_MIXED]
    for digits in DIGITS_OF_TWO:
        for pair in combinations(forward, 2):
            for mixed in product(ways, repeat=2):
                chosen = dict(zip(pair, mixed, strict=True))
                run = _rounding(place, {n: _each(cut, digits) for n, (cut, _) in chosen.items()})
                if is_right_under(asked, run):
                    yield f"right if {_mixed_text(chosen, place)} to {digits} digits first"
                    return
    for digits in range(MOST_DIGITS, 0, -1):
        for cut, word in ways:
            if is_right_under(asked, _rounding(place, dict.fromkeys(names, _each(cut, digits)))):
                yield f"right if all values on the way are {word} to {digits} digits"
                return


def _mixed_text(chosen: Mapping[str, Way], place: Place) -> str:
    """``a is rounded and ŷ cut off``."""
    parts = []
    for word in dict.fromkeys(w for _, w in chosen.values()):
        names = [place.called(n) for n, (_, w) in chosen.items() if w == word]
        parts.append(f"{', '.join(names)} {'are' if len(names) > 1 else 'is'} {word}")
    return " and ".join(parts)


def _rounding(place: Place, rounding: Mapping[str, Callable[[Array], Array]]) -> Run:
    return Run(place.setting.bench, place.values.arrays, rounding)


def _each(cut: Callable[[Any, int], Fraction], digits: int) -> Callable[[Array], Array]:
    def of(array: Array) -> Array:
        out = empty(np.shape(array))
        for place, value in np.ndenumerate(array):
            out[place] = cut(value, digits)
        return out

    return of


def _upstream(asked: Quantity, place: Place) -> list[str]:
    """What is computed on the way to the quantity, the nearest first; not the quantity itself."""
    bench = place.setting.bench
    equations = {**bench.fixed.by_tensor, **bench.known_here}
    own = asked.body.tensor if isinstance(asked.body, Access) else None
    found: dict[str, None] = {}
    waiting = list(asked.tensors)
    while waiting:
        name = waiting.pop(0)
        if name in found or name not in equations:
            continue
        found[name] = None
        waiting += equations[name].reads
    names = [n for n in found if n != own and n not in place.values.arrays]
    return [n for n in names if _entries(n, place) <= MOST_ENTRIES]


def _entries(name: str, place: Place) -> int:
    tensor = place.setting.bench.fixed.tensors[adjoint_of(name) or name]
    return int(np.prod([e.value or 0 for e in tensor.extents], dtype=object))
