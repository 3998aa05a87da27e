"""Where a formula decides between branches, and which of them a run takes.

A kinked function takes a branch by the sign of its *switch*, a maximum by the place of its winner.
Between kinks everything is analytic, so numbers that agree on one branch say nothing of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from derive.arithmetic import Array
from derive.equations import Model
from derive.expr import (
    ONE,
    Apply,
    Delta,
    Expr,
    Guard,
    Product,
    Summation,
    Winner,
    children,
    product,
)
from derive.index import Axis
from derive.rules import rule

Evaluate = Callable[[Expr, tuple[Axis, ...]], Array]
"""The values of an expression over axes, in doubles."""

DEAD = -2
"""Stands where no guard lets anything be read."""


@dataclass(frozen=True)
class Fork:
    """One decision for all values of ``axes``: a sign of ``body``, or its winner over ``window``.

    Where ``gate`` is 0 nothing is decided.
    """

    axes: tuple[Axis, ...]
    body: Expr
    window: tuple[Axis, ...] = ()
    gate: Expr = ONE

    @property
    def options(self) -> int:
        """How many branches there are."""
        return prod(a.extent.value or 0 for a in self.window) if self.window else 2

    def taken(self, evaluate: Evaluate) -> tuple[Array, Array]:
        """The branch of every entry, and where it lies on a kink or a tie.

        Signs are -1, 0 or 1, winners are places in their windows from 0 on; `DEAD` where the gate
        is 0.
        """
        live = np.asarray(evaluate(self.gate, self.axes)) != 0
        values = evaluate(product(self.gate, self.body), (*self.axes, *self.window))
        if not self.window:
            signs = np.sign(values)
            return np.where(live, signs, DEAD).astype(np.int64), live & (signs == 0)
        windows = np.reshape(values, (*np.shape(live), -1))
        tied = np.sum(windows == np.max(windows, axis=-1, keepdims=True), axis=-1) > 1
        return np.where(live, np.argmax(windows, axis=-1), DEAD), live & tied


def forks(expr: Expr, axes: tuple[Axis, ...], gates: tuple[Expr, ...] = ()) -> Iterator[Fork]:
    """Every fork of ``expr`` with the axes that it is under and the gates around it."""
    if isinstance(expr, Summation):
        axes = (*axes, *expr.axes)
    if isinstance(expr, Product):
        gates = (*gates, *(f for f in expr.factors if isinstance(f, Delta | Guard)))
    if isinstance(expr, Apply) and (switch := rule(expr.function).switch):
        yield Fork(axes, switch(expr.arguments), (), product(*gates))
    if isinstance(expr, Winner):
        yield Fork(axes, expr.body, expr.axes, product(*gates))
        axes = (*axes, *expr.axes)
    for part in children(expr):
        yield from forks(part, axes, gates)


def model_forks(model: Model) -> tuple[Fork, ...]:
    """Where ``model`` (at its sizes) decides between branches."""
    return tuple(fork for e in model.equations for fork in forks(e.rhs, e.axes))


class Seen:
    """Which branches of each fork have been taken somewhere in some run.

    Those that are ``decided`` take one branch by what the formula says itself.
    """

    def __init__(
        self, count: Iterable[Fork], decided: Callable[[Expr], bool] = lambda _: False
    ) -> None:
        count = tuple(count)
        self._options = [1 if decided(fork.body) else fork.options for fork in count]
        self._taken: list[set[int]] = [set() for _ in self._options]

    def see(self, patterns: Iterable[Array]) -> None:
        """Add one run: the pattern of every fork, in the same order."""
        for taken, options, pattern in zip(self._taken, self._options, patterns, strict=True):
            here = set(np.unique(pattern).tolist()) - {DEAD}
            taken |= {int(n > 0) for n in here} if options == 2 else here

    @property
    def forks(self) -> int:
        """How many forks there are."""
        return len(self._options)

    @property
    def whole(self) -> bool:
        """Whether every branch of every fork was taken."""
        return self._complete == len(self._options)

    @property
    def _complete(self) -> int:
        pairs = zip(self._taken, self._options, strict=True)
        return sum(len(taken) >= options for taken, options in pairs)

    def __str__(self) -> str:
        return f"{self._complete} of {len(self._options)} masks took every value"
