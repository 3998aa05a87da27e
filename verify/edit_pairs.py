"""Two things that together fit in a hole: their difference or product.

What each brings is known from one look at it; all pairs are then compared at one element, and the
few that agree there everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.edit_fillings import Filling
from verify.edit_gaps import CLOSE, LARGEST, Gap, Linear, close

DIFFERENCE, PRODUCT = "({} - {})", "{} {}"
"""How two things are written as one factor."""


def pairs(gap: Gap, fillings: Sequence[Filling]) -> list[tuple[int, int, str]]:
    """The pairs of fillings, by their numbers, that may stand in the hole, and how written."""
    (link,) = gap.links if len(gap.links) == 1 else (None,)
    if not isinstance(link, Linear) or link.wanted.size * len(fillings) > LARGEST:
        return []
    flat = [np.broadcast_to(link.total(f), link.wanted.shape).ravel() for f in fillings]
    wanted = link.wanted.ravel()
    found = [(i, j, DIFFERENCE) for i, j in _matching(np.subtract, flat, wanted)]
    if link.free == len(link.axes):  # no sum: the weight is a factor of each value
        weighted = wanted * np.broadcast_to(link.weight, link.wanted.shape).ravel()
        found += [(i, j, PRODUCT) for i, j in _matching(np.multiply, flat, weighted) if i <= j]
    return found


def _matching(
    combine: np.ufunc, values: list[np.ndarray], wanted: np.ndarray
) -> list[tuple[int, int]]:
    """The pairs of ``values`` that give ``wanted`` when combined, one element looked at first."""
    if not values or not np.all(np.isfinite(wanted)):
        return []
    place = int(np.argmax(np.abs(wanted)))
    here = np.array([v[place] for v in values])
    with np.errstate(all="ignore"):
        apart = np.abs(combine.outer(here, here) - wanted[place])
        near = np.argwhere(apart <= CLOSE * abs(wanted[place]))
        return [(int(i), int(j)) for i, j in near if close(combine(values[i], values[j]), wanted)]
