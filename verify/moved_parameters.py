"""Parameters on their way through a step: what was moved already, and what it was before.

A deck that shows the new values one parameter after the other shows gradients between them, and
these are still those at the old values.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from fractions import Fraction

import numpy as np

from verify.numbers.places import Values
from verify.numbers.values import Array

STEP = Fraction(1, 20)
"""What moves a parameter by less, as a share of its largest entry, looks like one step."""


def same(one: Array, other: Array) -> bool:
    """Whether every entry of the first is that of the second."""
    return all(value == other[at] for at, value in np.ndenumerate(one))


def near(before: Array, array: Array) -> bool:
    """Whether a parameter moved as little as one step moves it."""
    pairs = [(old, array[at]) for at, old in np.ndenumerate(before) if old is not None]
    if any(new is None for _, new in pairs) or not pairs:
        return False
    farthest = max(abs(Fraction(new - old)) for old, new in pairs)
    return farthest <= STEP * max(abs(Fraction(old)) for old, _ in pairs)


def before_the_step(values: Values, parameters: Container[str]) -> dict[str, Array]:
    """The old arrays of what a step has moved while other parameters are still to be moved.

    Nothing is on its way where an input changes, or a parameter by more than a step: that is
    another example; nor where a parameter gets back what it was once before.
    """
    todo = {n for n in values.arrays if n in parameters}
    moved: dict[str, Array] = {}
    changes = list(_changes(values))
    for at, (name, old, new) in enumerate(changes):
        back = any(n == name and same(o, new) for n, o, _ in changes[:at])
        if name not in todo or back or not near(old, new):
            moved = {}
        else:
            moved.setdefault(name, old)
        if moved.keys() >= todo:
            moved = {}
    return moved


def _changes(values: Values) -> Iterator[tuple[str, Array, Array]]:
    """Whatever got another value, with the old and the new one."""
    for at, (name, old) in enumerate(values.earlier):
        later = (o for n, o in values.earlier[at + 1 :] if n == name)
        new = next(later, values.arrays[name])
        if not same(old, new):
            yield name, old, new
