r"""Conventions about steps: a likelihood is climbed, ``\theta + \alpha \nabla \ell``.

Or it is a part of the loss that is descended, without its regulariser.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.equations import Model, adjoint_name, adjoint_of
from derive.expr import Access, Expr, accesses, add, negative, product
from derive.reading.differential import differential
from verify.setting import authors_text
from verify.variants.variant import Case, Standing, Variant

CLIMBED = "is to be maximised"
DESCENDED = "is what is minimised"
MOST_PARTS = 4


def ascents(case: Case) -> Iterator[Variant]:
    """What is differentiated is no loss; a sheet that declares it as one settles that."""
    loss = case.setting.bench.model.loss
    if loss is None or case.tried.statement is None or case.tried.statement.kind != "update":
        return
    words = f"{authors_text(case.scope, loss)} {CLIMBED}"
    yield Variant(words, Standing.SETTLED, sides=_climbing)


def parts_of_the_loss(case: Case) -> Iterator[Variant]:
    """The step descends another number that the loss is computed from."""
    model, read = case.setting.bench.model, case.tried.statement
    if model.loss is None or read is None or read.kind != "update":
        return
    numbers = [e.tensor for e in model.equations if not e.axes and e.tensor != model.loss]
    for name in numbers[-MOST_PARTS:]:
        words = f"{authors_text(case.scope, name)} {DESCENDED}"
        yield Variant(words, Standing.SETTLED, sides=partial(_descending, name, model))


def _descending(name: str, model: Model, side: Expr) -> Expr:
    """``T - rate · d name/dT`` for ``T - rate · dL/dT``; what is written otherwise stays."""
    found = _step(side)
    if found is None:
        return side
    rate, tensor = found
    slope = differential(Access(name, ()), tensor, model)
    return add(tensor, negative(product(rate, slope)))


def _climbing(side: Expr) -> Expr:
    """``T + rate · dL/dT`` for ``T - rate · dL/dT``; what is written otherwise stays."""
    found = _step(side)
    if found is None:
        return side
    rate, tensor = found
    return add(tensor, product(rate, Access(adjoint_name(tensor.tensor), tensor.indices)))


def _step(side: Expr) -> tuple[Access, Access] | None:
    """The rate and T where the side is ``T - rate · dL/dT``."""
    read = list(accesses(side))
    for gradient in (a for a in read if adjoint_of(a.tensor)):
        tensor = Access(adjoint_of(gradient.tensor) or "", gradient.indices)
        for rate in (a for a in read if not a.indices):
            if side == add(tensor, negative(product(rate, gradient))):
                return rate, tensor
    return None
