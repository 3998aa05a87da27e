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

from derive.equations import Equation, Model, Notation, Range, Shift, Tensor
from derive.errors import IllFormed
from derive.expr import Summation, accesses, indices_of, walk
from derive.index import Axis, Index, Size
from derive.learning import Batch, Update
from derive.lower import Scalar, function_class, lower, lower_bound
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

    Raises `IllFormed` for an index without a range, a size without a value, a node without
    counterpart, a tensor defined twice, read with different numbers of indices or outside its
    range, and an input or loss that no equation has; ``ValueError`` where a tensor is read before
    its equation.
    """
    equations = [_equation(s) for s in slides]
    known = {s.name: s for e in equations for s in _sizes(e)}
    values = {known.get(n, Size(n)): v for n, v in (sizes or {}).items()}
    _require_values(equations, values)
    tensors = _tensors(equations, values, notation or {})
    shifted, shifts = _at_their_origins(equations, tensors, values)
    computed = {e.tensor for e in shifted}
    _require_known((*inputs, *([loss] if loss else ())), tensors)
    model = Model(
        name=name,
        tensors=tensors,
        equations=shifted,
        inputs=tuple(inputs),
        parameters=tuple(n for n in tensors if n not in computed and n not in inputs),
        loss=loss,
        sizes=values,
        functions=dict(functions or {}),
        operators=dict(operators or {}),
        batch=batch,
        shifts=shifts,
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
    if len(set(indices)) < len(indices) or len(indices) < len(axes):
        listed = ", ".join(a.name for a in axes.values())
        raise IllFormed(
            f"the left side {slide.lhs} does not have each of the indices {listed} once",
            expected="one index for every range",
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
    first, last = (lower_bound(sympy.sympify(b, strict=True), {}) for b in (lo, hi))
    return Axis(symbol.name, first, last)


def _sizes(equation: Equation) -> set[Size]:
    """Every size in the ranges and the indices of an equation."""
    bound = (n for n in walk(equation.rhs) if isinstance(n, Summation))
    axes = (*equation.axes, *(a for n in bound for a in n.axes))
    bounds = (b for a in axes for b in (a.lo, a.hi))
    indices = (i for n in walk(equation.rhs) for i in indices_of(n))
    return {s for i in (*bounds, *indices) for s in i.sizes}


def _at_their_origins(
    equations: Sequence[Equation], tensors: Mapping[str, Tensor], sizes: Mapping[Size, int]
) -> tuple[tuple[Equation, ...], tuple[Shift, ...]]:
    """The equations with every read at the tensor's own origin, and what was shifted for it."""
    found = [with_shifts(e, tensors, sizes, frozenset()) for e in equations]
    return tuple(e for e, _ in found), tuple(s for _, shifts in found for s in shifts)


def _require_values(equations: Sequence[Equation], values: Mapping[Size, int]) -> None:
    for equation in equations:
        for symbol in sorted(_sizes(equation) - values.keys()):
            raise IllFormed(
                f"{symbol} in the equation of {equation.tensor} has neither a range nor a value",
                expected="an index with a range, or a size with a value in sizes",
            )


def _require_known(names: Sequence[str], tensors: Mapping[str, Tensor]) -> None:
    for name in names:
        if name not in tensors:
            raise IllFormed(f"no equation has {name}", expected=f"one of {', '.join(tensors)}")


def _tensors(
    equations: list[Equation], sizes: Mapping[Size, int], notation: Mapping[str, Notation]
) -> dict[str, Tensor]:
    """Computed tensors on the ranges of their equations, the others as far as they are read."""
    ranges: dict[str, tuple[Range, ...]] = {}
    for e in equations:
        if e.tensor in ranges:
            raise IllFormed(f"{e.tensor} has two equations")
        ranges[e.tensor] = tuple((a.lo, a.hi) for a in e.axes)
    for name, rank in _ranks(equations).items():
        if name not in ranges:
            ranges[name] = inferred_ranges(name, rank, equations, sizes)
    return {
        name: Tensor(name, bounds, notation.get(name) or plain_notation(name, len(bounds)))
        for name, bounds in ranges.items()
    }


def _ranks(equations: Sequence[Equation]) -> dict[str, int]:
    """How many indices every tensor has, wherever it stands."""
    ranks: dict[str, int] = {}
    for access in (a for e in equations for a in (e.lhs, *accesses(e.rhs))):
        rank = len(access.indices)
        if ranks.setdefault(access.tensor, rank) != rank:
            raise IllFormed(
                f"{access.tensor} has {rank} indices here and {ranks[access.tensor]} elsewhere"
            )
    return ranks


def plain_notation(name: str, rank: int) -> Notation:
    """``C[i, j]`` is written C(i, j) unless the author says otherwise."""
    return Notation(name, args=tuple(range(rank)))
