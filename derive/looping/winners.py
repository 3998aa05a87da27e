"""Maxima and winners' masks as arrays of their own, filled before the loops that read them.

``max over u of body`` is read from an array of the greatest values; the mask of the first winner
compares a place with that of the winner, which is kept as a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def without_winners(expr: Expr, names: Iterator[str], found: list[Search]) -> Expr:
    """The expression with accesses to what the searches, added to ``found``, will find."""
    if isinstance(expr, Summation) and (winner := as_maximum(expr)) is not None:
        search = _search(winner, names, found)
        return search.at(search.most)
    if isinstance(expr, Winner):
        return _mask(expr, _search(expr, names, found))
    parts = children(expr)
    if not parts:
        return expr
    return rebuild(expr, tuple(without_winners(p, names, found) for p in parts))


def _search(winner: Winner, names: Iterator[str], found: list[Search]) -> Search:
    body = without_winners(winner.body, names, found)
    outer = sorted(body.free_axes - set(winner.axes), key=lambda a: (a.hi.value is not None, a.uid))
    name = next(names)
    search = Search(
        tuple(outer), winner.axes, body, f"{name}_most", f"{name}_place", f"{name}_count"
    )
    found.append(search)
    return search


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
