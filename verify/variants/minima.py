r"""``\nabla_w J = 2 X^T (X w - y) = 0``: what is to hold where the loss is least.

A gradient by a parameter that is set to zero vanishes there and nowhere else, and so does what is a
multiple of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.equations import adjoint_name, adjoint_of
from derive.expr import ZERO, Access, Expr, number, product
from derive.index import Index
from verify.compare import Identity
from verify.setting import authors_text
from verify.variants.variant import Case, Standing, Variant

FACTORS = ("1", "-1", "2", "-2", "1/2", "-1/2")
"""By what a gradient that is to vanish was commonly multiplied."""


def minima(case: Case) -> Iterator[Variant]:
    """What is equal to 0 is a gradient of the loss by a parameter, so many times."""
    read, model = case.tried.statement, case.setting.bench.fixed
    if read is None or model.loss is None or read.kind != "equation" or not case.tried.identities:
        return
    link = case.tried.identities[-1]
    if link.right != ZERO:
        return
    by = None if read.target is None else adjoint_of(read.target)
    if by in model.parameters:
        yield _vanishing(case, by or "", Access(read.target or "", read.indices))
    elif read.target is None:
        yield from _multiples(case, link)


def _multiples(case: Case, link: Identity) -> Iterator[Variant]:
    model = case.setting.bench.fixed
    ranges = tuple((axis.lo, axis.hi) for axis in link.axes)
    for name in model.parameters:
        if tuple(model.tensors[name].ranges) == ranges:
            gradient = Access(adjoint_name(name), tuple(map(Index.of, link.axes)))
            for factor in FACTORS:
                yield _vanishing(case, name, product(number(factor), gradient))


def _vanishing(case: Case, name: str, gradient: Expr) -> Variant:
    said = authors_text(case.scope, adjoint_name(name))
    return Variant(f"{said} is to vanish", Standing.OPEN, sides=_instead_of_zero(gradient))


def _instead_of_zero(gradient: Expr) -> Callable[[Expr], Expr]:
    return lambda side: gradient if side == ZERO else side
