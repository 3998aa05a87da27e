"""How parameters start: Glorot's uniform distribution for weights, zero for biases.

The fans are counted in the equations. Where ``z[i, x] = sum_{j, u} A[j, x + u] W[i, j, u]``, an
axis of the weight that slides along another (u) counts in both fans, a summed one (j) in the fan
in, a free one (i) in the fan out: Zhang's ``sqrt(6 / ((6 + 12) 5^2))``. A weight that multiplies a
sum, as a filter without depth of its own does, has a connection inwards for each of its terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from derive.emitting.layout import dictionary
from derive.emitting.text import number, tuple_of
from derive.equations import Equation, Model
from derive.expr import Access, Expr, Product, Summation, accesses, children
from derive.index import Axis
from derive.plan import Plan
from derive.planning.places import integer


@dataclass(frozen=True)
class Fans:
    """Connections into and out of one unit."""

    fan_in: int
    fan_out: int


def fans(model: Model, parameter: str) -> Fans | None:
    """The fans of a weight at the model's sizes; None for a bias, which is only ever added."""
    for equation in model.readers(parameter):
        for factors, use in _products(equation.rhs, parameter):
            return _count(equation, use, factors)
    return None


def _products(expr: Expr, parameter: str) -> Iterator[tuple[tuple[Expr, ...], Access]]:
    """Every product in which the parameter is multiplied with an array: (other factors, access)."""
    if isinstance(expr, Summation) and isinstance(expr.body, Access):
        if expr.body.tensor == parameter:
            yield (), expr.body
    elif isinstance(expr, Product):
        for factor in expr.factors:
            others = tuple(f for f in expr.factors if f is not factor and accesses(f))
            if isinstance(factor, Access) and factor.tensor == parameter and others:
                yield others, factor
    for part in children(expr):
        yield from _products(part, parameter)


def _count(equation: Equation, use: Access, others: tuple[Expr, ...]) -> Fans:
    indices = [i for f in others for a in accesses(f) for i in a.indices]
    fan_in = fan_out = 1
    for axis in sorted({a for i in use.indices for a in i.axes}, key=lambda a: a.uid):
        extent = integer(axis.extent)
        slides = any(axis in i.axes and len(i.axes) > 1 for i in indices)
        if slides or not _is_free(equation, axis):
            fan_in *= extent
        if slides or _is_free(equation, axis):
            fan_out *= extent
    for total in (f for f in others if isinstance(f, Summation)):
        fan_in *= prod(integer(axis.extent) for axis in total.axes)
    return Fans(fan_in, fan_out)


def _is_free(equation: Equation, axis: Axis) -> bool:
    return axis in equation.axes


def extents(model: Model, name: str) -> list[str]:
    """The extents of a tensor as Python."""
    return [number(n) for n in model.tensors[name].extents]


def init_lines(plan: Plan) -> list[str]:
    """The function ``init``."""
    sized = plan.source.at_sizes()
    found = {name: fans(sized, name) for name in plan.model.parameters}
    items = []
    for name, fan in found.items():
        shape = tuple_of(extents(plan.model, name))
        zeros = f"xp.zeros({shape}, dtype=dtype)"
        items.append((name, f"weight({shape}, {fan.fan_in}, {fan.fan_out})" if fan else zeros))
    weight = [
        "",
        "    def weight(shape: Ints, fan_in: int, fan_out: int) -> Array:",
        "        limit = math.sqrt(6 / (fan_in + fan_out))",
        "        return xp.asarray(rng.uniform(-limit, limit, shape), dtype=dtype)",
        "",
    ]
    return [
        "def init(rng: np.random.Generator, dtype: Any = np.float64, xp: Any = np) -> Arrays:",
        '    """Fresh parameters: zero for what is only added, Glorot\'s distribution for weights.',
        "",
        "    That is uniform within ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010).",
        '    """',
        *(weight if any(found.values()) else []),
        *dictionary("return ", items),
    ]
