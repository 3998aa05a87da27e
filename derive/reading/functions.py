"""Elementwise functions, their derivatives marked by primes, and vectorisation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.errors import IllFormed
from derive.expr import Access, Apply, Expr, number, quotient, rewrite
from derive.reading.arrays import ArrayValue, elementwise
from derive.reading.composed import COMPOSED, composed
from derive.reading.convolution import Shape, unvectorise, vectorise
from derive.reading.differential import differential
from derive.reading.names import head, readable
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Name, Node, Numeral, Unary
from derive.reading.window_words import parted
from derive.rules import RULES, derivative, rule

MOST_PRIMES = 3
_ARGUMENT = Access("argument of a function", ())
LOGARITHMS = frozenset({"log", "log10"})
VECTORISE = {"vectorise columns": True, "vectorise rows": False}
"""Functions that put the elements of several maps in one vector: by columns or not."""


def function_named(name: Name, scope: Scope) -> tuple[str, int] | None:
    """The catalogue name and the number of derivatives that a head denotes, if any."""
    exact = head(name)
    if exact in scope.functions:
        return scope.functions[exact], 0
    if name.primes and (plain := head(replace(name, primes=0))) in scope.functions:
        return scope.functions[plain], name.primes
    return _window_named(name, scope)


def _window_named(name: Name, scope: Scope) -> tuple[str, int] | None:
    """``full correlation`` and ``correlação full``, where the correlation has its name."""
    apart = parted(name.base)
    if apart is None or name.primes:
        return None
    mode, plain = apart
    function = scope.functions.get(rf"\mathrm{{{plain}}}")
    known = function in ("convolution", "correlation")
    return (f"{mode} {function}", 0) if known else None


def is_inverse(name: Name) -> bool:
    """True for ``F^{-1}``."""
    return len(name.sup) == 1 and _is_minus_one(name.sup[0])


def _is_minus_one(node: Node) -> bool:
    return isinstance(node, Unary) and isinstance(node.body, Numeral) and node.body.value == 1


def require_plain(name: Name) -> None:
    """Raise `IllFormed` for a function with scripts other than an inverse or a power."""
    power = len(name.sup) == 1 and isinstance(name.sup[0], Numeral)
    if name.sub or (name.sup and not power and not is_inverse(name)):
        script = (*name.sub, *name.sup)[0]
        raise IllFormed(
            f"the function {readable(head(name))} has a script that means nothing on it",
            offset=script.span.start,
        )


def logarithm_base(name: Name) -> Fraction | None:
    r"""The number that is written below a logarithm, as in ``\log_2 x``."""
    if len(name.sub) != 1 or name.sup or name.primes:
        return None
    (below,) = name.sub
    fine = isinstance(below, Numeral) and below.value > 0 and below.value != 1
    return below.value if isinstance(below, Numeral) and fine else None


def _to_base(x: Expr, base: Fraction) -> Expr:
    if base == 10:
        return Apply("log10", (x,))
    return quotient(Apply("log", (x,)), Apply("log", (number(base),)))


def apply_function(
    function: tuple[str, int], name: Name, values: list[ArrayValue], expected: Shape | None
) -> ArrayValue:
    """The function of the values, element by element unless it reshapes.

    Raises `IllFormed` for a wrong number of arguments, `Unsupported` for an inverse.
    """
    catalogue, order = function
    base = logarithm_base(name) if catalogue in LOGARITHMS and not order else None
    if base is not None:
        return values[0].map(lambda x: _to_base(x, base))
    require_plain(name)
    text = readable(head(name))
    takes = 1 if catalogue in VECTORISE else rule(catalogue).arity
    if takes != len(values):
        raise IllFormed(
            f"{text} takes {takes} argument(s), not {len(values)}", offset=name.span.start
        )
    if catalogue in VECTORISE:
        if name.sup and not is_inverse(name):
            raise IllFormed(f"a power of {text}", offset=name.span.start)
        return _reshape(VECTORISE[catalogue], values[0], expected, name)
    if is_inverse(name):
        raise Unsupported(f"the inverse of {text}", offset=name.span.start)
    if takes == 1:
        return values[0].map(lambda x: _slope(catalogue, order, x, name))
    if order:
        raise Unsupported("a prime on a function of two arguments", offset=name.span.start)
    return elementwise(
        values[0], values[1], lambda x, y: Apply(catalogue, (x, y)), text, name.span.start
    )


def _slope(catalogue: str, order: int, argument: Expr, name: Name) -> Expr:
    """``f``, ``f'``, ``f''`` by the catalogue's rules; a generic function has its own ``f''``."""
    if order == 0 and catalogue not in COMPOSED:
        return Apply(catalogue, (argument,))
    if order > MOST_PRIMES:
        raise Unsupported(f"a derivative of order {order} of {catalogue}", offset=name.span.start)
    if catalogue in COMPOSED:
        return composed(catalogue, order, argument)
    if catalogue not in RULES and order > 1:
        return Apply(catalogue + "'" * order, (argument,))
    found = derivative(catalogue, (_ARGUMENT,), 0)
    for _ in range(order - 1):
        found = differential(found, _ARGUMENT, None)
    return rewrite(found, lambda node: argument if node == _ARGUMENT else node)


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
