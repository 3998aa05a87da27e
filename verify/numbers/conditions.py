"""What would make a wrong number right: a free number, a step of gradient descent, a factor.

Every search is over few candidates, and a candidate counts only where all cells are right under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from derive.equations import adjoint_name, adjoint_of
from derive.errors import Problem
from derive.expr import Access, Expr, accesses, add, negative, number, product, rewrite
from verify.compare import Outcome
from verify.numbers.hints import is_right_under, right
from verify.numbers.links import Found
from verify.numbers.rounding import Fit, fraction
from verify.numbers.values import Array, NoValue, Run, empty
from verify.verdict import Part, Status

if TYPE_CHECKING:
    from verify.numbers.quantities import Place, Quantity

LEAST_DIGITS = 4
"""Fewer digits shown do not tell a step of gradient descent."""
RATES = tuple(map(Fraction, ("1", "0.5", "0.3", "0.2", "0.1", "0.05", "0.01", "0.001")))
"""Learning rates that a second pass is tried with."""
VAGUE = Fraction(1, 4)
"""Bounds whose distance is a larger share of their mean do not tell a number."""
SIMPLE = 2
"""Most significant digits of a rate that the cells are taken to tell."""


# A free number


def solved(asked: Quantity, scalar: str, place: Place) -> Found | None:
    """The quantity with its one free number told by the cells: ``right if η = 0.1``."""
    if any(a.indices for a in accesses(asked.body) if a.tensor == scalar):
        return None  # no number, but an array without a value
    values = [_with_scalar(asked, scalar, Fraction(k), place) for k in (0, 1, 2)]
    rate = _told(asked, values)
    if rate is None:
        return None
    name = place.called(scalar)
    if isinstance(rate, str):
        message = f"no value of {name} makes every number right"
        return Found(Outcome(Status.REFUTED, message))
    again = Run(place.setting.bench, {**place.values.arrays, scalar: _number(rate)})
    found = asked.under(again)
    if found is None or not right(found):
        return None
    condition = f"right if {name} = {decimal(rate)}"
    parts = tuple(Part(p.what, Status.UNDECIDED, p.message) for p in found.parts)
    return Found(
        Outcome(Status.UNDECIDED, f"undeclared: {condition}", None, (), None, (condition,)), parts
    )


def _with_scalar(asked: Quantity, scalar: str, value: Fraction, place: Place) -> Array | None:
    run = Run(place.setting.bench, {**place.values.arrays, scalar: _number(value)})
    try:
        return run.at(asked.body, asked.axes)
    except (NoValue, Problem):
        return None


def _number(value: Fraction) -> Array:
    out = empty(())
    out[()] = value
    return out


def _told(asked: Quantity, values: list[Array | None]) -> Fraction | str | None:
    """The simplest number with which all cells are right.

    ``None`` where the quantity is not linear in it, or the cells do not tell it; a text where none
    can be.
    """
    laid_ = [None if v is None else asked.placed(v) for v in values]
    if any(x is None for x in laid_):
        return None
    low, high = None, None
    for zero, one, two in zip(*(x.cells for x in laid_ if x is not None), strict=True):
        base = fraction(zero.value)
        slope = fraction(one.value) - base
        if abs(fraction(two.value) - base - 2 * slope) > abs(slope) / 10**20:
            return None
        half = zero.shown.unit / 2
        if not slope:
            if abs(base - zero.shown.value) > half:
                return "none"
            continue
        ends = sorted((zero.shown.value + s * half - base) / slope for s in (-1, 1))
        low = ends[0] if low is None else max(low, ends[0])
        high = ends[1] if high is None else min(high, ends[1])
    if low is None or high is None:
        return None
    if low > high:
        return "none"
    return simplest(low, high) if high - low <= abs(low + high) * VAGUE / 2 else None


def simplest(low: Fraction, high: Fraction) -> Fraction | None:
    """The decimal with fewest digits between two bounds, where these tell it."""
    for places in range(-6, 12):
        unit = Fraction(1, 10) ** places
        first, last = ceil(low / unit), floor(high / unit)
        if first <= last:
            if last > first:
                return None  # several are as simple
            return first * unit
    return None


def decimal(value: Fraction) -> str:
    """A finite decimal as one writes it."""
    return f"{float(value):.12g}"


# A step of gradient descent


def after_a_step(asked: Quantity, place: Place) -> Iterator[str]:
    """The parameters are those after one step of gradient descent; the rate is told or usual."""
    parameters = [p for p in place.setting.bench.model.parameters if p in place.values.arrays]
    if not parameters or place.setting.bench.model.loss is None:
        return
    own = [n for n in asked.tensors if n in parameters]
    if isinstance(asked.body, Access) and own:
        rate = _rate(asked, own[0], place)
        if rate is not None:
            name = place.called(own[0])
            text = f"{name} stands for its value after a step with learning rate {decimal(rate)}"
            yield f"right if {text}"
        return
    if not tells_a_step(asked, place):
        return
    for rate in RATES:
        stepped = _stepped(parameters, rate, place)
        if stepped is not None and is_right_under(asked, Run(place.setting.bench, stepped)):
            text = f"the parameters are those after a step with learning rate {decimal(rate)}"
            yield f"right if {text}"
            return


def tells_a_step(asked: Quantity, place: Place) -> bool:
    """Whether the numbers are wrong by more than a digit, and have digits enough to tell."""
    placed = asked.placed(place.run.at(asked.body, asked.axes))
    if placed is None or not any(c.fit is Fit.WRONG for c in placed.cells):
        return False
    digits = (len(str(abs(c.shown.value / c.shown.unit))) for c in placed.cells if c.shown.value)
    return sum(digits) >= LEAST_DIGITS


def _rate(asked: Quantity, name: str, place: Place) -> Fraction | None:
    """The simple learning rate that all cells tell."""
    values = []
    for k in (0, 1, 2):
        body = rewrite(asked.body, lambda n, k=k: _moved(n, name, Fraction(k)))  # type: ignore[misc]
        try:
            values.append(place.run.at(body, asked.axes))
        except (NoValue, Problem):
            return None
    rate = _told(asked, values)
    if not isinstance(rate, Fraction) or rate <= 0:
        return None
    digits = str(rate.numerator * 10**12 // rate.denominator).rstrip("0")
    return rate if len(digits) <= SIMPLE else None


def _moved(node: Expr, name: str, rate: Fraction) -> Expr:
    if not isinstance(node, Access) or node.tensor != name:
        return node
    gradient = Access(adjoint_name(name), node.indices)
    return add(node, negative(product(number(rate), gradient)))


def _stepped(parameters: list[str], rate: Fraction, place: Place) -> dict[str, Array] | None:
    """All values with every parameter moved against its gradient."""
    run = place.run
    moved = dict(place.values.arrays)
    for name in parameters:
        try:
            gradient = run.value(adjoint_name(name))
        except (NoValue, Problem):
            return None
        array = empty(gradient.shape)
        for at, value in np.ndenumerate(gradient):
            array[at] = fraction(moved[name][at]) - rate * fraction(value)
        moved[name] = array
    return moved


# The loss by a factor


def scaled_loss(asked: Quantity, place: Place) -> Iterator[str]:
    """Gradients of the loss by another factor: its mean over the batch, or without the half."""
    loss = place.setting.bench.model.loss
    if loss is None:
        return
    name = place.called(loss)
    for factor, words in _factors(place):
        body = rewrite(asked.body, lambda n, f=factor: _scaled(n, loss, f))  # type: ignore[misc]
        if body != asked.body and is_right_under(asked, place.run, body):
            yield f"right if {name} is {words}"
            return


def _factors(place: Place) -> Iterator[tuple[Fraction, str]]:
    model = place.setting.bench.model
    if model.batch is not None:
        length = _batch_length(place)
        if length > 1 and model.batch.loss == "sum":
            yield Fraction(1, length), f"the mean over {length} samples"
        if length > 1 and model.batch.loss == "mean":
            yield Fraction(length), f"the sum over {length} samples"
    yield Fraction(2), "twice as large"
    yield Fraction(1, 2), "half as large"


def _batch_length(place: Place) -> int:
    model = place.setting.bench.fixed
    batch = model.batch
    for equation in model.equations if batch is not None else ():
        for axis in equation.axes:
            if batch is not None and axis.name == batch.axis:
                return axis.extent.value or 0
    return 0


def _scaled(node: Expr, loss: str, factor: Fraction) -> Expr:
    if isinstance(node, Access) and (node.tensor == loss or adjoint_of(node.tensor) is not None):
        return product(number(factor), node)
    return node
