r"""``X' = U`` and ``dE/dU = dE/dx``: one array in two shapes.

Where the model puts a tensor in one vector, ``x = F(U)``, an equation between the two, or between
their gradients, is meant up to that reshaping; anything else with unequal shapes stays an error.
Between the gradients of maxima and of what they are taken of it is open how elements are spread.
"""

from __future__ import annotations

from derive.equations import Equation, Model, adjoint_of
from derive.expr import Access, Delta, Expr, Product, Summation, Winner, rewrite, substitute, walk
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.names import whole
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope

SPREAD = (
    "the shapes differ: right if every element goes to the winner of its window and the rest is 0"
)
"""What is open of an equation between the gradients of maxima and of what they are taken of."""


def reshaped(value: ArrayValue, left: ArrayValue, scope: Scope) -> ArrayValue | None:
    """``value`` in the shape of ``left``, where the model has the one as a vector of the other."""
    mine, theirs = _whole(value), _whole(left)
    if mine is None or theirs is None or scope.model is None:
        return None
    if (adjoint_of(mine) is None) != (adjoint_of(theirs) is None):
        return None
    source, target = (adjoint_of(n) or n for n in (mine, theirs))
    if adjoint_of(mine) is not None and _maxima(scope.model, source) == target:
        raise Unsupported(SPREAD)
    for equation in scope.model.equations:
        result = None
        if _flattened(equation) == source and equation.tensor == target and left.rank == 1:
            result = _in_a_vector(equation, value, left)
        elif _flattened(equation) == target and equation.tensor == source:
            result = _taken_apart(equation, value, left)
        if result is not None:
            vector = whole(scope.model.tensors[equation.tensor].notation)
            scope.note(f"the elements are in the order in which {vector} has them")
            return result
    return None


def _maxima(model: Model, tensor: str) -> str | None:
    """The tensor of whose windows this one, and nothing else, reads the maxima."""
    equation = model.by_tensor.get(tensor)
    if equation is None or not any(isinstance(n, Winner) for n in walk(equation.rhs)):
        return None
    (read, *more) = equation.reads
    return None if more or len(model.readers(read)) > 1 else read


def _whole(value: ArrayValue) -> str | None:
    """The tensor or adjoint that the array is, element by element."""
    body, axes = value.body, tuple(map(Index.of, value.axes))
    return body.tensor if isinstance(body, Access) and body.indices == axes and axes else None


def _flattened(equation: Equation) -> str | None:
    """The tensor whose elements the equation puts in a vector: ``sum_t [m = place(t)] T[t]``."""
    parts = _parts(equation)
    return None if parts is None else parts[1].tensor


def _parts(equation: Equation) -> tuple[Delta, Access] | None:
    body = equation.rhs
    if not isinstance(body, Summation) or not isinstance(body.body, Product):
        return None
    if len(body.body.factors) != 2:
        return None
    delta, access = body.body.factors
    if not isinstance(delta, Delta) or not isinstance(access, Access):
        return None
    return (delta, access) if access.indices == tuple(map(Index.of, body.axes)) else None


def _in_a_vector(equation: Equation, value: ArrayValue, left: ArrayValue) -> ArrayValue:
    """``value`` through the model's own equation."""
    (place,) = equation.axes

    def rule(node: Expr) -> Expr:
        return value.at(node.indices) if isinstance(node, Access) else node

    body = substitute(rewrite(equation.rhs, rule), {place: Index.of(left.axes[0])})
    return ArrayValue(left.axes, body, left.row)


def _taken_apart(equation: Equation, value: ArrayValue, left: ArrayValue) -> ArrayValue | None:
    """``value[place(t)]`` over the axes of the left side."""
    parts = _parts(equation)
    if parts is None:
        return None
    delta, access = parts
    (position,) = equation.axes
    place = Index.of(position) - delta.index
    inner = [next(iter(i.axes)) for i in access.indices]
    if len(inner) != left.rank or value.rank != 1:
        return None
    moved = place.substitute({a: Index.of(b) for a, b in zip(inner, left.axes, strict=True)})
    return ArrayValue(left.axes, value.at((moved,)), left.row)
