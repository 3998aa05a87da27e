"""All tensors of a model, or all values of any equations, in order; recurrences place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from derive.arithmetic import FLOAT, Array, Numbers
from derive.equations import Equation, Model
from derive.errors import IllFormed
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Expr
from derive.index import Axis
from derive.loops import Loop
from derive.scope import Ranges, Span, extent, integer, span_of

Whole = tuple[Any, ...]
"""Slices into the array of a tensor; the empty one is all of it."""


@dataclass(frozen=True)
class Spot:
    """Where an equation is evaluated: all at once, or at one place of a loop.

    ``part`` is the part of the tensor's array that comes of it.
    """

    equation: Equation
    env: Mapping[str, Array]
    ranges: Ranges
    number: Numbers
    at: Mapping[Axis, Span] = field(default_factory=dict)
    part: Whole = ()

    def values(self, expr: Expr) -> Array:
        """An expression over the equation's axes, here."""
        return evaluate(
            expr, self.equation.axes, self.env, self.ranges, number=self.number, at=self.at
        )


Finish = Callable[[Spot, Array], Array]
"""What becomes of the values of a right side; as they are where nothing is said."""


def run(
    model: Model,
    values: Mapping[str, Array],
    *,
    number: Numbers = FLOAT,
    finish: Finish | None = None,
) -> dict[str, Array]:
    """All tensors of ``model`` (which is ``at_sizes``) from ``values`` for inputs and parameters.

    Equations are evaluated in order; a tensor that is given although it has an equation is kept as
    given. Raises what `evaluate` raises, and `IllFormed` for a missing or wrongly shaped array.
    """
    ranges = integer_ranges(model)
    env: dict[str, Array] = {}
    for name, given in values.items():
        if name not in ranges:
            raise IllFormed(f"{model.name} has no tensor {name}", expected=", ".join(model.tensors))
        env[name] = number.asarray(given)
        wanted = tuple(extent(span) for span in ranges[name])
        if np.shape(env[name]) != wanted:
            raise IllFormed(f"{name} has shape {np.shape(env[name])}", expected=f"{wanted}")
    if missing := [n for n in (*model.inputs, *model.parameters) if n not in env]:
        raise IllFormed(f"no value for {', '.join(missing)}")
    fill(left_to_do(model, env), env, ranges, number=number, finish=finish)
    return env


def left_to_do(model: Model, known: Iterable[str]) -> tuple[Equation | Loop, ...]:
    """The blocks of ``model`` without the tensors that are known.

    Raises `derive.loops.NoLoop` as `Model.blocks` does.
    """
    known = set(known) & model.by_tensor.keys()
    if any(isinstance(b, Loop) and b.tensors & known for b in model.blocks):
        return model.without(known).blocks
    return tuple(b for b in model.blocks if isinstance(b, Loop) or b.tensor not in known)


def fill(
    todo: Iterable[Equation | Loop],
    env: dict[str, Array],
    ranges: Ranges,
    *,
    number: Numbers = FLOAT,
    finish: Finish | None = None,
) -> None:
    """Put the tensors that these blocks compute into ``env``. Raises what `evaluate` raises."""
    for block in todo:
        if isinstance(block, Loop):
            env.update(_Places(block, env, ranges, number, finish).values())
            continue
        spot = Spot(block, env, ranges, number)
        value = spot.values(block.rhs)
        env[block.tensor] = finish(spot, value) if finish else value


class _Places:
    """One run of a loop, place after place; what was computed last is read from a window.

    A new array is made of the window at every place, because automatic differentiation cannot
    write into one; it is as long as the loop's reads go back, so that the work grows with the
    number of places and not with its square.
    """

    def __init__(
        self,
        loop: Loop,
        env: Mapping[str, Array],
        ranges: Ranges,
        number: Numbers,
        finish: Finish | None,
    ) -> None:
        self.loop = loop
        self.env = dict(env)
        self.ranges = dict(ranges)
        self.number = number
        self.finish = finish
        self.home = {n: ranges[n] for n in loop.tensors}
        self.done: dict[str, list[Array]] = {n: [] for n in loop.tensors}
        self.last: dict[str, int] = {}

    def values(self) -> dict[str, Array]:
        """The tensors of the loop, each over its whole range."""
        spans = [self._span(e) for e in self.loop.equations]
        for name in self.loop.tensors:
            self._show(name)
        first, last = min(lo for lo, _ in spans), max(hi for _, hi in spans)
        places = range(first, last + 1)
        for place in places if self.loop.step > 0 else reversed(places):
            for e, (lo, hi) in zip(self.loop.equations, spans, strict=True):
                if lo <= place <= hi:
                    self._add(e, place)
        return {n: self._joined(n, parts) for n, parts in self.done.items()}

    def _span(self, e: Equation) -> Span:
        along = self.loop.along(e)
        axis = self._axis(e)
        return (integer(along),) * 2 if axis is None else span_of(axis)

    def _axis(self, e: Equation) -> Axis | None:
        """The equation's axis along the loop, ``None`` for one element that begins it."""
        return next(iter(self.loop.along(e).axes), None)

    def _add(self, e: Equation, place: int) -> None:
        axis, position = self._axis(e), self.loop.position[e.tensor]
        start = self.home[e.tensor][position][0]
        along = place - start if axis is None else slice(place - start, place - start + 1)
        at = {} if axis is None else {axis: (place, place)}
        part = (*(slice(None),) * position, along)
        spot = Spot(e, self.env, self.ranges, self.number, at, part)
        value = spot.values(e.rhs)
        if self.finish:
            value = self.finish(spot, value)
        if axis is None:
            value = self.number.xp.expand_dims(value, position)
        self.done[e.tensor].append(value)
        self.last[e.tensor] = place
        self._show(e.tensor)

    def _show(self, name: str) -> None:
        """Put the window of ``name`` where reads find it."""
        position, window = self.loop.position[name], self.done[name][-self.loop.lag - 1 :]
        spans = list(self.home[name])
        if window:
            far = self.last[name] - self.loop.step * (len(window) - 1)
            spans[position] = min(far, self.last[name]), max(far, self.last[name])
            self.env[name] = self._joined(name, window)
        else:  # nothing can be read; an array must be there for reads that a bracket excludes
            shape = [extent(s) for s in spans]
            shape[position] = 1
            spans[position] = spans[position][0], spans[position][0] - 1
            self.env[name] = self.number.asarray(np.zeros(shape, dtype=np.int64))
        self.ranges[name] = tuple(spans)

    def _joined(self, name: str, parts: list[Array]) -> Array:
        if len(parts) == 1:
            return parts[0]
        upwards = parts if self.loop.step > 0 else parts[::-1]
        return self.number.xp.concatenate(upwards, axis=self.loop.position[name])
