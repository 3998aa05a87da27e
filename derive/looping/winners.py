"""Maxima and winners' masks as arrays of their own, filled before the loops that read them.

``max over u of body`` is read from an array of the greatest values; the mask of the first winner
compares a place with that of the winner, which is kept as a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from derive.expr import (
    Access,
    Apply,
    Expr,
    Summation,
    Value,
    Winner,
    children,
    product,
    quotient,
    rebuild,
    substitute,
)
from derive.index import Axis, Index
from derive.maximum import as_maximum


@dataclass(frozen=True)
class Search:
    """Over ``axes`` of ``body``, for every value of ``outer``: the greatest value, its place, and
    how many there are, in the tensors of these names."""

    outer: tuple[Axis, ...]
    axes: tuple[Axis, ...]
    body: Expr
    most: str
    place: str
    count: str

    @property
    def tensors(self) -> tuple[str, str, str]:
        """Of the greatest value, of its place, of the number of places."""
        return self.most, self.place, self.count

    def at(self, tensor: str) -> Access:
        return Access(tensor, tuple(map(Index.of, self.outer)))


def place_in(axes: tuple[Axis, ...], at: tuple[Index, ...]) -> Index:
    """The number of a place in the order of the axes, from 0."""
    total = Index.of(0)
    for axis, index in zip(axes, at, strict=True):
        total = total * axis.extent + (index - axis.lo)
    return total


@dataclass
class Searches:
    """The searches that expressions need, called by ``names``, where loops over ``around`` are
    open already."""

    names: Iterator[str]
    around: AbstractSet[Axis]
    found: list[Search] = field(default_factory=list)

    def without_winners(self, expr: Expr) -> Expr:
        """The expression with accesses to what the searches, added to ``found``, will find."""
        if isinstance(expr, Summation) and (winner := as_maximum(expr)) is not None:
            search = self._search(winner)
            return search.at(search.most)
        if isinstance(expr, Winner):
            return _mask(expr, self._search(expr))
        parts = children(expr)
        return rebuild(expr, tuple(map(self.without_winners, parts))) if parts else expr

    def _search(self, winner: Winner) -> Search:
        body = self.without_winners(winner.body)
        free = body.free_axes - {*winner.axes} - self.around
        outer = sorted(free, key=lambda a: (a.hi.value is not None, a.uid))
        name = next(self.names)
        kinds = (f"{name}_{kind}" for kind in ("most", "place", "count"))
        self.found.append(Search(tuple(outer), winner.axes, body, *kinds))
        return self.found[-1]


def _mask(winner: Winner, search: Search) -> Expr:
    """1 where the winner is at the place, 0 elsewhere; NaN wins as it does in NumPy's argmax."""
    if winner.tie == "first":
        here = Value(place_in(winner.axes, winner.at))
        return Apply("equal", (search.at(search.place), here))
    body = substitute(search.body, dict(zip(winner.axes, winner.at, strict=True)))
    mask = Apply("equal", (body, search.at(search.most)))
    if winner.tie == "all":
        return mask
    return product(mask, quotient(product(), search.at(search.count)))
