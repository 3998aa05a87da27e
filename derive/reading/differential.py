"""The total derivative of an expression by one element of a tensor, by the chain rule alone.

    d T[i] / d T[t] = product of deltas      d R[i] / d T[t] = the Jacobian's element, as it is
                                             (of T itself, too, where T is a recurrence)
    d (a b) = da b + a db                    d f(a) = f'(a) da
    d (d R / d T) = d of what the chain rule makes of R's equation

A Jacobian that is zero because nothing leads from T to R is left out.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from derive.equations import Model, adjoint_name, adjoint_of, slope_name, slope_of
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
    refresh,
    substitute,
    summation,
)
from derive.index import Index
from derive.rules import derivative


def differential(expr: Expr, by: Access, model: Model | None, held: Container[str] = ()) -> Expr:
    """``d expr / d by``, where the tensors in ``held`` do not follow what they are computed from.

    Raises `IllFormed` where ``expr`` reads an adjoint.
    """
    match expr:
        case Access():
            return _of_access(expr, by, model, held)
        case Add(terms):
            return add(*(differential(t, by, model, held) for t in terms))
        case Summation(axes, body):
            inner = differential(body, by, model, held)
            return ZERO if inner == ZERO else summation(axes, inner)
        case Product(factors):
            return add(*_of_factors(factors, by, model, held))
        case Apply(_, arguments):
            return add(*_of_arguments(expr, arguments, by, model, held))
    return ZERO  # numbers, brackets, and winners, which are constant away from ties


def _of_factors(
    factors: tuple[Expr, ...], by: Access, model: Model | None, held: Container[str]
) -> Iterator[Expr]:
    for place, factor in enumerate(factors):
        inner = differential(factor, by, model, held)
        if inner != ZERO:
            yield product(*factors[:place], inner, *factors[place + 1 :])


def _of_arguments(
    expr: Apply,
    arguments: tuple[Expr, ...],
    by: Access,
    model: Model | None,
    held: Container[str],
) -> Iterator[Expr]:
    for place, argument in enumerate(arguments):
        inner = differential(argument, by, model, held)
        if inner != ZERO:
            yield product(derivative(expr.function, arguments, place), inner)


def _of_access(access: Access, by: Access, model: Model | None, held: Container[str]) -> Expr:
    stays = model is None or access.tensor in held or not leads(model, by.tensor, by.tensor)
    if access.tensor == by.tensor and stays:
        apart = tuple(_apart(access, by))
        never = any(i.value not in (None, 0) for i in apart)
        return ZERO if never else product(*map(Delta, apart))
    if (first := _first_derivative(access, model)) is not None and model is not None:
        return differential(_written_out(*first, model), by, model)
    if model is None or access.tensor in held or not leads(model, by.tensor, access.tensor):
        return ZERO
    if access.tensor == model.loss:
        return Access(adjoint_name(by.tensor), by.indices)
    return Access(slope_name(access.tensor, by.tensor), (*access.indices, *by.indices))


def _first_derivative(access: Access, model: Model | None) -> tuple[Access, Access] | None:
    """What the access is the derivative of, and by what; ``None`` where it is none.

    Raises `IllFormed` for a gradient of what no model defines.
    """
    if (below := adjoint_of(access.tensor)) is not None:
        if model is None or model.loss is None:
            raise IllFormed("nothing is known of the derivative of an upstream gradient")
        return Access(model.loss, ()), Access(below, access.indices)
    pair = slope_of(access.tensor)
    if pair is None or model is None:
        return None
    above, below = pair
    rank = model.tensors[above].rank
    return Access(above, access.indices[:rank]), Access(below, access.indices[rank:])


def _written_out(above: Access, below: Access, model: Model) -> Expr:
    """The derivative by the chain rule through the equation of ``above``, for one more derivative.

    Raises `IllFormed` in a recurrence, whose equation would never end.
    """
    equations = [e for e in model.equations if e.tensor == above.tensor]
    if len(equations) != 1 or leads(model, above.tensor, above.tensor):
        raise IllFormed("second derivatives of a recurrence are not judged yet")
    (equation,) = equations
    here = dict(zip(equation.axes, above.indices, strict=True))
    return differential(substitute(refresh(equation.rhs), here), below, model)


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
