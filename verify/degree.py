"""The degree of an identity: what bounds the chance that a wrong one is not noticed.

A polynomial of degree d that is not zero vanishes at a random point modulo p with probability at
most d/p (Schwartz 1980, Zippel 1979). Sides are rational functions of what is drawn, inputs and
atoms; their difference vanishes where its numerator does. Two atoms whose arguments meet by chance
would be taken for one, so the degrees of differences of arguments count as well, for every pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from derive.equations import Equation
from derive.exponents import LOGISTIC_OF_LOG, TANH_OF_LOG
from derive.expr import Access, Add, Apply, Expr, Number, Product, Summation, Winner, walk
from derive.index import Axis
from derive.laws import exponent_of
from derive.loops import Loop, members


@dataclass(frozen=True)
class Degree:
    """Degrees of numerator and denominator of a rational function, both at most these."""

    top: int = 0
    bottom: int = 0

    def __mul__(self, other: Degree) -> Degree:
        return Degree(self.top + other.top, self.bottom + other.bottom)

    def __add__(self, other: Degree) -> Degree:
        if not self.bottom and not other.bottom:
            return Degree(max(self.top, other.top))
        crossed = max(self.top + other.bottom, other.top + self.bottom)
        return Degree(crossed, self.bottom + other.bottom)

    def __pow__(self, exponent: int) -> Degree:
        if exponent < 0:
            return Degree(self.bottom, self.top) ** -exponent
        return Degree(self.top * exponent, self.bottom * exponent)

    def times(self, count: int) -> Degree:
        """Of a sum of so many functions of this degree."""
        return Degree(self.top + (count - 1) * self.bottom, count * self.bottom)

    @property
    def numerator_of_difference(self) -> int:
        """Degree of the numerator of the difference of two such functions."""
        return self.top + self.bottom


@dataclass(frozen=True)
class Chance:
    """Degrees that bound one trial: of the identity, and of all ``meetings`` of two atoms.

    ``roots`` is how many square roots, or their like, stand on the way.
    """

    degree: int
    meetings: int
    roots: int

    def error(self, prime: int) -> float:
        """The probability that one trial does not notice a wrong identity is at most this.

        A root is one of several conjugates; their product is rational, of as many times the degree.
        The dual-number pass is linear in its directions; values of tanh fill half the field only.
        """
        total = self.degree * 2 ** min(self.roots, 64) + self.meetings + 1
        return float(min(2 * total, prime) / prime)


_HEADS = {
    "logistic": 1,
    LOGISTIC_OF_LOG: 1,
    "exp": 1,
    "tanh": 2,
    TANH_OF_LOG: 2,
    "sin": 2,
    "cos": 2,
}
_MASKED = {"relu", "leaky_relu", "abs", "maximum", "minimum"}
_VALUE_ALONE = {"logistic", "tanh"}


class Degrees:
    """Degrees along a model's equations, in order; `of` then serves claims about its tensors.

    A recurrence is gone through place after place: what it computes has the highest degrees of all.
    """

    def __init__(self, todo: Iterable[Equation | Loop], claim: Iterable[Expr]) -> None:
        todo = tuple(todo)
        heads = _heads((*(e.rhs for block in todo for e in members(block)), *claim))
        # Where one function stands alone its value is as good a variable as an exponential.
        self.alone = next(iter(heads)) if len(heads) == 1 and heads <= _VALUE_ALONE else None
        self.known: dict[str, Degree] = {}
        self.atoms = self.argument = self.roots = 0
        for block in todo:
            if isinstance(block, Loop):
                self._go_through(block)
            else:
                self.known[block.tensor] = self.of(block.rhs, block.axes)

    def _go_through(self, loop: Loop) -> None:
        for _ in range(loop.length):
            for e in loop.equations:
                axes = tuple(a for a in e.axes if a not in loop.along(e).axes)
                here, before = self.of(e.rhs, axes), self.known.get(e.tensor, Degree())
                top, bottom = max(here.top, before.top), max(here.bottom, before.bottom)
                self.known[e.tensor] = Degree(top, bottom)

    def chance(self, left: Expr, right: Expr, axes: tuple[Axis, ...]) -> Chance:
        """The bounds for ``left = right``, over all atoms met so far."""
        sides = self.of(left, axes), self.of(right, axes)
        degree = (sides[0] + sides[1]).top
        pairs = self.atoms * (self.atoms - 1) // 2
        return Chance(degree, pairs * self.argument, self.roots)

    def of(self, expr: Expr, axes: tuple[Axis, ...]) -> Degree:
        """The degree of ``expr`` where ``axes`` are in scope; what is not known is drawn."""
        match expr:
            case Access(tensor):
                return self.known.get(tensor, Degree(1))
            case Product(factors):
                return prod((self.of(f, axes) for f in factors), start=Degree())
            case Add(terms):
                return sum((self.of(t, axes) for t in terms), start=Degree())
            case Summation(bound, body):
                return self._summation(bound, body, axes)
            case Winner(bound, _, body):
                self._meet(self.of(body, (*axes, *bound)), expr.free_axes, axes)
                return Degree(1)
            case Apply():
                return self._application(expr, axes)
        return Degree()

    def _summation(self, bound: tuple[Axis, ...], body: Expr, axes: tuple[Axis, ...]) -> Degree:
        """Factors that do not depend on the summation's axes stand before it."""
        inner = (*axes, *bound)
        factors = body.factors if isinstance(body, Product) else (body,)
        outside, inside = Degree(), Degree()
        for factor in factors:
            if factor.free_axes & set(bound):
                inside *= self.of(factor, inner)
            else:
                outside *= self.of(factor, inner)
        return outside * inside.times(_entries(bound))

    def _application(self, expr: Apply, axes: tuple[Axis, ...]) -> Degree:
        degrees = [self.of(a, axes) for a in expr.arguments]
        if expr.function == "pow" and isinstance(expr.arguments[1], Number):
            return degrees[0] ** int(expr.arguments[1].value)
        self._meet(sum(degrees[1:], start=degrees[0]), expr.free_axes, axes)
        exponent = exponent_of(expr.function)
        if exponent is not None:
            self.roots += _entries(a for a in axes if a in expr.free_axes)
            return Degree(1, 0) ** exponent.numerator
        if expr.function == self.alone:
            return Degree(1)
        if expr.function in _HEADS:
            return Degree(_HEADS[expr.function], _HEADS[expr.function])
        if expr.function in _MASKED:
            return Degree(1) * sum(degrees[1:], start=degrees[0])
        return Degree(1)

    def _meet(self, argument: Degree, used: frozenset[Axis], axes: tuple[Axis, ...]) -> None:
        self.argument = max(self.argument, argument.numerator_of_difference)
        self.atoms += _entries(a for a in axes if a in used)


def _heads(exprs: Iterable[Expr]) -> set[str]:
    applied = (n.function for e in exprs for n in walk(e) if isinstance(n, Apply))
    return {function for function in applied if function in _HEADS}


def _entries(axes: Iterable[Axis]) -> int:
    return prod(max(a.extent.value or 0, 0) for a in axes)
