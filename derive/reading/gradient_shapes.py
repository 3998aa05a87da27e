r"""Gradients that stand as rows, among vectors that are columns: where authors pass from one to the
other without a transpose.

In numerator layout δ = ∂J/∂z is a row. ``\delta U \circ f'(z)`` takes f'(z) for one, too. What is
learned or given has a gradient of its own shape in the end (``\frac{\partial J}{\partial b} =
\delta^T``, ``\frac{\partial J}{\partial W} = \delta^T x^T``), as the step by it asks. Each is taken
only where the declared layout fits in no other way, and is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from derive.equations import adjoint_of, slope_of
from derive.expr import Access, accesses
from derive.reading.arrays import ArrayValue, ShapeMismatch, transpose
from derive.reading.scope import Scope

LAYOUT = "layout"
"""The name under which the layout is declared, beside the operators."""
OF_ROWS = ("numerator", "rows")
"""Layouts in which the gradient by a vector is a row."""
OWN_SHAPE = "gradients of what is given"
"""The name under which these gradients may have the shape of what they are taken by."""
OWN, STRICT = "of its shape", "as laid out"

T = TypeVar("T")


def beside_gradient(
    left: ArrayValue, right: ArrayValue, scope: Scope
) -> tuple[ArrayValue, ArrayValue]:
    """Two factors of ∘, a vector that is no gradient turned as the gradient beside it stands."""
    crossed = left.rank == right.rank == 1 and left.row != right.row
    if not crossed or scope.operators.get(LAYOUT) not in OF_ROWS or left.extents != right.extents:
        return left, right
    upright, row = (right, left) if left.row else (left, right)
    if _is_gradient(upright) or not _is_gradient(row):
        return left, right
    scope.note("a vector beside a gradient, element by element, is a row as the gradient is")
    return replace(left, row=True), replace(right, row=True)


def settled_in_shape(read: Callable[[Scope], T], scope: Scope) -> T:
    """What ``read`` gives in the declared layout, or with gradients of what is given as they are.

    Raises `ShapeMismatch` where neither fits.
    """
    try:
        return read(scope)
    except ShapeMismatch as mismatch:
        if scope.operators.get(LAYOUT) not in OF_ROWS or OWN_SHAPE in scope.operators:
            raise
        try:
            return read(scope.declare_operator(OWN_SHAPE, OWN))
        except ShapeMismatch:
            raise mismatch from None


def in_own_shape(value: ArrayValue, left: ArrayValue, scope: Scope, at: int) -> ArrayValue:
    """The side of a formula for the gradient ``left``, turned where that has the other shape."""
    if scope.operators.get(OWN_SHAPE) != OWN or not _of_given(left, scope):
        return value
    rank = value.rank
    if rank != left.rank or rank not in (1, 2):
        return value
    if rank == 2 and scope.operators.get(LAYOUT) != "numerator":
        return value  # it has its own shape already
    fits = value.row == left.row if rank == 1 else value.extents == left.extents
    turned = transpose(value, at)
    if fits or turned.extents != left.extents:
        return value
    name = adjoint_of(left.body.tensor) if isinstance(left.body, Access) else None
    scope.note(f"the gradient by {name} has its shape, as the step by it asks")
    return turned


def _of_given(left: ArrayValue, scope: Scope) -> bool:
    """Whether this is the gradient by something that no equation computes."""
    if not isinstance(left.body, Access) or scope.model is None:
        return False
    name = adjoint_of(left.body.tensor)
    return name is not None and name not in scope.model.by_tensor


def _is_gradient(value: ArrayValue) -> bool:
    names = (a.tensor for a in accesses(value.body))
    return any(adjoint_of(n) is not None or slope_of(n) is not None for n in names)
