r"""Numerator and denominator layout: which way round a matrix of derivatives is written.

``\frac{\partial z}{\partial x}`` of columns z and x has z's elements along its rows (numerator
layout) or along its columns (denominator layout); many mix the first with gradients of numbers that
have the shape of what they are taken by. A declaration decides; else the shapes where only
one way fits; else it is `Undeclared`. The gradient of a number has the shape of what it is taken
by unless numerator layout is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from derive.reading.arrays import ArrayValue, ShapeMismatch, transpose
from derive.reading.gradient_shapes import LAYOUT, OF_ROWS, settled_in_shape
from derive.reading.problems import Reading, Undeclared
from derive.reading.scope import Scope

LAYOUTS = {
    "mixed": "Jacobians have rows for what stands above (numerator layout), gradients are columns",
    "denominator": "derivatives have rows for what stands below (denominator layout)",
    "numerator": "derivatives have rows for what stands above (numerator layout)",
}
ROWS = {
    "rows": "derivatives by vectors have rows for what stands above (numerator layout), gradients "
    "by matrices have the shape of the matrix",
}
DECLARED = (*LAYOUTS, *ROWS)
"""What may be declared."""
CHAIN = {
    "chain": "gradients have the shape of what they are taken by, and a product of derivatives is "
    "the sum over what stands between, whichever way they are turned",
}
"""What is asked about where no layout fits."""

T = TypeVar("T")


def laid_out(value: ArrayValue, above: int, below: int, scope: Scope, at: int) -> ArrayValue:
    """A derivative of ``above`` by ``below`` dimensions, in the layout of the scope.

    Raises `Undeclared` where a matrix of derivatives could be written both ways.
    """
    if not below:
        return value
    layout = scope.operators.get(LAYOUT)
    if above == 1 and below == 2 and layout == "numerator":
        first, *rest = value.axes
        return ArrayValue((first, *rest[::-1]), value.body)
    if above > 1 or value.rank > 2:
        return value
    if not above:
        if below == 1 and layout in OF_ROWS:
            return replace(value, row=True)
        return transpose(value, at) if layout == "numerator" else value
    if layout is None:
        raise undeclared(LAYOUTS, at)
    return transpose(value, at) if layout == "denominator" else value


def undeclared(layouts: dict[str, str], at: int | None) -> Undeclared:
    """The question which of the layouts is meant."""
    readings = tuple(Reading(text, (LAYOUT, name)) for name, text in layouts.items())
    return Undeclared("the layout of this derivative is not declared", LAYOUT, readings, at)


def settled(read: Callable[[Scope], T], scope: Scope) -> T:
    """What ``read`` gives under the declared layout, or under the only one whose shapes fit.

    Raises `Undeclared` where both fit, or where the shapes of gradients fit in numerator layout
    alone, which nobody declared.
    """
    if LAYOUT in scope.operators:
        return settled_in_shape(read, scope)
    watched = _Watched(scope.operators)
    try:
        return read(replace(scope, operators=watched))
    except Undeclared as open_:
        if open_.symbol != LAYOUT:
            raise
        return _by_shape(read, scope, open_)
    except ShapeMismatch as mismatch:
        if not watched.asked:
            raise  # as it would be in every layout
        try:
            read(scope.declare_operator(LAYOUT, "numerator"))
        except ShapeMismatch:
            raise _last(read, scope, mismatch) from None
        raise undeclared({"numerator": LAYOUTS["numerator"]}, mismatch.offset) from mismatch


class _Watched(Mapping[str, str]):
    """What operators mean; ``asked`` once the layout was asked for, or all was copied."""

    def __init__(self, operators: Mapping[str, str]) -> None:
        self._operators = operators
        self.asked = False

    def __getitem__(self, operator: str) -> str:
        self.asked = self.asked or operator == LAYOUT
        return self._operators[operator]

    def __iter__(self) -> Iterator[str]:
        self.asked = True
        return iter(self._operators)

    def __len__(self) -> int:
        return len(self._operators)


def _by_shape(read: Callable[[Scope], T], scope: Scope, open_: Undeclared) -> T:
    fitting = []
    for layout in LAYOUTS:
        try:
            read(scope.declare_operator(LAYOUT, layout))
        except ShapeMismatch as error:
            mismatch = error
        else:
            fitting.append(layout)
    if not fitting:
        raise _last(read, scope, mismatch)
    if "mixed" in fitting and "numerator" in fitting:
        fitting.remove("numerator")
    if len(fitting) > 1:
        raise undeclared({name: LAYOUTS[name] for name in fitting}, open_.offset)
    scope.note(LAYOUTS[fitting[0]])
    return read(scope.declare_operator(LAYOUT, fitting[0]))


def _last(
    read: Callable[[Scope], object], scope: Scope, mismatch: ShapeMismatch
) -> Undeclared | ShapeMismatch:
    """The question about a layout that nobody is taken to mean unless nothing else fits."""
    for question in (ROWS, CHAIN):
        try:
            read(scope.declare_operator(LAYOUT, *question))
        except ShapeMismatch:
            continue
        return undeclared(question, mismatch.offset)
    return mismatch
