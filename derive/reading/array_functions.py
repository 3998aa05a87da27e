r"""Functions of whole arrays: softmax and its kin, losses, ``diag``, ``tr``, ``rot180``.

    softmax(z)_i = exp(z_i) / sum_j exp(z_j)      cross_entropy(t, p) = - sum_i t_i log p_i

Of a matrix softmax goes along each row or each column as declared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from derive.errors import IllFormed
from derive.expr import (
    ONE,
    Access,
    Apply,
    Delta,
    Expr,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    substitute,
)
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue, OpenAxis, ShapeMismatch, elementwise
from derive.reading.convolution import rot180
from derive.reading.cosine import COSINE, cosine
from derive.reading.extremes import pooled
from derive.reading.inverses import determinant, log_determinant
from derive.reading.means import count, mean
from derive.reading.names import readable, whole
from derive.reading.products import difference, total
from derive.reading.scope import Scope

Function = Callable[..., ArrayValue]


@dataclass(frozen=True)
class ArrayFunction:
    """``of(*values)`` with ``arity`` arguments; ``by_element`` lets it be given ``z_i`` for z."""

    arity: int
    of: Function
    by_element: bool = False


def applied(name: str, values: list[ArrayValue], scope: Scope, at: int) -> ArrayValue:
    """The function of this catalogue name. Raises `IllFormed` for a wrong number of arguments.

    A loss of the prediction alone is that against the targets of the model's loss.
    """
    if name in POOLS:
        _require_one(name, values, at)
        return pooled(values[0], POOLS[name], scope, at)
    function = ARRAY_FUNCTIONS[name]
    if name in LOSSES and len(values) == 1 and (target := _target(scope)) is not None:
        values = [target, *values] if "prediction" not in name else [*values, target]
    if len(values) != function.arity:
        raise IllFormed(f"{name} takes {function.arity} argument(s), not {len(values)}", offset=at)
    if function.by_element and not values[0].axes:
        return _by_element(name, function, values[0], scope, at)
    try:
        return function.of(*values)
    except ShapeMismatch as error:
        error.offset = at if error.offset is None else error.offset
        raise


def _require_one(name: str, values: list[ArrayValue], at: int) -> None:
    if len(values) != 1:
        raise IllFormed(f"{name} takes 1 argument, not {len(values)}", offset=at)


def _target(scope: Scope) -> ArrayValue | None:
    """The input that the model's loss compares with, where nothing else reads it."""
    model = scope.model
    if model is None or model.loss is None:
        return None
    read = [t for t in model.by_tensor[model.loss].reads if t in model.inputs]
    if len(read) != 1 or len(model.readers(read[0])) != 1:
        return None
    tensor = model.tensors[read[0]]
    axes = tuple(Axis("ijk"[n % 3], lo, hi) for n, (lo, hi) in enumerate(tensor.ranges))
    scope.note(f"the loss is that against {readable(whole(tensor.notation))}")
    return ArrayValue(axes, Access(tensor.name, tuple(map(Index.of, axes))), tensor.row)


def _by_element(
    name: str, function: ArrayFunction, value: ArrayValue, scope: Scope, at: int
) -> ArrayValue:
    """``softmax(z_i)``, which means element i of the softmax of the vector z."""
    access = value.body
    letters = [i for i in access.indices if _alone(i)] if isinstance(access, Access) else []
    if not letters:
        raise IllFormed(f"{name} of a number", offset=at, expected="a vector")
    (axis,) = letters[-1].axes
    running = axis.like()
    vector = ArrayValue((running,), substitute(value.body, {axis: Index.of(running)}))
    scope.note(f"{name} of an element is that element of {name} along {axis.name}")
    result = function.of(vector)
    return ArrayValue((), result.at((Index.of(axis),))) if result.axes else result


def _alone(index: Index) -> bool:
    return len(index.axes) == 1 and index == Index.of(next(iter(index.axes)))


# Along one dimension


def _along(value: ArrayValue, position: int, result: Callable[[Expr, Expr], Expr]) -> ArrayValue:
    """``result(exp(z_i), sum_j exp(z_j))`` with j along the dimension at ``position``."""
    axis = value.axes[position]
    other = axis.like()
    exponential = value.map(lambda x: Apply("exp", (x,)))
    whole = Summation((other,), substitute(exponential.body, {axis: Index.of(other)}))
    return ArrayValue(value.axes, result(value.body, whole), value.row)


def _softmax(x: Expr, whole: Expr) -> Expr:
    return quotient(Apply("exp", (x,)), whole)


def _log_softmax(x: Expr, whole: Expr) -> Expr:
    return difference(x, Apply("log", (whole,)))


def _of_vector(result: Callable[[Expr, Expr], Expr], name: str) -> Function:
    def function(value: ArrayValue) -> ArrayValue:
        if value.rank != 1:
            raise OpenAxis(
                f"{name} of {value.shape}",
                advice=f"declare {name} rows or {name} columns for matrices, "
                rf"functions: {{'\mathrm{{{name}}}': {name} rows}}",
            )
        return _along(value, 0, result)

    return function


def _of_matrix(result: Callable[[Expr, Expr], Expr], position: int) -> Function:
    def function(value: ArrayValue) -> ArrayValue:
        return _along(value, position if value.rank > 1 else 0, result)

    return function


def _logsumexp(value: ArrayValue) -> ArrayValue:
    return total(value.map(lambda x: Apply("exp", (x,)))).map(lambda s: Apply("log", (s,)))


# Sums of rows or columns


def _sums_of(position: int) -> Function:
    """The sum of every row of a matrix, a column; or of every column, a row."""

    def function(value: ArrayValue) -> ArrayValue:
        if value.rank != 2:
            raise ShapeMismatch(f"{value.shape} has no rows or columns to sum")
        axis, kept = value.axes[position], value.axes[1 - position]
        other = axis.like()
        body = Summation((other,), substitute(value.body, {axis: Index.of(other)}))
        return ArrayValue((kept,), body, row=position == 0)

    return function


# Losses


def _log(x: Expr) -> Expr:
    return Apply("log", (x,))


def _summed(of: Callable[[Expr, Expr], Expr], turned: bool = False) -> Function:
    """The sum over all elements of a function of target and prediction."""

    def function(first: ArrayValue, second: ArrayValue) -> ArrayValue:
        target, prediction = (second, first) if turned else (first, second)
        return total(elementwise(target, prediction, of, "the arguments of a loss"))

    return function


def _mean(of: Callable[[Expr, Expr], Expr]) -> Function:
    def function(first: ArrayValue, second: ArrayValue) -> ArrayValue:
        return _summed(of)(first, second).map(lambda s: quotient(s, count(first)))

    return function


def _cross(t: Expr, p: Expr) -> Expr:
    return negative(product(t, _log(p)))


def _binary(t: Expr, p: Expr) -> Expr:
    rest = product(difference(ONE, t), _log(difference(ONE, p)))
    return negative(add(product(t, _log(p)), rest))


def _square(t: Expr, p: Expr) -> Expr:
    return power(difference(t, p), 2)


def _half_square(t: Expr, p: Expr) -> Expr:
    return product(number("1/2"), _square(t, p))


def _divergence(t: Expr, p: Expr) -> Expr:
    return product(t, _log(quotient(t, p)))


# Matrices


def _planes_turned(value: ArrayValue) -> ArrayValue:
    """Rotated by 180 degrees in the first two dimensions, over the same ranges."""
    if value.rank < 2:
        raise ShapeMismatch(f"{value.shape} has no plane that could be turned")
    plane = value.axes[:2]
    places = (*(a.lo + a.hi - Index.of(a) for a in plane), *map(Index.of, value.axes[2:]))
    return ArrayValue(value.axes, value.at(places), value.row)


def diagonal(value: ArrayValue) -> ArrayValue:
    """``diag``: the matrix with a vector on its diagonal, the diagonal of a matrix."""
    if value.rank == 1:
        (i,) = value.axes
        j = i.like("j" if i.name != "j" else "k")
        return ArrayValue((i, j), product(Delta(Index.of(i) - j), value.body))
    i, j = _square_axes(value, "diag")
    return ArrayValue((i,), substitute(value.body, {j: Index.of(i) + j.lo - i.lo}))


def trace(value: ArrayValue) -> ArrayValue:
    """The sum of the diagonal; a number is its own.

    Raises `ShapeMismatch` for a matrix that is not square.
    """
    if not value.axes:
        return value
    _square_axes(value, "tr")
    return total(diagonal(value))


def _square_axes(value: ArrayValue, name: str) -> tuple[Axis, Axis]:
    if value.rank != 2 or value.extents[0] != value.extents[1]:
        raise ShapeMismatch(f"{name} of {value.shape}, which is no square matrix")
    return value.axes[0], value.axes[1]


ARRAY_FUNCTIONS: Mapping[str, ArrayFunction] = {
    "rot180": ArrayFunction(1, rot180),
    "rot180 of planes": ArrayFunction(1, _planes_turned),
    "diag": ArrayFunction(1, diagonal),
    "trace": ArrayFunction(1, trace),
    "determinant": ArrayFunction(1, determinant),
    "log determinant": ArrayFunction(1, log_determinant),
    "sum": ArrayFunction(1, total),
    "mean": ArrayFunction(1, mean),
    "row sums": ArrayFunction(1, _sums_of(1)),
    "column sums": ArrayFunction(1, _sums_of(0)),
    "softmax": ArrayFunction(1, _of_vector(_softmax, "softmax"), by_element=True),
    "softmax rows": ArrayFunction(1, _of_matrix(_softmax, 1), by_element=True),
    "softmax columns": ArrayFunction(1, _of_matrix(_softmax, 0), by_element=True),
    "log_softmax": ArrayFunction(1, _of_vector(_log_softmax, "log_softmax"), by_element=True),
    "log_softmax rows": ArrayFunction(1, _of_matrix(_log_softmax, 1), by_element=True),
    "log_softmax columns": ArrayFunction(1, _of_matrix(_log_softmax, 0), by_element=True),
    "logsumexp": ArrayFunction(1, _logsumexp, by_element=True),
    "cross_entropy": ArrayFunction(2, _summed(_cross)),
    "cross_entropy of prediction and target": ArrayFunction(2, _summed(_cross, turned=True)),
    "binary_cross_entropy": ArrayFunction(2, _summed(_binary)),
    "binary_cross_entropy of prediction and target": ArrayFunction(
        2, _summed(_binary, turned=True)
    ),
    "squared_error": ArrayFunction(2, _summed(_square)),
    "half_squared_error": ArrayFunction(2, _summed(_half_square)),
    "mean_squared_error": ArrayFunction(2, _mean(_square)),
    "kl_divergence": ArrayFunction(2, _summed(_divergence)),
    COSINE: ArrayFunction(2, cosine),
}
"""By catalogue name; losses take target and prediction in this order unless they say otherwise."""
LOSSES = frozenset(n for n in ARRAY_FUNCTIONS if n.endswith(("error", "target", "entropy")))
POOLS: Mapping[str, int] = {f"maxima of {n}x{n}": n for n in (2, 3)}
"""Maxima of disjoint windows of the first two dimensions, by the side of a window."""


def is_of_arrays(name: str) -> bool:
    """Whether a catalogue function takes whole arrays."""
    return name in ARRAY_FUNCTIONS or name in POOLS
