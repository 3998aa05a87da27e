"""Recurrences as loops: place after place along one axis, every equation at that place.

The arrays are zeros at first and every term is added where it belongs; what a term demands of the
place alone, as at the end of an adjoint, is a test around its loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from derive.emitting.recurrent import at_least_zero, equal_zero
from derive.equations import Equation
from derive.index import Axis, Index
from derive.looping.equations import Body
from derive.looping.nest import Nest, emptied, more_in_lanes
from derive.looping.terms import Term, terms
from derive.planning.names import fresh_name
from derive.planning.recurrent import AtPlace, Recurrence

Said = Callable[[Equation, int], Sequence[str]]
"""The comment that an equation is, for so many spaces in front, which it has not."""


def repeated(body: Body, step: Recurrence, said: Said) -> None:
    """The loop of a recurrence whose tensors the samples carry."""
    nest = body.nest
    for tensor in step.computed:
        emptied(nest, body.stores[tensor])
    for part in step.begin:
        _at_place(body, part, "", said)
    letter = fresh_name(step.letter, {*nest.taken})
    down = step.first > step.last
    end, stride = (step.last - 1, ", -1") if down else (step.last + 1, "")
    with nest.inside(f"for {letter} in range({step.first}, {end}{stride}):"):
        for part in step.places:
            _at_place(body, part, letter, said)


def _at_place(body: Body, part: AtPlace, letter: str, said: Said) -> None:
    """One equation at the place that ``letter`` counts, or at its own where it has one."""
    equation, nest = part.equation, body.nest
    time = next(iter(part.store.place.axes), None)
    axes = tuple(a for a in equation.axes if a is not time)
    found = [_tested(t, time) for t in terms(axes, equation.rhs, equation.lhs.indices)]
    if time is not None:
        nest.scalar.names[time] = letter
    nest.put(*said(equation, 4 * nest.depth))
    with _under(nest, letter, [c.index for c in part.conditions], []):
        for term, guards, zeros in found:
            body.checked(equation.tensor, term)
            with _under(nest, letter, guards, zeros):
                more_in_lanes(nest, body.without_winners(term), body.stores[equation.tensor])
    if time is not None:
        del nest.scalar.names[time]


def _tested(term: Term, time: Axis | None) -> tuple[Term, list[Index], list[Index]]:
    """The term without what it demands of time alone, and that: at least 0, equal to 0."""

    def on_time(index: Index) -> bool:
        return time is not None and index.axes == {time}

    guards = tuple(g for g in term.guards if not on_time(g))
    congruences = tuple(c for c in term.congruences if not on_time(c))
    rest = replace(term, guards=guards, congruences=congruences)
    return rest, [*filter(on_time, term.guards)], [*filter(on_time, term.congruences)]


@contextmanager
def _under(
    nest: Nest, letter: str, guards: Sequence[Index], zeros: Sequence[Index]
) -> Iterator[None]:
    """Lines under the test that the guards are at least 0 and the others are 0."""
    tests = [at_least_zero(g, letter) for g in guards] + [equal_zero(z, letter) for z in zeros]
    if not tests:
        yield
        return
    with nest.inside(f"if {' and '.join(tests)}:"):
        yield
