"""A second value for what the deck gave a value before: another example, a step, or a slip.

most numbers are the same        a slip, or another example: undecided, with both numbers
a parameter moved by a step      undecided: "right if θ stands for its value after a step …"
by so little, but by no step     undecided, and says so; it holds from there on
what it was once before          that value holds again
otherwise                        another example: the value holds from there on
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from verify.compare import Outcome
from verify.moved_parameters import near, same
from verify.numbers.conditions import after_a_step
from verify.numbers.links import Found, long_text
from verify.numbers.places import as_table
from verify.numbers.quantities import Place, Quantity
from verify.numbers.sides import Side
from verify.numbers.values import Array
from verify.verdict import Evidence, Status

GIVEN = "values"
GIVEN_ANEW = (GIVEN, "unclear")
"""Method and outcome of the evidence that another value was given before."""
SLIP = "was given before with"


def doubtful(left: Side, right: Side, given: dict[str, Array], place: Place) -> Found | None:
    """Why the value that ``left = right`` gives is not taken; ``None`` where it is."""
    ((name, array),) = given.items()
    before = place.values.arrays.get(name)
    if before is None:
        return None
    changed = [
        at for at in np.ndindex(array.shape)
        if before[at] is not None and before[at] != array[at]
    ]  # fmt: skip
    if any(n == name and same(old, array) for n, old in place.values.earlier):
        return None
    known = sum(v is not None for v in before.flat)
    if not changed:
        return None
    if 2 * len(changed) <= known:
        old, new = before[changed[0]], array[changed[0]]
        message = f"{SLIP} {long_text(old)} where {long_text(new)} stands now"
        condition = "right if another example is meant"
        return _open(f"{message}: {condition}", condition)
    table = as_table(right)
    assert table is not None
    asked = Quantity(left.body, left.axes, table, right.shown is not None, False)
    for condition in after_a_step(asked, place):
        return _open(f"undeclared: {condition}", condition)
    if name in place.setting.bench.model.parameters and near(before, array):
        old, new = before[changed[0]], array[changed[0]]
        message = (
            f"{long_text(new)} stands where {long_text(old)} was given before, and no learning "
            "rate makes every number a step of gradient descent from there"
        )
        return replace(_open(message, "right if another example is meant"), taken=True)
    return None


def _open(message: str, condition: str) -> Found:
    evidence = (Evidence(*GIVEN_ANEW, "another value was given before"),)
    return Found(Outcome(Status.UNDECIDED, message, None, evidence, None, (condition,)))
