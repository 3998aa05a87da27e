r"""``\frac{\partial a}{\partial z}`` beside ``\odot``, where a is a function of z by elements.

As a whole it has the dimensions of both; in an elementwise product only the slopes are meant, the
elements at which both indices are equal. All others are 0.
"""

from __future__ import annotations

from derive.equations import Model, slope_of
from derive.expr import Access, Delta, Product, accesses, product, substitute
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.scope import Scope

Pair = tuple[ArrayValue, ArrayValue]


def with_slopes_only(left: ArrayValue, right: ArrayValue, scope: Scope) -> Pair:
    """The two factors of an elementwise product, a derivative cut down to its diagonal."""
    if scope.model is None:
        return left, right
    if left.rank == 2 * right.rank:
        return _diagonal(left, scope.model, scope), right
    if right.rank == 2 * left.rank:
        return left, _diagonal(right, scope.model, scope)
    return left, right


def slopes_alone(value: ArrayValue, scope: Scope) -> ArrayValue | None:
    r"""``\frac{\partial a}{\partial z} = \sigma'(z)``: the slopes only; ``None`` for others."""
    if scope.model is None or value.rank % 2 or not value.rank:
        return None
    found = _diagonal(value, scope.model, scope)
    return found if found is not value else _of_element(value, scope)


def _of_element(value: ArrayValue, scope: Scope) -> ArrayValue | None:
    """The slopes of ``f(x)`` by x: what stands beside the Kronecker delta of the two indices."""
    if value.rank != 2 or not isinstance(value.body, Product):
        return None
    i, j = map(Index.of, value.axes)
    deltas = [f for f in value.body.factors if f in (Delta(i - j), Delta(j - i))]
    if len(deltas) != 1:
        return None
    rest = product(*(f for f in value.body.factors if f is not deltas[0]))
    scope.note("the derivative is taken element by element")
    return ArrayValue(value.axes[:1], substitute(rest, {value.axes[1]: i}))


def _diagonal(value: ArrayValue, model: Model, scope: Scope) -> ArrayValue:
    """`pointwise_slopes`, which the scope notes; the value itself where others count too."""
    found = pointwise_slopes(value, model)
    names = slope_of(value.body.tensor) if isinstance(value.body, Access) else None
    if found is None or names is None:
        return value
    scope.note(f"∂{names[0]}/∂{names[1]} is taken element by element")
    return found


def pointwise_slopes(value: ArrayValue, model: Model) -> ArrayValue | None:
    """The elements of a whole derivative at equal indices; ``None`` where others count too."""
    body, half = value.body, value.rank // 2
    names = slope_of(body.tensor) if isinstance(body, Access) else None
    if names is None or not isinstance(body, Access) or not _is_pointwise(*names, model):
        return None
    if value.rank != 2 * half or body.indices != tuple(map(Index.of, value.axes)):
        return None
    first = value.axes[:half]
    return ArrayValue(first, Access(body.tensor, (*map(Index.of, first), *map(Index.of, first))))


def _is_pointwise(above: str, below: str, model: Model) -> bool:
    """Whether every element of ``above`` reads ``below`` at its own indices only."""
    equation = model.by_tensor.get(above)
    if equation is None or model.tensors[above].ranges != model.tensors[below].ranges:
        return False
    own = tuple(map(Index.of, equation.axes))
    reads = accesses(equation.rhs)
    others = {t for t in equation.reads if t in model.by_tensor and t != below}
    return (
        any(a.tensor == below for a in reads)
        and all(a.indices == own for a in reads if a.tensor == below)
        and not any(_reaches(below, t, model) for t in others)
    )


def _reaches(below: str, above: str, model: Model) -> bool:
    """Whether ``above`` depends on ``below``."""
    equation = model.by_tensor.get(above)
    return equation is not None and any(
        t == below or _reaches(below, t, model) for t in equation.reads
    )
