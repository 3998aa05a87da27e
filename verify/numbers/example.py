r"""Steps that hold in the example of a deck: ``L = -\log p_2 = 0.98`` where the target is e_2.

With targets of zeros and ones as given and any other values the step may hold throughout: then the
example is what it speaks of. Holds it only near the values of the example, as what comes through a
maximum does, nobody knows whether these are meant.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from derive.errors import Problem
from verify.compare import Outcome
from verify.numbers.links import Found, accepted, same
from verify.numbers.quantities import Place
from verify.numbers.sides import Side
from verify.numbers.values import Array, NoValue, Run
from verify.verdict import Status

Move = Callable[[Fraction, random.Random], Fraction]
DRAWS = 4
MOST_ENTRIES = 2000
NEAR = Fraction(1, 10**7)
"""How far values are moved: they stay on the same branch of every maximum, at a tie on one."""


def in_the_example(left: Side, right: Side, place: Place) -> Found | None:
    """What is said of two sides that have one value in the deck's example; else ``None``."""
    given = dict(place.values.arrays)
    marks = {name: array for name, array in given.items() if _of_zeros_and_ones(array)}
    if sum(np.size(a) for a in given.values()) > MOST_ENTRIES:
        return None
    if marks and all(_agree(left, right, place, g) for g in _others(given, marks, _anywhere)):
        of = " and ".join(map(place.called, marks))
        message = f"right in this example, where {of} {'are' if len(marks) > 1 else 'is'} as given"
        detail = f"both sides have one value at {DRAWS} places with the same {of}"
        return accepted(Status.CONFIRMED, message, "digits", detail)
    if any(_agree(left, right, place, g) for g in _others(given, marks, _nearby)):
        condition = "right if only the values of this example are meant"
        message = f"not for all values; {condition}"
        return Found(Outcome(Status.UNDECIDED, message, conditions=(condition,)))
    return None


def _of_zeros_and_ones(array: Array) -> bool:
    """Whether it may mark classes: more than one entry, each 0 or 1."""
    return array.size > 1 and all(v in (0, 1) for v in array.reshape(-1))


def _anywhere(_value: Fraction, draw: random.Random) -> Fraction:
    return Fraction(draw.randint(-199, 199), 100)


def _nearby(value: Fraction, draw: random.Random) -> Fraction:
    return value + NEAR * draw.randint(-9, 9)


def _others(
    given: dict[str, Array], marks: dict[str, Array], move: Move
) -> Iterator[dict[str, Array]]:
    """The values of the example, those of ``marks`` as they are and the others moved."""
    for seed in range(DRAWS):
        draw = random.Random(seed)
        yield {n: a if n in marks else _moved(a, move, draw) for n, a in given.items()}


def _moved(array: Array, move: Move, draw: random.Random) -> Array:
    found = np.empty_like(array)
    for at, value in np.ndenumerate(array):
        found[at] = None if value is None else move(value, draw)
    return found


def _agree(left: Side, right: Side, place: Place, given: dict[str, Array]) -> bool:
    run = Run(place.setting.bench, given)
    try:
        one, other = (run.at(side.body, side.axes) for side in (left, right))
    except (NoValue, Problem):
        return False
    shapes = one.shape == other.shape
    return shapes and all(map(same, one.reshape(-1), other.reshape(-1)))
