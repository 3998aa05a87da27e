r"""``a \odot b c^T``: what stands side by side binds tighter, unless only the other way fits."""

from __future__ import annotations

from collections.abc import Callable

from derive.reading.arrays import ArrayValue
from derive.reading.convolution import Shape
from derive.reading.products import BESIDE, multiply
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Juxtaposition, Node


def from_the_left(
    node: Binary,
    left: ArrayValue,
    scope: Scope,
    expected: Shape | None,
    read: Callable[[Node, Scope], ArrayValue],
) -> ArrayValue | None:
    r"""``(a \odot b) c^T``; ``None`` where nothing stands side by side on the right.

    Raises `ShapeMismatch` where this does not fit either.
    """
    if not isinstance(node.right, Juxtaposition):
        return None
    first, *rest = node.right.factors
    at = node.span.start
    value = multiply(left, read(first, scope), node.operator, scope, expected, at)
    for factor in rest:
        value = multiply(value, read(factor, scope), BESIDE, scope, expected, factor.span.start)
    scope.note(f"{node.operator} is taken before the factors that follow, as the shapes ask")
    return value
