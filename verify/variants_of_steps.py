r"""Conventions about steps: a likelihood is climbed, ``\theta + \alpha \nabla \ell``."""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import adjoint_of
from derive.expr import Access, Expr, accesses, add, negative, product
from verify.setting import authors_text
from verify.variant import Case, Standing, Variant

CLIMBED = "is to be maximised"


def ascents(case: Case) -> Iterator[Variant]:
    """What is differentiated is no loss; a sheet that declares it as one settles that."""
    loss = case.setting.bench.model.loss
    if loss is None or case.tried.statement is None or case.tried.statement.kind != "update":
        return
    words = f"{authors_text(case.scope, loss)} {CLIMBED}"
    yield Variant(words, Standing.SETTLED, sides=_climbing)


def _climbing(side: Expr) -> Expr:
    """``T + rate · dL/dT`` for ``T - rate · dL/dT``; what is written otherwise stays."""
    read = list(accesses(side))
    for gradient in (a for a in read if adjoint_of(a.tensor)):
        tensor = Access(adjoint_of(gradient.tensor) or "", gradient.indices)
        for rate in (a for a in read if not a.indices):
            step = product(rate, gradient)
            if side == add(tensor, negative(step)):
                return add(tensor, step)
    return side
