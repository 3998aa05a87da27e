"""Two things that together fit in a hole: their difference or product.

All pairs are compared at one element first, and the few that agree there everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from verify.mending.fillings import Filling
from verify.mending.gaps import LARGEST, Gap
from verify.mending.links import CLOSE, Linear, close

DIFFERENCE, PRODUCT = "({} - {})", "{} {}"
"""How two things are written as one factor."""


def written(how: str, one: str, two: str) -> str:
    """The two as one factor; a symbol without powers times itself is its square."""
    square = how == PRODUCT and one == two and not {"^", " "} & {*one} and "frac" not in one
    return f"{one}^2" if square else how.format(one, two)


def pairs(gap: Gap, fillings: Sequence[Filling]) -> list[tuple[int, int, str]]:
    """The pairs of fillings, by their numbers, that may stand in the hole, and how written."""
    (link,) = gap.links if len(gap.links) == 1 else (None,)
    if not isinstance(link, Linear) or not np.all(np.isfinite(link.wanted)):
        return []
    bound = link.weight[link.one].size
    if max(link.wanted.size, bound) * len(fillings) > LARGEST:
        return []
    with np.errstate(all="ignore"):
        return [*_differences(link, fillings), *_products(link, fillings)]


def _differences(link: Linear, fillings: Sequence[Filling]) -> Iterator[tuple[int, int, str]]:
    here = np.array([float(link.total(f, link.one).flat[0]) for f in fillings])
    for i, j in _near(np.subtract.outer(here, here), link):
        if close(link.total(fillings[i]) - link.total(fillings[j]), link.wanted):
            yield i, j, DIFFERENCE


def _products(link: Linear, fillings: Sequence[Filling]) -> Iterator[tuple[int, int, str]]:
    """All products at one element are one matrix product: weighted sums over the bound axes."""
    weight = link.weight[link.one]
    rows = [np.broadcast_to(link.picked(f, link.one), weight.shape).ravel() for f in fillings]
    table = np.array(rows).reshape(len(rows), weight.size)
    for i, j in _near((table * weight.ravel()) @ table.T, link):
        both = link.picked(fillings[i]) * link.picked(fillings[j]) if i <= j else None
        if both is not None and close(link.summed(both), link.wanted):
            yield i, j, PRODUCT


def _near(table: np.ndarray, link: Linear) -> Iterator[tuple[int, int]]:
    """The places of a table that are about what is wanted at the element looked at first."""
    wanted = float(link.wanted[link.one].flat[0])
    for i, j in np.argwhere(np.abs(table - wanted) <= CLOSE * abs(wanted)):
        yield int(i), int(j)
