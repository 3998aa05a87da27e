r"""What a sum should consist of: the terms of a formula, one for every value of running indices.

    dL/dk(u, v) = sum over i, j of dL/dz(i, j) I(i + u, j + v)

at u = v = 1 is one family of terms, ``dL/dz(i, j) I(i + 1, j + 1)`` with the axes i and j.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import product as choices

from derive.equations import Equation
from derive.errors import LimitExceeded
from derive.expr import Access, Add, Expr, Product, Summation, product, refresh, substitute
from derive.index import Axis

MOST_FAMILIES = 64


@dataclass(frozen=True)
class Family:
    """A term for every value of ``axes``."""

    axes: tuple[Axis, ...]
    body: Expr


def families(expr: Expr) -> list[Family]:
    """``expr`` as a sum of families, products of sums multiplied out.

    Raises `LimitExceeded` beyond `MOST_FAMILIES`.
    """
    found = []
    for family in _families(refresh(expr)):
        found.append(family)
        if len(found) > MOST_FAMILIES:
            raise LimitExceeded(f"a sum of more than {MOST_FAMILIES} kinds of terms")
    return found


def _families(expr: Expr) -> Iterator[Family]:
    match expr:
        case Add(terms):
            for term in terms:
                yield from _families(term)
        case Summation(axes, body):
            for inner in _families(body):
                yield Family((*axes, *inner.axes), inner.body)
        case Product(factors):
            for row in choices(*(list(_families(f)) for f in factors)):
                axes = tuple(a for family in row for a in family.axes)
                yield Family(axes, product(*(family.body for family in row)))
        case _:
            yield Family((), expr)


def defined(access: Access, equations: Mapping[str, Equation]) -> Expr | None:
    """What the element is by its equation, ``None`` where it has none."""
    equation = equations.get(access.tensor)
    if equation is None or len(equation.axes) != len(access.indices):
        return None
    along = dict(zip(equation.axes, access.indices, strict=True))
    return substitute(refresh(equation.rhs), along)


def finer(expr: Expr, keep: Container[str], equations: Mapping[str, Equation]) -> Expr:
    """``expr`` with the factors that are elements of other tensors than ``keep`` put in."""
    match expr:
        case Access() if expr.tensor not in keep:
            return defined(expr, equations) or expr
        case Add(terms):
            return Add(tuple(finer(t, keep, equations) for t in terms))
        case Product(factors):
            return product(*(finer(f, keep, equations) for f in factors))
        case Summation(axes, body):
            return Summation(axes, finer(body, keep, equations))
    return expr
