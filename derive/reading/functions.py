"""Elementwise functions, their derivatives marked by primes, and vectorisation."""

from __future__ import annotations

from dataclasses import replace

from derive.errors import IllFormed
from derive.expr import Apply, Expr
from derive.reading.arrays import ArrayValue, elementwise
from derive.reading.convolution import Shape, rot180, unvectorise, vectorise
from derive.reading.names import head, readable
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Name, Numeral, Unary
from derive.rules import RULES, derivative, rule

VECTORISE = {"vectorise columns": True, "vectorise rows": False}
"""Functions that put the elements of several maps in one vector: by columns or not."""


def function_named(name: Name, scope: Scope) -> tuple[str, int] | None:
    """The catalogue name and the number of derivatives that a head denotes, if any."""
    exact = head(name)
    if exact in scope.functions:
        return scope.functions[exact], 0
    plain = head(replace(name, primes=0))
    return (scope.functions[plain], name.primes) if plain in scope.functions else None


def is_inverse(name: Name) -> bool:
    """True for ``F^{-1}``."""
    return any(isinstance(s, Unary) and isinstance(s.body, Numeral) for s in name.sup)


def apply_function(
    function: tuple[str, int], name: Name, values: list[ArrayValue], expected: Shape | None
) -> ArrayValue:
    """The function of the values, element by element unless it reshapes.

    Raises `IllFormed` for a wrong number of arguments, `Unsupported` for an inverse.
    """
    catalogue, order = function
    text = readable(head(name))
    takes = 1 if catalogue in (*VECTORISE, "rot180") else rule(catalogue).arity
    if takes != len(values):
        raise IllFormed(
            f"{text} takes {takes} argument(s), not {len(values)}", offset=name.span.start
        )
    if catalogue in VECTORISE:
        return _reshape(VECTORISE[catalogue], values[0], expected, name)
    if is_inverse(name):
        raise Unsupported(f"the inverse of {text}", offset=name.span.start)
    if catalogue == "rot180":
        return rot180(values[0])
    if takes == 1:
        return values[0].map(lambda x: _slope(catalogue, order, x, name))
    if order:
        raise Unsupported("a prime on a function of two arguments", offset=name.span.start)
    return elementwise(
        values[0], values[1], lambda x, y: Apply(catalogue, (x, y)), text, name.span.start
    )


def _slope(catalogue: str, order: int, argument: Expr, name: Name) -> Expr:
    """``f``, ``f'`` by the catalogue's rule, ``f''`` of a generic function."""
    if order == 0:
        return Apply(catalogue, (argument,))
    if order == 1:
        return derivative(catalogue, (argument,), 0)
    if catalogue in RULES:
        raise Unsupported(f"a derivative of order {order} of {catalogue}", offset=name.span.start)
    return Apply(catalogue + "'" * order, (argument,))


def _reshape(columns: bool, value: ArrayValue, expected: Shape | None, name: Name) -> ArrayValue:
    if not is_inverse(name):
        return vectorise(value, columns)
    if expected is None:
        raise IllFormed(
            f"the shape that {readable(head(name))}⁻¹ gives is not known here",
            offset=name.span.start,
            advice="write the whole array on the left side",
        )
    return unvectorise(value, expected, columns, name.span.start)
