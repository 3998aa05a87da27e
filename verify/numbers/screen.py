"""Roundings in double precision first: most that are tried lie far off, which doubles tell.

Only what is surely wrong is refused here; what may be right is then computed with all digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.arithmetic import FLOAT
from derive.errors import Problem
from verify.numbers.cells import Laid
from verify.numbers.rounding import SINGLE_ERROR
from verify.numbers.values import NoValue, Run

if TYPE_CHECKING:
    from verify.numbers.quantities import Place, Quantity

SAFE = 1e3
"""So many times the error that doubles have without any rounding they may have with one."""
LEAST = 1e-12
"""The relative error of doubles that is always allowed for."""

Doubles = Any
"""An array of doubles."""
Cut = Callable[[Doubles], Doubles]


def rounded(array: Doubles, digits: int) -> Doubles:
    """Every value to so many decimals, ties to even."""
    return np.rint(_settled(array, digits)) / 10.0**digits


def truncated(array: Doubles, digits: int) -> Doubles:
    """Every value cut off after so many decimals."""
    return np.trunc(_settled(array, digits)) / 10.0**digits


def _settled(array: Doubles, digits: int) -> Doubles:
    """Values in units of the last digit; what is as good as a decimal or a tie is one."""
    scaled = np.asarray(array) * 10.0**digits
    near = np.rint(2 * scaled) / 2
    return np.where(np.abs(scaled - near) <= LEAST * np.maximum(np.abs(near), 1), near, scaled)


@dataclass(frozen=True)
class Screen:
    """A quantity in doubles, and how far from the exact values these may lie."""

    asked: Quantity
    run: Run
    blur: float

    @staticmethod
    def of(asked: Quantity, place: Place) -> Screen:
        """The screen of what is right in doubles but for ``blur``; infinite where nothing is."""
        run = Run(place.setting.bench, place.values.arrays, number=FLOAT)
        exact, near = (_placed(asked, r) for r in (place.run, run))
        blur = np.inf
        if exact is not None and near is not None:
            wanted, found = (_doubles(c.value for c in laid.cells) for laid in (exact, near))
            largest = np.max(np.abs(wanted), initial=1.0)
            blur = SAFE * np.max(np.abs(wanted - found), initial=LEAST * largest)
        return Screen(asked, run, float(blur) if np.isfinite(blur) else np.inf)

    def refuses(self, cuts: Mapping[str, Cut]) -> bool:
        """Whether some number shown is surely wrong where these tensors are cut first."""
        if self.blur == np.inf:
            return False
        placed = _placed(self.asked, self.run.with_rounding(cuts))
        if placed is None:
            return False
        values = _doubles(c.value for c in placed.cells)
        shown = _doubles(c.shown.value for c in placed.cells)
        units = _doubles(c.shown.unit for c in placed.cells)
        allowed = units + float(SINGLE_ERROR) * np.abs(values) + self.blur
        return bool(np.any(np.abs(values - shown) > allowed))


def _placed(asked: Quantity, run: Run) -> Laid | None:
    """The cells with the values that belong there; ``None`` where there are none."""
    try:
        return asked.placed(run.at(asked.body, asked.axes))
    except (NoValue, Problem):
        return None


def _doubles(values: Iterable[Any]) -> Doubles:
    return np.array([float(v) for v in values])
