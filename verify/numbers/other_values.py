"""Right if one given number were another: numbers that are all wrong often follow from one slip.

0.7 among the data in the place of 0.6 is looked for, and said beside the refutation; what is wrong
stays wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from derive.arithmetic import FLOAT
from derive.errors import Problem
from verify.clock import Clock
from verify.numbers.cells import Cell, Laid
from verify.numbers.conditions import decimal, tells_a_step
from verify.numbers.rounding import Fit, NotFinite, digits_shown, rounded
from verify.numbers.values import Array, NoValue, Run
from verify.setting import authors_text

if TYPE_CHECKING:
    from verify.numbers.quantities import Place, Quantity

SECONDS = 0.5
"""At most this long a given number is looked for that would have to be another one."""
MOST_ENTRIES = 64
STEPS = 6
SPARE = 3
"""So many digits more must be shown than those that are found, one more among ten given numbers."""
NEARLY = frozenset({Fit.EXACT, Fit.ROUNDED, Fit.TRUNCATED, Fit.LAST_DIGIT})
SURELY = frozenset({Fit.EXACT, Fit.ROUNDED})

Cells = Callable[[float], "tuple[Cell, ...] | None"]
"""The cells of the quantity with a number in the place of one that is given."""


def exceptions(asked: Quantity, run: Run) -> str | None:
    """What must be excepted where every number is to be right with these values.

    Nothing, or the last digits of at most half of the numbers; ``None`` where more is wrong.
    """
    placed = _placed(asked, run)
    if placed is None or not NEARLY.issuperset(c.fit for c in placed.cells):
        return None
    off = [c for c in placed.cells if c.fit not in SURELY]
    if 2 * len(off) > len(placed.cells):
        return None
    where = " and in ".join(f"row {c.row}, column {c.column}" for c in off)
    return f", but for the last digit in {where}" if off else ""


def _placed(asked: Quantity, run: Run) -> Laid | None:
    try:
        return asked.placed(run.at(asked.body, asked.axes))
    except (NoValue, Problem, NotFinite):
        return None


def depends(asked: Quantity, name: str, place: Place) -> bool:
    """Whether the quantity depends on a tensor or an adjoint."""
    run, found = place.run, False
    waiting, seen = list(asked.tensors), set[str]()
    while waiting and not found:
        tensor = waiting.pop()
        found = tensor == name
        if tensor not in seen and tensor not in run.given:
            seen.add(tensor)
            waiting += run.reads(tensor)
    return found


def with_one_other(asked: Quantity, place: Place) -> Iterator[str]:
    """``right if y_1 is 0.7``: the one given number whose change explains every number shown."""
    if not tells_a_step(asked, place):
        return
    entries = [
        (name, at)
        for name, array in place.values.arrays.items()
        if depends(asked, name, place)
        for at in np.ndindex(array.shape)
        if array[at] is not None
    ]
    placed = _placed(asked, place.run)
    if placed is None or len(entries) > MOST_ENTRIES:
        return
    digits = sum(digits_shown(c.shown) for c in placed.cells if c.shown.value)
    spare = SPARE + len(str(len(entries))) - 1
    clock = Clock(SECONDS)
    found = []
    for name, at in entries:
        if not clock.left:
            return
        value, but = _needed(asked, place, name, at)
        if value is not None and _digits(value) + spare <= digits:
            found.append((_digits(value), name, at, decimal(value) + but))
    found.sort(key=lambda f: f[0])
    if found and (len(found) == 1 or found[0][0] < found[1][0]):
        _, name, at, told = found[0]
        yield f"right if {_element(name, at, place)} is {told}"


def _digits(value: Fraction) -> int:
    return len(decimal(abs(value)).replace(".", "").strip("0")) or 1


def _element(name: str, at: tuple[int, ...], place: Place) -> str:
    tensor = place.setting.bench.fixed.tensors.get(name)
    if tensor is None or not at:
        return place.called(name)
    indices = tuple(str(k + (lo.value or 0)) for k, (lo, _) in zip(at, tensor.ranges, strict=True))
    return authors_text(place.setting.scope(place.convention), name, indices)


def _needed(
    asked: Quantity, place: Place, name: str, at: tuple[int, ...]
) -> tuple[Fraction | None, str]:
    """The short number with which the cells are right in the place of this one, but for which."""
    arrays = place.values.arrays
    start = float(arrays[name][at])

    def cells(value: float) -> tuple[Cell, ...] | None:
        run = Run(place.setting.bench, _with(arrays, name, at, value), number=FLOAT)
        placed = _placed(asked, run)
        return None if placed is None else placed.cells

    solution = _solved(cells, start)
    if solution is None:
        return None, ""
    for places in range(_decimals(arrays[name][at]) + 2):
        short = rounded(Fraction(solution), places)
        run = Run(place.setting.bench, _with(arrays, name, at, short))
        but = None if short == arrays[name][at] else exceptions(asked, run)
        if but is not None:
            return short, but
    return None, ""


def _with(
    arrays: Mapping[str, Array], name: str, at: tuple[int, ...], value: float | Fraction
) -> dict[str, Array]:
    array = arrays[name].copy()
    array[at] = value
    return {**arrays, name: array}


def _decimals(value: Fraction) -> int:
    """The decimals of a given number."""
    places = 0
    while places < 6 and (value * 10**places).denominator != 1:
        places += 1
    return places


def _solved(cells: Cells, start: float) -> float | None:
    """Where the cell that is farthest off would be right, by secants; ``None`` if others differ."""
    first = cells(start)
    if first is None:
        return None
    worst = max(range(len(first)), key=lambda k: _off(first[k]))
    step = max(abs(start), 1.0) / 1024
    one, two = (start, _gap(first[worst])), (start + step, _gap_at(cells, start + step, worst))
    for _ in range(STEPS):
        slope = (two[1] - one[1]) / (two[0] - one[0]) if two[0] != one[0] else 0.0
        if not slope or not np.isfinite(slope):
            return None
        point = two[0] - two[1] / slope
        found = cells(point)
        if found is None or not np.isfinite(point):
            return None
        if _off(found[worst]) <= 0.5:
            return point if all(_off(c) <= 2 for c in found) else None
        one, two = two, (point, _gap(found[worst]))
    return None


def _gap(cell: Cell) -> float:
    return float(cell.value) - float(cell.shown.value)  # type: ignore[arg-type]


def _gap_at(cells: Cells, value: float, worst: int) -> float:
    found = cells(value)
    return np.nan if found is None else _gap(found[worst])


def _off(cell: Cell) -> float:
    """How far a value lies from the number shown, in units of its last digit."""
    return abs(_gap(cell)) / float(cell.shown.unit)
