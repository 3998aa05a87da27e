r"""Inverses and determinants of small square matrices, written out in their elements.

    det A = Σ_π sgn(π) Π_i a_{i, π(i)}        (A^{-1})_{ij} = C_{ji} / det A,  C the cofactors

So that they are expressions like any other, which every rule and witness knows; the price is that
the number of rows has to be a number. In a sheet that has any, sizes are their values
(`derive.reading.fixed_sizes`). log det A is read as ½ log (det A)², which has a value, and the same
derivative, wherever A has an inverse. Petersen and Pedersen, The Matrix Cookbook, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from derive.expr import (
    Apply,
    Delta,
    Expr,
    add,
    negative,
    number,
    power,
    refresh,
)
from derive.expr import product as times
from derive.index import Index
from derive.reading.arrays import ArrayValue, ShapeMismatch, scalar
from derive.reading.problems import Unsupported

MOST_ROWS = 2
"""Larger determinants have too many terms to be judged."""
Rows = list[list[Expr]]


class NeedsNumbers(Unsupported):
    """A matrix of which the number of rows is a size and no number."""


def inverse(value: ArrayValue, at: int | None = None) -> ArrayValue:
    """``A^{-1}``. Raises `Unsupported` for more than `MOST_ROWS` rows, `NeedsNumbers`."""
    rows = _elements(value, "the inverse", at)
    count = len(rows)
    i, j = value.axes[0].like("i"), value.axes[1].like("j")
    terms = []
    for p, q in product(range(count), repeat=2):
        here = times(Delta(Index.of(i) - i.lo - p), Delta(Index.of(j) - j.lo - q))
        terms.append(times(here, _cofactor(rows, q, p)))
    return ArrayValue((i, j), times(power(_determinant(rows), -1), add(*terms)))


def determinant(value: ArrayValue) -> ArrayValue:
    """``\\det A``. Raises as `inverse`."""
    if not value.axes:
        return value
    return scalar(_determinant(_elements(value, "the determinant", None)))


def log_determinant(value: ArrayValue) -> ArrayValue:
    """``\\log \\det A``, of a negative determinant that of ``-\\det A``. Raises as `inverse`."""
    found = determinant(value).body
    return scalar(times(number("1/2"), Apply("log", (power(found, 2),))))


def _elements(value: ArrayValue, what: str, at: int | None) -> Rows:
    """The elements, each with bound axes of its own."""
    if value.rank != 2 or value.extents[0] != value.extents[1]:
        raise ShapeMismatch(f"{what} of {value.shape}, which is no square matrix", offset=at)
    count, lows = value.extents[0].value, [a.lo.value for a in value.axes]
    if count is None or None in lows:
        raise NeedsNumbers(f"{what} of a matrix with {value.extents[0]} rows", offset=at)
    if not 0 < count <= MOST_ROWS:
        raise Unsupported(
            f"{what} of {value.shape} is out of reach: it is written out in its elements",
            offset=at, expected=f"at most {MOST_ROWS} rows",
        )  # fmt: skip
    return [
        [value.at((value.axes[0].lo + p, value.axes[1].lo + q)) for q in range(count)]
        for p in range(count)
    ]


def _determinant(rows: Rows) -> Expr:
    terms = []
    for order in permutations(range(len(rows))):
        term = times(*(refresh(rows[p][q]) for p, q in enumerate(order)))
        terms.append(negative(term) if _is_odd(order) else term)
    return add(*terms) if rows else number(1)


def _cofactor(rows: Rows, p: int, q: int) -> Expr:
    """The determinant without row p and column q, with its sign."""
    minor = [[x for k, x in enumerate(row) if k != q] for n, row in enumerate(rows) if n != p]
    found = _determinant(minor)
    return negative(found) if (p + q) % 2 else found


def _is_odd(order: tuple[int, ...]) -> bool:
    return sum(1 for _ in _inversions(order)) % 2 == 1


def _inversions(order: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for n, first in enumerate(order):
        yield from ((first, later) for later in order[n + 1 :] if later < first)
