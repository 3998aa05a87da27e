"""Equations as steps: forward ones as they stand, adjoints in the cheapest of three forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive.collapse import terms_of
from derive.equations import Equation, adjoint_of
from derive.expr import Delta, Expr, Guard, product, summation, walk
from derive.loops import Loop
from derive.planning.arrays import Broadcast
from derive.planning.book import Statement
from derive.planning.cost import cost
from derive.planning.elementwise import is_number
from derive.planning.expressions import Reader, compiled
from derive.planning.forwards import forwards
from derive.planning.halfway import rows_gathered
from derive.planning.labelled import Labelled, full, mapped, turned
from derive.planning.recurrent import recurrence
from derive.planning.scatter import scattered
from derive.planning.step import Step
from derive.steps import Derivation

CLEARLY = 0.75
"""Another form is taken where its cost is below this part of the scatter form's."""


def forward_step(block: Equation | Loop, names: Mapping[str, str], reader: Reader) -> Step:
    if isinstance(block, Loop):
        return recurrence(block, names, reader, _assigning)
    return _planned(block, block.rhs, names, reader)


def backward_step(
    block: Equation | Loop,
    derivations: Mapping[str, Derivation],
    names: Mapping[str, str],
    reader: Reader,
) -> Step:
    """A loop as its equations stand, one equation in the cheaper form."""
    if isinstance(block, Loop):
        return recurrence(block, names, reader, _assigning)
    return _cheaper(derivations[adjoint_of(block.tensor) or ""], names, reader)


def _assigning(equation: Equation, name: str, reader: Reader) -> tuple[Statement, ...]:
    """The statements that assign the right side to a variable of this name."""
    _assign(equation, name, _value(equation, equation.rhs, reader), reader)
    return reader.book.turn_page()


def _cheaper(derivation: Derivation, names: Mapping[str, str], reader: Reader) -> Step:
    """The gather form where it needs no brackets, else the cheapest of it, the scatter form and
    the one between them.

    Where they cost about the same, the scatter form is taken, which needs no padding.
    """
    equation = derivation.equation
    forms = [equation.rhs]
    if any(isinstance(node, Guard | Delta) for node in walk(equation.rhs)):
        half = rows_gathered(derivation.scatter, equation.axes)
        forms = [derivation.scatter, *([half] if half is not None else []), equation.rhs]
    trials = ((form, replace(reader, book=reader.book.copy())) for form in forms)
    steps = [(_planned(equation, form, names, trial), trial.book) for form, trial in trials]
    weights = [cost(step.statements) for step, _ in steps]
    cheap = [k for k, weight in enumerate(weights) if weight < CLEARLY * weights[0]]
    step, book = steps[min(cheap, key=weights.__getitem__, default=0)]
    reader.book.adopt(book)
    return step


def _planned(equation: Equation, rhs: Expr, names: Mapping[str, str], reader: Reader) -> Step:
    _assign(equation, names[equation.tensor], _value(equation, rhs, reader), reader)
    return Step(equation.tensor, equation, reader.book.turn_page())


def _value(equation: Equation, rhs: Expr, reader: Reader) -> Labelled:
    """The right side as an array over the equation's axes."""
    if any(isinstance(node, Delta) for node in walk(rhs)):
        return _scattered(equation, rhs, reader)
    carries_samples = any(a.extent.value is None for a in equation.axes)
    fixed = frozenset(equation.axes if carries_samples else ())
    way = forwards(equation.axes, rhs, fixed)
    value = compiled(way.rhs, way.axes, reader)
    if not way.turned:
        return value
    whole = turned(full(value, way.axes), way.turned)
    return Labelled(whole.array, equation.axes)


def _assign(equation: Equation, name: str, value: Labelled, reader: Reader) -> None:
    array = full(value, equation.axes).array
    if is_number(array):
        array = Broadcast(array, ())
    reader.book.assign(name, array)


def _scattered(equation: Equation, rhs: Expr, reader: Reader) -> Labelled:
    """The right side as an array over the equation's axes; terms with deltas are scattered."""
    axes = equation.axes
    total: Labelled | None = None
    for bound, factors in terms_of(rhs):
        if any(isinstance(f, Delta) for f in factors):
            term = scattered(bound, factors, axes, reader)
        else:
            term = compiled(summation(bound, product(*factors)), axes, reader)
        total = term if total is None else mapped("+", (total, term), axes)
    assert total is not None
    return total
