r"""Products as typed: ``\cdot``, ``\times``, ``*``, ``@``, ``\odot`` and juxtaposition.

A declared meaning decides; else a number scales; else the shapes decide where only one reading fits
them; else the operator is `Undeclared`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.expr import Expr, Summation, add, negative, product
from derive.index import Index
from derive.reading.arrays import (
    ArrayValue,
    ShapeMismatch,
    elementwise,
    fits_elementwise,
    fits_matmul,
    matmul,
)
from derive.reading.broadcasting import met, met_in_product, spread
from derive.reading.convolution import MODES, Shape, convolve, correlate
from derive.reading.depth import OVER_DEPTH, over_depth
from derive.reading.diagonals import with_slopes_only
from derive.reading.gradient_shapes import beside_gradient
from derive.reading.problems import Reading, Undeclared, Unsupported
from derive.reading.scope import Scope

BESIDE = "juxtaposition"
"""The name under which factors side by side can be declared."""
WINDOWS = ("convolution", "correlation")
STARS = frozenset({"*", r"\ast", r"\star"})
"""Signs that may slide one array over the other."""


def multiply(
    left: ArrayValue,
    right: ArrayValue,
    operator: str,
    scope: Scope,
    expected: Shape | None = None,
    at: int | None = None,
) -> ArrayValue:
    """The product of two values under the operator as typed.

    Raises `ShapeMismatch` where the declared meaning, or every meaning, does not fit the shapes,
    `Undeclared` where several would.
    """
    if not left.axes or not right.axes:
        return elementwise(left, right, product, "a product", at)
    meaning = scope.operators.get(operator)
    if meaning == "elementwise":
        left, right = beside_gradient(*with_slopes_only(*met(left, right), scope), scope)
    elif meaning in (None, "matmul"):
        left, right = met_in_product(left, right)
    if meaning is None:
        meaning = _by_shape(left, right, operator, scope, expected, at)
    return apply(meaning, left, right, scope, expected, at)


def broadcast(
    left: ArrayValue, right: ArrayValue, operator: str, scope: Scope, at: int | None
) -> ArrayValue | None:
    """A vector times every row or column of a matrix, element by element; ``None`` for others."""
    meaning = scope.operators.get(operator, "elementwise" if operator in STARS else "")
    wide = spread(left, right, scope) if meaning == "elementwise" else (left, right)
    if wide == (left, right):
        return None
    return elementwise(*wide, product, "elementwise product", at)


def apply(
    meaning: str,
    left: ArrayValue,
    right: ArrayValue,
    scope: Scope,
    expected: Shape | None,
    at: int | None,
) -> ArrayValue:
    """The product of two arrays in one of `OPERATOR_MEANINGS`."""
    if meaning == "matmul":
        return matmul(left, right, at)
    if meaning == "elementwise":
        return elementwise(left, right, product, "elementwise product", at)
    if meaning == "dot":
        return dot(left, right, at)
    if meaning == "outer":
        return matmul(replace(left, row=False), replace(right, row=True), at)
    if meaning in ("contraction", "chain"):
        return _contracted(left, right, left.rank if meaning == "contraction" else 1)
    mode, _, kind = meaning.removesuffix(OVER_DEPTH).rpartition(" ")
    slide: Callable[..., ArrayValue] = convolve if kind == "convolution" else correlate

    def window(a: ArrayValue, b: ArrayValue, shape: Shape | None) -> ArrayValue:
        return slide(a, b, shape, scope, at, mode)

    if meaning.endswith(OVER_DEPTH):
        return over_depth(left, right, expected, window, at)
    return window(left, right, expected)


def difference(first: Expr, second: Expr) -> Expr:
    """``first - second``."""
    return add(first, negative(second))


def is_window(operator: str, scope: Scope) -> bool:
    """True where the operator is declared as a convolution or correlation."""
    return scope.operators.get(operator, "").removesuffix(OVER_DEPTH).endswith(WINDOWS)


def dot(left: ArrayValue, right: ArrayValue, at: int | None) -> ArrayValue:
    """The sum of the products of equal elements. Raises `ShapeMismatch` for unequal shapes."""
    both = elementwise(left, right, product, "inner product", at)
    return total(both)


def total(array: ArrayValue) -> ArrayValue:
    """The sum of all elements."""
    fresh = {a: a.like() for a in array.axes}
    body: Expr = array.at(tuple(Index.of(a) for a in fresh.values()))
    return ArrayValue((), Summation(tuple(fresh.values()), body) if fresh else body)


def _fits_contraction(left: ArrayValue, right: ArrayValue) -> bool:
    """A gradient before a Jacobian: its dimensions, of which no two are a matrix product's."""
    leading = right.extents[: left.rank]
    return right.rank > max(left.rank, 2) and left.rank >= 2 and leading == left.extents


def _fits_chain(left: ArrayValue, right: ArrayValue) -> bool:
    """A derivative by a vector before that of the vector by a matrix."""
    return right.rank > 2 >= left.rank > 0 and left.extents[-1] == right.extents[0]


def _contracted(left: ArrayValue, right: ArrayValue, count: int) -> ArrayValue:
    """``out(a, b) = sum_c A(a, c) B(c, b)`` over ``count`` dimensions c."""
    inner = tuple(a.like() for a in right.axes[:count])
    kept = tuple(a.like() for a in left.axes[: left.rank - count])
    pairs = zip(left.axes[left.rank - count :], right.axes, inner, strict=False)
    places = (Index.of(c) - b.lo + a.lo for a, b, c in pairs)
    mine = left.at((*map(Index.of, kept), *places))
    rest = right.axes[count:]
    theirs = right.at((*map(Index.of, inner), *map(Index.of, rest)))
    return ArrayValue((*kept, *rest), Summation(inner, product(mine, theirs)))


def _tensor_product(left: ArrayValue, right: ArrayValue, expected: Shape | None) -> list[str]:
    r"""What ``\otimes`` can be: the outer product of vectors, or a product by elements."""
    shapes = []
    if left.rank == right.rank == 1:
        shapes.append(("outer", (*left.extents, *right.extents)))
    if fits_elementwise(left, right):
        shapes.append(("elementwise", left.extents))
    fitting = [meaning for meaning, shape in shapes if expected in (None, shape)]
    return fitting or [meaning for meaning, _ in shapes if meaning == "outer"]


def _by_shape(
    left: ArrayValue,
    right: ArrayValue,
    operator: str,
    scope: Scope,
    expected: Shape | None,
    at: int | None,
) -> str:
    if left.extents == right.extents and {*left.extents} == {Index.of(1)}:
        return "elementwise"  # of one element each: all meanings agree
    fitting = []
    if operator == r"\otimes":
        fitting = _tensor_product(left, right, expected)
        if not fitting:
            raise Unsupported("⊗ of these shapes is not judged", offset=at)
    elif fits_matmul(left, right):
        fitting.append("matmul")
    if _fits_contraction(left, right):
        scope.note("the product is the sum over all dimensions of the left factor")
        return "contraction"
    if _fits_chain(left, right):
        scope.note("the product is the sum over what stands below on the left and above behind it")
        return "chain"
    matrices = operator == BESIDE and left.rank == right.rank == 2
    if operator != r"\otimes" and fits_elementwise(left, right) and not (fitting and matrices):
        fitting.append("elementwise")
        if left.rank == 1 and operator == r"\cdot":
            fitting.append("dot")
    if operator in STARS and left.rank == right.rank and left.rank > 0:
        modes = [m for m in MODES[:2] if expected in (None, _slid(m, left, right))]
        fitting += [f"{mode} {kind}" for kind in WINDOWS for mode in modes]
    if len(fitting) == 1:
        scope.note(f"{_shown(operator)} between {left.shape} and {right.shape} is {fitting[0]}")
        return fitting[0]
    if fitting:
        readings = tuple(Reading(f"{_shown(operator)} is {m}", (operator, m)) for m in fitting)
        raise Undeclared(
            f"{_shown(operator)} between {left.shape} and {right.shape} can mean several things",
            operator,
            readings,
            at,
        )
    if left.rank == 1 and right.rank == 2 and scope.operators.get("layout") == "chain":
        return "chain" if left.extents[0] == right.extents[0] else "matmul"
    if left.rank <= 2 and right.rank <= 2:
        return "matmul"
    raise ShapeMismatch(
        f"{_shown(operator)} does not fit {left.shape} and {right.shape}", offset=at
    )


def _slid(mode: str, left: ArrayValue, right: ArrayValue) -> Shape:
    """The shape of a valid or full convolution."""
    pairs = zip(left.extents, right.extents, strict=True)
    return tuple(a + b - 1 if mode == "full" else a - b + 1 for a, b in pairs)


def _shown(operator: str) -> str:
    names = {
        BESIDE: "the product",
        r"\cdot": "·",
        r"\times": "×",
        r"\odot": "⊙",
        r"\circ": "∘",
        r"\star": "⋆",
    }
    return names.get(operator, operator)
