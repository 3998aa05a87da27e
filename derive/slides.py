"""Models written in Python with SymPy objects: the same equations as in a sheet, the same model.

    p, i, u, n = symbols("p i u n", integer=True)
    x, k, C = (IndexedBase(t) for t in "xkC")
    logistic = function("logistic")
    model = sympy_model(
        "tiny",
        [slide(C[p, i], logistic(Sum(x[i - u] * k[p, u], (u, -1, 1))), (p, 1, 3), (i, 1, n))],
        inputs=["x"], sizes={"n": 8},
    )

Nothing is evaluated: sums, deltas and products stay as written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy

from derive.equations import Batch, Equation, Model, Notation, Range, Shift, Tensor, Update
from derive.errors import IllFormed
from derive.expr import accesses
from derive.index import Axis, Index, Size
from derive.lower import Scalar, function_class, lower, lower_index
from derive.reading.infer import inferred_ranges, with_shifts

function = function_class
"""The SymPy function for a name of the catalogue (`derive.rules`), or for a generic f."""
scalar = Scalar
"""A tensor without axes, such as a loss or a bias shared by all."""


@dataclass(frozen=True)
class Slide:
    """One equation: ``lhs`` an ``Indexed`` or a `scalar`, any ``rhs``, ``ranges`` inclusive."""

    lhs: sympy.Expr
    rhs: sympy.Expr
    ranges: tuple[tuple[sympy.Symbol, object, object], ...]


def slide(lhs: sympy.Expr, rhs: sympy.Expr, *ranges: tuple[sympy.Symbol, object, object]) -> Slide:
    """``lhs = rhs`` for every index in its range ``(symbol, low, high)``, as in ``sympy.Sum``."""
    return Slide(lhs, sympy.sympify(rhs, strict=True), ranges)


def sympy_model(
    name: str,
    slides: Sequence[Slide],
    *,
    inputs: Sequence[str],
    loss: str | None = None,
    sizes: Mapping[str, int] | None = None,
    notation: Mapping[str, Notation] | None = None,
    functions: Mapping[str, str] | None = None,
    operators: Mapping[str, str] | None = None,
    batch: Batch | None = None,
    update: Update | None = None,
    title: str = "",
) -> Model:
    """A model from equations in order of evaluation; ranges of read-only tensors are inferred.

    Raises `IllFormed` for an index that is no free symbol, a range that is missing, a node without
    counterpart, or a read outside a tensor's range; ``ValueError`` where a tensor is read before
    its equation.
    """
    equations = [_equation(s) for s in slides]
    known = {s.name: s for e in equations for s in _sizes(e)}
    values = {known.get(n, Size(n)): v for n, v in (sizes or {}).items()}
    tensors = _tensors(equations, values, notation or {})
    shifted: list[Equation] = []
    shifts: list[Shift] = []
    for equation in equations:
        moved, found = with_shifts(equation, tensors, values, frozenset())
        shifted.append(moved)
        shifts.extend(found)
    computed = {e.tensor for e in shifted}
    model = Model(
        name=name,
        tensors=tensors,
        equations=tuple(shifted),
        inputs=tuple(inputs),
        parameters=tuple(n for n in tensors if n not in computed and n not in inputs),
        loss=loss,
        sizes=values,
        functions=dict(functions or {}),
        operators=dict(operators or {}),
        batch=batch,
        shifts=tuple(shifts),
        update=update,
        title=title or name,
    )
    model.check()
    return model


def _equation(slide: Slide) -> Equation:
    axes = {symbol: _axis(symbol, lo, hi) for symbol, lo, hi in slide.ranges}
    scope = {symbol: Index.of(axis) for symbol, axis in axes.items()}
    name, indices = _head(slide.lhs)
    for index in indices:
        if index not in axes:
            raise IllFormed(
                f"the left side {slide.lhs} has the index {index}, which has no range",
                expected="a free symbol with a range (symbol, low, high)",
            )
    return Equation(name, tuple(axes[i] for i in indices), lower(slide.rhs, scope))


def _head(lhs: sympy.Expr) -> tuple[str, tuple[sympy.Expr, ...]]:
    if isinstance(lhs, sympy.Indexed):
        return lhs.base.label.name, lhs.indices
    if isinstance(lhs, Scalar):
        return lhs.name, ()
    raise IllFormed(
        f"the left side {lhs} is no element of a tensor", expected="T[i, j] or a scalar"
    )


def _axis(symbol: sympy.Symbol, lo: object, hi: object) -> Axis:
    first, last = (lower_index(sympy.sympify(b, strict=True), {}) for b in (lo, hi))
    return Axis(symbol.name, first, last)


def _sizes(equation: Equation) -> set[Size]:
    return {s for a in equation.axes for bound in (a.lo, a.hi) for s in bound.sizes}


def _tensors(
    equations: list[Equation], sizes: Mapping[Size, int], notation: Mapping[str, Notation]
) -> dict[str, Tensor]:
    """Computed tensors on the ranges of their equations, the others as far as they are read."""
    ranges: dict[str, tuple[Range, ...]] = {
        e.tensor: tuple((a.lo, a.hi) for a in e.axes) for e in equations
    }
    ranks = {a: r for e in equations for a, r in _ranks(e)}
    for name, rank in ranks.items():
        if name not in ranges:
            ranges[name] = inferred_ranges(name, rank, equations, sizes)
    return {
        name: Tensor(name, bounds, notation.get(name) or plain_notation(name, len(bounds)))
        for name, bounds in ranges.items()
    }


def _ranks(equation: Equation) -> list[tuple[str, int]]:
    return [(a.tensor, len(a.indices)) for a in accesses(equation.rhs)]


def plain_notation(name: str, rank: int) -> Notation:
    """``C[i, j]`` is written C(i, j) unless the author says otherwise."""
    return Notation(name, args=tuple(range(rank)))
