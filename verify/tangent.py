"""Dual numbers, symbolically: the derivative of an expression along a direction of what it reads.

The tangent of ``T[i]`` is the direction ``δT[i]``; products, sums and functions follow the rules of
school. No index is ever solved for, so this shares nothing with the engine that derives adjoints:
``sum of dL/dT * δT`` over all tensors must be the tangent of the loss, whatever the directions are.
"""

from __future__ import annotations

from derive.expr import (
    ZERO,
    Access,
    Add,
    Apply,
    Expr,
    Product,
    Summation,
    add,
    product,
    summation,
)
from derive.rules import derivative


def direction_name(tensor: str) -> str:
    """Name under which the direction of ``tensor`` is read."""
    return "δ" + tensor


def tensor_of(name: str) -> str | None:
    """The tensor whose direction ``name`` is, ``None`` where it is none."""
    return name[1:] if name.startswith("δ") else None


def tangent(expr: Expr) -> Expr:
    """The derivative of ``expr`` along the directions of all tensors that it reads.

    Masks and brackets are constant, as everywhere away from kinks and ties.
    """
    match expr:
        case Access(tensor, indices):
            return Access(direction_name(tensor), indices)
        case Add(terms):
            return add(*(tangent(t) for t in terms))
        case Summation(axes, body):
            inner = tangent(body)
            return ZERO if inner == ZERO else summation(axes, inner)
        case Product(factors):
            return add(
                *(
                    product(*factors[:k], slope, *factors[k + 1 :])
                    for k, factor in enumerate(factors)
                    if (slope := tangent(factor)) != ZERO
                )
            )
        case Apply(function, arguments):
            return add(
                *(
                    product(derivative(function, arguments, k), slope)
                    for k, argument in enumerate(arguments)
                    if (slope := tangent(argument)) != ZERO
                )
            )
    return ZERO
