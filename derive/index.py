"""Integer indices: axes, sizes, and polynomials affine in the axes.

An index of a tensor is an integer polynomial in *sizes* (symbols such as ``P`` whose value is
chosen later) and *axes* (running indices), of degree at most one in the axes: ``2*i - u``,
``s*i + u``, ``N*M*(q - 1) + j``. Everything that decides about ranges works on this one class.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import gcd
from typing import Any

from derive.polynomial_text import polynomial_text

_uids = itertools.count(1)


@dataclass(frozen=True, order=True)
class Size:
    """A symbol for an integer extent of at least ``least``; one name, one size."""

    name: str
    least: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return self.name


def number_after(uid: int) -> None:
    """Fresh axes get numbers above ``uid``: for axes that came from another process."""
    global _uids
    _uids = itertools.count(max(next(_uids), uid + 1))


@dataclass(frozen=True, eq=False)
class Axis:
    """A running index over ``lo..hi`` (inclusive, bounds in sizes only).

    Axes are unique objects: two axes called ``i`` are different unless they are one object, so
    nothing is ever captured by name.
    """

    name: str
    lo: Index
    hi: Index
    uid: int = field(default_factory=lambda: next(_uids))

    @cached_property
    def index(self) -> Index:
        """The index that is this axis."""
        return Index((((self,), 1),))

    @cached_property
    def extent(self) -> Index:
        """Number of values, ``hi - lo + 1``."""
        return self.hi - self.lo + 1

    def like(self, name: str | None = None) -> Axis:
        """A fresh axis over the same range."""
        return Axis(name or self.name, self.lo, self.hi)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"{self.name}#{self.uid}"


def axis(name: str, lo: Indexable, hi: Indexable) -> Axis:
    """A fresh axis ``name`` over ``lo..hi``."""
    return Axis(name, Index.of(lo), Index.of(hi))


Symbol = Axis | Size
Monomial = tuple[Symbol, ...]


def _order(symbol: Symbol) -> tuple[int, str, int]:
    return (1, symbol.name, symbol.uid) if isinstance(symbol, Axis) else (0, symbol.name, 0)


@lru_cache(maxsize=2**14)
def _monomial_order(monomial: Monomial) -> tuple[object, ...]:
    return (-len(monomial), tuple(_order(s) for s in monomial))


@dataclass(frozen=True, init=False)
class Index:
    """An integer polynomial, stored as sorted ``(monomial, coefficient)`` pairs.

    Raises ``ValueError`` where a product would not be affine in the axes.
    """

    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        # There are very many; what `dataclass` writes for a frozen class takes five times as long.
        self.__dict__["terms"] = terms

    @staticmethod
    def of(value: Indexable) -> Index:
        """The index that is this integer, size or axis."""
        if isinstance(value, Index):
            return value
        if isinstance(value, int):
            return _whole(value)
        return value.index if isinstance(value, Axis) else Index((((value,), 1),))

    @staticmethod
    def collect(pairs: Iterable[tuple[Monomial, int]]) -> Index:
        """Add up coefficients of equal monomials; the one constructor that normalises."""
        total: dict[Monomial, int] = {}
        for monomial, coefficient in pairs:
            total[monomial] = total.get(monomial, 0) + coefficient
        kept = [(m, c) for m, c in total.items() if c]
        if len(kept) > 1:
            kept.sort(key=lambda pair: _monomial_order(pair[0]))
        return Index(tuple(kept))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.terms)

    def __add__(self, other: Indexable) -> Index:
        other = Index.of(other)
        if (number := other.value) is not None:
            return self._raised(number)
        if (number := self.value) is not None:
            return other._raised(number)
        return Index.collect((*self.terms, *other.terms))

    def _raised(self, number: int) -> Index:
        """The index plus an integer, which stands last among the terms."""
        if not number:
            return self
        if not self.terms or self.terms[-1][0]:
            return Index((*self.terms, ((), number)))
        number += self.terms[-1][1]
        return Index((*self.terms[:-1], ((), number)) if number else self.terms[:-1])

    def _times(self, number: int) -> Index:
        if number == 1:
            return self
        return Index(tuple([(m, c * number) for m, c in self.terms])) if number else ZERO

    __radd__ = __add__

    def __neg__(self) -> Index:
        return Index(tuple([(m, -c) for m, c in self.terms]))

    def __sub__(self, other: Indexable) -> Index:
        return self + -Index.of(other)

    def __rsub__(self, other: Indexable) -> Index:
        return Index.of(other) - self

    def __mul__(self, other: Indexable) -> Index:
        other = Index.of(other)
        for one, number in ((self, other.value), (other, self.value)):
            if number is not None:
                return one._times(number)
        pairs = []
        for (m1, c1), (m2, c2) in itertools.product(self.terms, other.terms):
            monomial = tuple(sorted((*m1, *m2), key=_order)) if m1 and m2 else m1 or m2
            if sum(isinstance(s, Axis) for s in monomial) > 1:
                raise ValueError(f"({self}) * ({other}) is not affine in the running indices")
            pairs.append((monomial, c1 * c2))
        return Index.collect(pairs)

    __rmul__ = __mul__

    @cached_property
    def axes(self) -> frozenset[Axis]:
        """The axes that occur."""
        return frozenset(s for m, _ in self.terms for s in m if isinstance(s, Axis))

    @cached_property
    def variables(self) -> frozenset[Monomial]:
        """What is multiplied by numbers: the monomials but for the integer constant."""
        return frozenset([m for m, _ in self.terms if m])

    @property
    def sizes(self) -> frozenset[Size]:
        """The sizes that occur."""
        return frozenset(s for m, _ in self.terms for s in m if isinstance(s, Size))

    @property
    def value(self) -> int | None:
        """The integer that this is, or ``None`` where a symbol occurs."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    def coefficient(self, axis: Axis) -> Index:
        """The polynomial in sizes that multiplies ``axis``."""
        found = [(m, c) for m, c in self.terms if axis in m]
        if len(found) == 1 and len(found[0][0]) == 1:
            return _whole(found[0][1])
        return Index.collect([(tuple([s for s in m if s is not axis]), c) for m, c in found])

    @property
    def constant(self) -> Index:
        """The part without axes, a polynomial in sizes."""
        return Index(tuple(t for t in self.terms if not any(isinstance(s, Axis) for s in t[0])))

    def without(self, axis: Axis) -> Index:
        """Everything that does not contain ``axis``."""
        return Index(tuple(t for t in self.terms if axis not in t[0]))

    def substitute(self, mapping: Mapping[Any, Index]) -> Index:
        """Replace axes and sizes, all at once."""
        lookup: Mapping[Symbol, Index] = mapping
        pairs: list[tuple[Monomial, int]] = []
        changed = False
        for monomial, coefficient in self.terms:
            replaced = [lookup[s] for s in monomial if s in lookup]
            if not replaced:
                pairs.append((monomial, coefficient))
                continue
            changed = True
            if len(monomial) == 1:
                pairs += [(m, c * coefficient) for m, c in replaced[0].terms]
                continue
            kept = tuple(s for s in monomial if s not in lookup)
            product = Index(((kept, coefficient),))
            for factor in replaced:
                product = product * factor
            pairs.extend(product.terms)
        return Index.collect(pairs) if changed else self

    def content(self) -> int:
        """The greatest common divisor of all coefficients but the integer constant (0 if none)."""
        return gcd(*(c for m, c in self.terms if m)) if self.terms else 0

    def evaluate(self, values: Callable[[Symbol], Any]) -> Any:
        """Arithmetic with the given value (an integer or an integer array) for every symbol."""
        total: Any = 0
        for monomial, coefficient in self.terms:
            product: Any = coefficient
            for symbol in monomial:
                product = product * values(symbol)
            total = total + product
        return total

    def __str__(self) -> str:
        return polynomial_text(self.terms)


Indexable = Index | Axis | Size | int


@lru_cache(maxsize=2**12)
def _whole(value: int) -> Index:
    return Index((((), value),) if value else ())


ZERO = Index(())
ONE = Index.of(1)


def surely_nonnegative(index: Index) -> bool:
    """True where ``index >= 0`` follows for all admissible sizes and all axes in their ranges.

    Sound, not complete: no coefficient in t of the least value at sizes ``least + t`` is negative.
    """
    if (low := least(index)) is None:
        return False
    if low.value is not None:
        return low.value >= 0
    shifted = low.substitute({size: Index.of(size.least) + size for size in low.sizes})
    return all(coefficient >= 0 for _, coefficient in shifted.terms)


def least(index: Index) -> Index | None:
    """The least value over the ranges of its axes, or ``None`` if a sign is unknown."""
    for axis in sorted(index.axes, key=_order):
        coefficient = index.coefficient(axis)
        if surely_nonnegative(coefficient):
            end = axis.lo
        elif surely_nonnegative(-coefficient):
            end = axis.hi
        else:
            return None
        index = index.without(axis) + coefficient * end
    return index


def greatest(index: Index) -> Index | None:
    """The greatest value over the ranges of its axes, or ``None`` if a sign is unknown."""
    low = least(-index)
    return None if low is None else -low
