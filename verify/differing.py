"""Values at which both sides of a link differ, looked at again and again while they get simpler.

Every change is of one array, and what it does not reach is kept from the last values at which the
sides differed: most of a network lies beside or before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from derive.arithmetic import FLOAT, Array
from derive.loops import members
from derive.run import fill
from verify.draws import finite
from verify.pointwise import Block, Pointwise, Values

TOLERANCE = 1e-6
"""Relative to the largest entry; the last word has `verify.compare.difference`."""
NOISE = 1e-9
"""Values are of order one, so that what is smaller is their rounding: 1 - softmax of one score."""


@dataclass(frozen=True)
class _Run:
    """The tensors at ``values``, and both sides."""

    values: Values
    env: Mapping[str, Array]
    sides: tuple[Array, Array]


@dataclass
class Differing:
    """A test of values in doubles for ``link``, which remembers the last that passed."""

    link: Pointwise
    _last: _Run | None = None
    _todo: list[tuple[Block, frozenset[str], frozenset[str]]] = field(default_factory=list)
    """Blocks with the tensors that they read, and those that they compute."""

    def at(self, values: Values) -> bool:
        """Whether the sides differ clearly there, and the model has no kink and no pole there."""
        try:
            run = self._again(values, self._last) if self._last else self._whole(values)
        except ZeroDivisionError:
            return False
        if run is None or not _apart(*run.sides) or self.link.kinked(run.env):
            return False
        self._last = run
        return True

    def _whole(self, values: Values) -> _Run | None:
        """``None`` where something is not finite."""
        env = self.link.env(values)
        if not self._todo:
            self._todo = [(b, _reads(b), _computed(b)) for b in self.link.todo(values)]
        sides = self.link.sides(env)
        return _Run(values, env, sides) if finite(env) and np.isfinite(sides).all() else None

    def _again(self, values: Values, last: _Run) -> _Run | None:
        env = dict(last.env)
        fresh = {n for n in values if values[n] is not last.values[n]}
        env |= {n: FLOAT.asarray(values[n]) for n in fresh}
        for block, reads, computed in self._todo:
            if reads & fresh:
                fill((block,), env, self.link.ranges)
                fresh |= {n for n in computed if not np.array_equal(env[n], last.env[n])}
        if not finite({n: env[n] for n in fresh}):
            return None
        sides = self.link.sides(env) if self.link.reads & fresh else last.sides
        return _Run(values, env, sides) if np.isfinite(sides).all() else None


def _reads(block: Block) -> frozenset[str]:
    return frozenset(n for e in members(block) for n in e.reads)


def _computed(block: Block) -> frozenset[str]:
    return frozenset(e.tensor for e in members(block))


def _apart(left: Array, right: Array) -> bool:
    largest = max(float(np.max(np.abs(side), initial=0.0)) for side in (left, right))
    return bool(np.any(np.abs(left - right) > max(TOLERANCE * largest, NOISE)))
