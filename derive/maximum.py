"""A maximum as a sum over the place of its winner, and recognising one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.alpha import alpha_key
from derive.expr import Expr, Product, Summation, Winner, product, refresh, substitute, summation
from derive.index import Axis, Index


def maximum(axes: Iterable[Axis], body: Expr, tie: str = "first") -> Expr:
    """``max over axes of body``, as the sum of the body over the place of the winner."""
    axes = tuple(axes)
    fresh = {a: a.like() for a in axes}
    places = {a: Index.of(b) for a, b in fresh.items()}
    mask = Winner(axes, tuple(places.values()), body, tie)
    return summation(fresh.values(), product(mask, refresh(substitute(body, places))))


def as_maximum(expr: Summation) -> Winner | None:
    """The winner of which ``expr`` is the `maximum`, ``None`` where it is another sum."""
    factors = expr.body.factors if isinstance(expr.body, Product) else ()
    winner = next((f for f in factors if isinstance(f, Winner)), None)
    if winner is None or len(expr.axes) != len(winner.axes):
        return None
    whole = maximum(winner.axes, winner.body, winner.tie)
    return winner if alpha_key(expr) == alpha_key(whole) else None


def picks(factors: Sequence[Expr]) -> Winner | None:
    """The winner that is multiplied with its own body at its place, as in a `maximum`."""
    winner = next((f for f in factors if isinstance(f, Winner)), None)
    if winner is None:
        return None
    value = product(*(f for f in factors if f is not winner))
    here = substitute(winner.body, dict(zip(winner.axes, winner.at, strict=True)))
    return winner if alpha_key(value) == alpha_key(here) else None
