"""The products of a sum that is written out: one for every value of its axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as choices

from derive.emitting.text import SIGN
from derive.expr import Access, Expr, product, substitute, walk
from derive.index import Axis, Index
from derive.looping.scalar import Scalar

Factors = tuple[Expr, ...]


def sources(
    instances: Sequence[tuple[Factors, Factors]], scalar: Scalar, *, alone: bool
) -> list[str]:
    """Each product as source; ``alone`` where nothing but their sum is in the statement."""
    if alone and len(instances) == 1 and not instances[0][0]:
        return [scalar.text(product(*instances[0][1]))]
    return [
        " * ".join([*_names(c), *([operand(f, scalar)] if f or not c else [])])
        for c, f in instances
    ]


def operand(factors: Factors, scalar: Scalar) -> str:
    """The product as a term of a sum."""
    return scalar.printed(product(*factors)).within(SIGN - 1)


def _names(constant: Factors) -> list[str]:
    """The variable that holds a hoisted product."""
    return [f.tensor for f in constant if isinstance(f, Access)]


def split(factors: Factors, scalar: Scalar) -> tuple[Factors, Factors]:
    """(what is the same in all lanes, what is not)."""

    def varies(factor: Expr) -> bool:
        found = (n for n in walk(factor) if isinstance(n, Access))
        return any(scalar.stores[a.tensor].lanes for a in found)

    same = tuple(f for f in factors if not varies(f))
    return same, tuple(f for f in factors if varies(f))


def instances_of(
    at: tuple[Index, ...], factors: Factors, axes: Sequence[Axis]
) -> Iterator[tuple[tuple[Index, ...], Factors]]:
    """Places and factors for all values of the axes, in order."""
    ranges = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in axes]
    for values in choices(*ranges):
        mapping = {a: Index.of(v) for a, v in zip(axes, values, strict=True)}
        places = tuple(i.substitute(mapping) for i in at)
        yield places, tuple(substitute(f, mapping) for f in factors)
