"""Superscripts that belong to no name: transposition and powers."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import prod

from derive.errors import IllFormed
from derive.expr import MINUS_ONE, Add, Apply, Expr, Number, Value, number, power
from derive.index import Index
from derive.reading.arrays import ArrayValue, matmul
from derive.reading.chained_products import counted_power
from derive.reading.fitting import TRANSPOSES
from derive.reading.inverses import inverse
from derive.reading.names import label
from derive.reading.problems import Reading, Undeclared, Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Node, Unary

_UNREAD = frozenset({r"\circ", r"\ast", "*", r"\dagger", r"\prime"})
MOST_POWER = 20
POWER = "power"
"""The name under which the powers of square matrices are declared, beside the operators."""
ABOVE, COUNTS = "T above a matrix", "counts"
"""The name under which it is declared that this T is the size of that name."""


def is_transpose(script: Node, scope: Scope) -> bool:
    """Whether a superscript transposes; a declared size or index of that name does not.

    Raises `Unsupported` for marks that have no declared meaning.
    """
    text = label(script)
    if text in _UNREAD:
        raise Unsupported(
            f"the superscript {text} has no declared meaning", offset=script.span.start
        )
    counts = text == "T" and scope.operators.get(ABOVE) == COUNTS
    return text in TRANSPOSES and text not in scope.letters and not counts


def is_transposed_inverse(script: Node) -> bool:
    """Whether a superscript is ``-T``."""
    return isinstance(script, Unary) and script.operator == "-" and label(script.body) in TRANSPOSES


def raised(value: ArrayValue, exponent: ArrayValue, scope: Scope, at: int) -> ArrayValue:
    """``value`` to the power of a number, element by element.

    Raises `IllFormed` for an exponent that is no number, `Undeclared` for a power of a square
    matrix, which may be one in the sense of the matrix product.
    """
    exponent = exponent.map(_folded)
    if exponent.axes:
        raise IllFormed(f"an exponent is a number, not {exponent.shape}", offset=at)
    if value.rank == 2 and value.extents[0] == value.extents[1]:
        return _square_raised(value, exponent, scope, at)
    if value.axes:
        kind = "vector" if value.rank == 1 else f"{value.shape} array"
        scope.note(f"a power of a {kind} is taken element by element")
    return value.map(lambda x: _raised(x, exponent.body))


def _folded(exponent: Expr) -> Expr:
    """``2 - 1`` as 1."""
    terms = exponent.terms if isinstance(exponent, Add) else (exponent,)
    values = [t.value for t in terms if isinstance(t, Number)]
    return number(sum(values, Fraction(0))) if len(values) == len(terms) else exponent


def _square_raised(value: ArrayValue, exponent: ArrayValue, scope: Scope, at: int) -> ArrayValue:
    meaning = scope.operators.get(POWER)
    if meaning == "elementwise":
        return value.map(lambda x: _raised(x, exponent.body))
    if exponent.body == MINUS_ONE:
        return inverse(value, at)
    if exponent.body == Number(Fraction(-2)):
        return matmul(inverse(value, at), inverse(value, at), at)
    count = exponent.body.value if isinstance(exponent.body, Number) else None
    whole = count is not None and count.denominator == 1 and 0 < count <= MOST_POWER
    if meaning == "matmul" and whole and count is not None:
        return reduce(lambda a, b: matmul(a, b, at), [value] * int(count))
    counted = None if whole else counted_power(value, exponent.body, scope, at)
    if counted is not None:
        scope.note("a power of a matrix that an index counts is a product of so many")
        return counted
    if meaning is not None or not whole:
        raise Unsupported(f"a power of a matrix ({value.shape})", offset=at)
    readings = (
        Reading("the power is taken element by element", (POWER, "elementwise")),
        Reading("the power is one of matrices", (POWER, "matmul")),
    )
    raise Undeclared(f"a power of {value.shape} can mean two things", POWER, readings, at)


def by_elements(scope: Scope) -> Scope:
    r"""The scope in which a power is that of every element: of ``\tanh^2(Z)``, say."""
    return scope.declare_operator(POWER, "elementwise")


def root(value: ArrayValue, degree: ArrayValue | None, at: int) -> ArrayValue:
    """The root of a degree, 2 by default. Raises `IllFormed` unless it is a number, not 0."""
    if degree is None:
        return value.map(lambda x: Apply("sqrt", (x,)))
    if not isinstance(degree.body, Number) or not degree.body.value:
        raise IllFormed("the degree of a root is a number other than 0", offset=at)
    exponent = 1 / degree.body.value
    return value.map(lambda x: power(x, exponent))


def _raised(base: Expr, exponent: Expr) -> Expr:
    """``base ** exponent``; a whole power of a size stays a polynomial in the sizes."""
    if isinstance(base, Value) and isinstance(exponent, Number) and not base.index.axes:
        whole = exponent.value
        if whole.denominator == 1 and 0 < whole <= MOST_POWER:
            return Value(prod([base.index] * int(whole), start=Index.of(1)))
    return power(base, exponent)
