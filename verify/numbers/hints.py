"""Right if values on the way are rounded or cut off first: one place at a time, then all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.equations import adjoint_of
from derive.errors import Problem
from derive.expr import Access, Expr
from verify.clock import Clock
from verify.numbers import screen
from verify.numbers.links import Found
from verify.numbers.rounding import NotFinite, fraction, rounded, truncated
from verify.numbers.screen import Screen
from verify.numbers.values import Array, NoValue, Run, empty
from verify.verdict import Status

if TYPE_CHECKING:
    from verify.numbers.quantities import Place, Quantity

SECONDS = 1.0
"""At most this long the roundings that would explain a number are tried."""
MOST_DIGITS = 8
MOST_MIXED = 6
"""Tensors of which two are rounded or cut off at the same place."""
DIGITS_OF_TWO = (6, 5, 4, 3, 2)
MOST_ENTRIES = 4096
"""Tensors with more entries are not rounded in the search."""


@dataclass(frozen=True)
class Way:
    """A way to shorten a number to some decimals: of all its digits, and of doubles."""

    word: str
    exact: Callable[[Any, int], Fraction]
    near: Callable[..., Array]


WAYS = (
    Way("rounded", rounded, screen.rounded),
    Way("cut off", truncated, screen.truncated),
)


def right(found: Found | None) -> bool:
    """Whether every number shown is right."""
    return found is not None and found.outcome.status in (Status.CONFIRMED, Status.PROVED)


def is_right_under(asked: Quantity, run: Run, body: Expr | None = None) -> bool:
    """Whether every number shown is right with the values of ``run``; of ``body`` where given.

    Not where some value is missing, beyond all limits or infinite: rounding may make a divisor 0.
    """
    try:
        return right(asked.under(run, body))
    except (NoValue, Problem, NotFinite):
        return False


def rounded_first(asked: Quantity, place: Place) -> Iterator[str]:
    """``right if ŷ is rounded to 4 digits first``: the first way that explains every number.

    One tensor or two at the same place, the most digits first, then all on the way; nothing where
    the values are whole, so that rounding changes nothing.
    """
    placed = asked.placed(place.run.at(asked.body, asked.axes))
    if placed is None or all(fraction(c.value).denominator == 1 for c in placed.cells):
        return
    clock = Clock(SECONDS)
    names = _upstream(asked, place)
    screen = Screen.of(asked, place)
    for chosen, digits in _ways(names):
        if not clock.left:
            return
        if screen.refuses({n: partial(way.near, digits=digits) for n, way in chosen.items()}):
            continue
        cuts = {n: _each(way.exact, digits) for n, way in chosen.items()}
        if is_right_under(asked, place.run.with_rounding(cuts)):
            every = len(chosen) > 2
            yield f"right if {_mixed_text(chosen, place, every)} to {digits} digits first"
            return


def _ways(names: list[str]) -> Iterator[tuple[dict[str, Way], int]]:
    """What is rounded or cut off, and to how many digits, the likeliest first."""
    forward = [n for n in names if adjoint_of(n) is None][:MOST_MIXED]
    for digits in range(MOST_DIGITS, 0, -1):  # fewer digits explain more, so they explain less
        for way, name in product(WAYS, names):
            yield {name: way}, digits
        pairs = combinations(forward, 2) if digits in DIGITS_OF_TWO else ()
        for pair, mixed in product(pairs, product(WAYS, repeat=2)):
            yield dict(zip(pair, mixed, strict=True)), digits
    for digits, way in product(range(MOST_DIGITS, 0, -1), WAYS):
        yield dict.fromkeys(names, way), digits


def _mixed_text(chosen: Mapping[str, Way], place: Place, every: bool) -> str:
    """``a is rounded and ŷ cut off``."""
    parts = []
    if every:
        return f"all values on the way are {next(iter(chosen.values())).word}"
    for word in dict.fromkeys(way.word for way in chosen.values()):
        names = [place.called(n) for n, way in chosen.items() if way.word == word]
        parts.append(f"{', '.join(names)} {'are' if len(names) > 1 else 'is'} {word}")
    return " and ".join(parts)


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
