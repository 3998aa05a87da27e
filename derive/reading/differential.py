"""The total derivative of an expression by one element of a tensor, by the chain rule alone.

    d T[i] / d T[t] = product of deltas      d R[i] / d T[t] = the Jacobian's element, as it is
                                             (of T itself, too, where T is a recurrence)
    d (a b) = da b + a db                    d f(a) = f'(a) da

A Jacobian that is zero because nothing leads from T to R is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import Model, adjoint_name, adjoint_of, slope_name
from derive.errors import IllFormed
from derive.expr import (
    ZERO,
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Product,
    Summation,
    add,
    product,
    summation,
)
from derive.index import Index
from derive.rules import derivative


def differential(expr: Expr, by: Access, model: Model | None) -> Expr:
    """``d expr / d by``. Raises `IllFormed` where ``expr`` reads an adjoint."""
    match expr:
        case Access():
            return _of_access(expr, by, model)
        case Add(terms):
            return add(*(differential(t, by, model) for t in terms))
        case Summation(axes, body):
            inner = differential(body, by, model)
            return ZERO if inner == ZERO else summation(axes, inner)
        case Product(factors):
            return add(*_of_factors(factors, by, model))
        case Apply(_, arguments):
            return add(*_of_arguments(expr, arguments, by, model))
    return ZERO  # numbers, brackets, and winners, which are constant away from ties


def _of_factors(factors: tuple[Expr, ...], by: Access, model: Model | None) -> Iterator[Expr]:
    for place, factor in enumerate(factors):
        inner = differential(factor, by, model)
        if inner != ZERO:
            yield product(*factors[:place], inner, *factors[place + 1 :])


def _of_arguments(
    expr: Apply, arguments: tuple[Expr, ...], by: Access, model: Model | None
) -> Iterator[Expr]:
    for place, argument in enumerate(arguments):
        inner = differential(argument, by, model)
        if inner != ZERO:
            yield product(derivative(expr.function, arguments, place), inner)


def _of_access(access: Access, by: Access, model: Model | None) -> Expr:
    if access.tensor == by.tensor and (model is None or not leads(model, by.tensor, by.tensor)):
        return product(*map(Delta, _apart(access, by)))
    if adjoint_of(access.tensor) is not None or "/" in access.tensor:
        raise IllFormed("a derivative of a derivative is not judged yet")
    if model is None or not leads(model, by.tensor, access.tensor):
        return ZERO
    if access.tensor == model.loss:
        return Access(adjoint_name(by.tensor), by.indices)
    return Access(slope_name(access.tensor, by.tensor), (*access.indices, *by.indices))


def _apart(one: Access, other: Access) -> Iterator[Index]:
    return (i - j for i, j in zip(one.indices, other.indices, strict=True))


def leads(model: Model, below: str, above: str) -> bool:
    """Whether ``above`` is computed from ``below``; in a recurrence from itself, too."""
    found: set[str] = set()
    waiting = [above]
    while waiting:
        name = waiting.pop()
        reads = {r for e in model.equations if e.tensor == name for r in e.reads} - found
        found |= reads
        waiting += reads
    return below in found


def ways(model: Model, below: str, above: str) -> int:
    """How many of the tensors that ``above`` reads are, or are computed from, ``below``."""
    equation = model.by_tensor.get(above)
    reads = equation.reads if equation is not None else ()
    return sum(r == below or leads(model, below, r) for r in reads)
