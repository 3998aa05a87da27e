"""A sum of exponentials with the greatest exponent taken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.equations import Equation
from derive.expr import Access, Apply, Expr, Summation, add, negative, refresh, substitute
from derive.index import Axis, Index
from derive.maximum import maximum


@dataclass(frozen=True)
class Partition:
    """``tensor = sum of exp``: names of the greatest exponent, and of the sum with it taken off."""

    equation: Equation
    exponent: Expr
    shift: str
    scaled: str

    def equations(self) -> Iterator[Equation]:
        """``shift = max exponent`` and ``scaled = sum exp(exponent - shift)``."""
        assert isinstance(self.equation.rhs, Summation)
        over, own = self.equation.rhs.axes, self.equation.axes
        shift = Access(self.shift, tuple(Index.of(a) for a in own))
        body = Apply("exp", (add(self.exponent, negative(shift)),))
        yield _renamed(self.shift, own, maximum(over, self.exponent))
        yield _renamed(self.scaled, own, Summation(over, body))


def _renamed(tensor: str, axes: tuple[Axis, ...], rhs: Expr) -> Equation:
    """An equation with axes of its own."""
    fresh = tuple(a.like() for a in axes)
    places = dict(zip(axes, map(Index.of, fresh), strict=True))
    return Equation(tensor, fresh, refresh(substitute(rhs, places)))
