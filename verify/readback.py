"""A claim as it was understood: every symbol resolved, every range stated."""

from __future__ import annotations

from itertools import groupby

from derive.equations import Model
from derive.index import Axis
from derive.latex import index_latex, latex, symbol
from derive.reading.statement import Statement


def read_as(read: Statement, model: Model) -> str:
    """The statement in the model's notation with the ranges of its free indices, as LaTeX."""
    names = {a: symbol(a.name) for a in read.axes}
    sides = [latex(side.body, model, names) for side in read.sides]
    text = sides[0]
    for operator, side in zip(read.operators, sides[1:], strict=False):
        text += f" {operator} {side}"
    return text + "".join(rf", \quad {q}" for q in _ranges(read.axes))


def _ranges(axes: tuple[Axis, ...]) -> list[str]:
    found = []
    for (lo, hi), group in groupby(axes, key=lambda a: (a.lo, a.hi)):
        who = ", ".join(symbol(a.name) for a in group)
        found.append(rf"{who} = {index_latex(lo)}, \dots, {index_latex(hi)}")
    return found
