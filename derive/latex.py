r"""Core expressions and equations as LaTeX in the model's notation.

Guards become limits of sums where they can, else Iverson brackets; a window that holds one point is
replaced by that point, ``S(\lceil i/2 \rceil)``. Only notation that an author wrote is printed as
it is; every other name is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from derive.equations import Equation, Model, adjoint_name
from derive.expr import Access, Expr
from derive.index import Axis
from derive.printer import Printer, named
from derive.steps import Solved
from derive.typeset import Names, axis_latex, escape, index_latex, symbol, tensor_latex

__all__ = [
    "access_latex",
    "adjoint_latex",
    "equation_latex",
    "escape",
    "index_latex",
    "latex",
    "quantifiers",
    "solved_latex",
    "symbol",
    "tensor_latex",
]


def latex(expr: Expr, model: Model, names: Names | None = None) -> str:
    """``expr`` in the notation of ``model``; ``names`` gives other texts for free axes.

    Axes keep their names; a bound axis whose name is taken gets primes.
    """
    free = sorted(expr.free_axes, key=lambda a: a.uid)
    return Printer(model, named(free, names or {}, model)).whole(expr)


def access_latex(access: Access, model: Model, names: Names | None = None) -> str:
    """One element, or one adjoint as a partial derivative."""
    return latex(access, model, names)


def equation_latex(equation: Equation, model: Model) -> str:
    r"""``T(i) = …, \quad i = 1, \dots, n``: the equation and the ranges of its axes."""
    names = named(equation.axes, {}, model)
    sides = (latex(equation.lhs, model, names), latex(equation.rhs, model, names))
    quantified = "".join(rf", \quad {q}" for q in quantifiers(equation.axes, names))
    return " = ".join(sides) + quantified


def adjoint_latex(access: Access, model: Model, names: Names | None = None) -> str:
    r"""``\frac{\partial L}{\partial T(i)}`` for an access to the tensor itself."""
    return access_latex(Access(adjoint_name(access.tensor), access.indices), model, names)


def solved_latex(solved: Solved, free: Sequence[Axis], model: Model) -> str:
    r"""``u = s i' - i``, in the names that the term has in an equation with these free axes."""
    names = named(sorted(free, key=lambda a: a.uid), {}, model)
    for axis in solved.bound:
        names = named([axis], names, model)
    return f"{names[solved.axis]} = {index_latex(solved.solution, names)}"


def quantifiers(axes: Sequence[Axis], names: Names | None = None) -> Iterator[str]:
    r"""``i, j = 1, \dots, 24`` for each run of axes over one range."""
    for (lo, hi), group in groupby(axes, key=lambda a: (a.lo, a.hi)):
        who = ", ".join(axis_latex(a, names or {}) for a in group)
        first, last = index_latex(lo, names), index_latex(hi, names)
        length = (hi - lo).value
        if length == 0:
            yield rf"{who} \in \{{{first}\}}"
        else:
            both = length == 1 and not first.startswith("-")  # a comma before a sign parts formulas
            yield f"{who} = {first}, {last}" if both else rf"{who} = {first}, \dots, {last}"
