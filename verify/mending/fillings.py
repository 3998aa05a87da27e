"""Texts that may stand in a hole, each read by itself and kept for the formulas that follow.

What the scope knows is tried in hundreds of places of a deck, mostly with the same letters around.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from derive.errors import Problem
from derive.expr import Expr, accesses
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.elaborate import elaborate
from derive.reading.lengths import require_settled
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from verify.bench import Sample
from verify.ranges import zero_outside
from verify.recent import Recent
from verify.setting import Convention, Setting, offsets_of
from verify.understood import every_tensor, reads_shifted

Letters = Mapping[str, tuple[int, int]]
"""Index letters in scope with their bounds."""

MOST = 4096
"""Texts that are kept."""
MOST_ELEMENTS = 2**24
"""About so many numbers, in all, of what is kept."""


@dataclass
class Filling:
    """What may stand in a hole: its value over its own axes, and the letters that it reads.

    ``shifted`` says that another choice of origins would change it.
    """

    value: ArrayValue
    letters: Mapping[str, Axis]
    shifted: bool = False
    _seen: tuple[Mapping[str, np.ndarray], np.ndarray] | None = None

    @cached_property
    def used(self) -> tuple[Axis, ...]:
        """The axes of the letters that it depends on."""
        return tuple(a for a in self.letters.values() if a in self.value.body.free_axes)

    @cached_property
    def shape(self) -> tuple[object, ...]:
        """Equal for those that the same places read in the same way."""
        own = tuple(map(span, self.value.axes))
        return (*((a.name, *span(a)) for a in self.used), own, self.value.row)

    def values(self, sample: Sample) -> np.ndarray:
        """Over the letters that it reads, then its own axes; kept for the last sample."""
        if self._seen is None or self._seen[0] is not sample.env:
            found = sample.values(self.value.body, (*self.used, *self.value.axes))
            self._seen = (sample.env, found)
        return self._seen[1]


def span(axis: Axis) -> tuple[int, int]:
    """The bounds of an axis."""
    return axis.lo.value or 0, axis.hi.value or 0


@dataclass
class Fillings:
    """Texts read under one convention, where so many definitions are known."""

    setting: Setting
    convention: Convention

    def __post_init__(self) -> None:
        ranges = self.setting.bench.sample.ranges.values()
        largest = max((prod(hi - lo + 1 for lo, hi in spans) for spans in ranges), default=1)
        self._read: Recent[Filling | None] = Recent(max(1, min(MOST, MOST_ELEMENTS // largest)))
        self._axes: dict[tuple[str, int, int], Axis] = {}

    @cached_property
    def scope(self) -> Scope:
        """What the texts are read in."""
        return self.setting.scope(self.convention)

    def filling(self, text: str, letters: Letters) -> Filling | None:
        """``text`` where these letters are in scope; ``None`` for no meaning."""
        used = {n: at for n, at in letters.items() if n.lstrip("\\").split("'")[0] in text}
        key = (text, *sorted(used.items()))
        return self._read.get(key, lambda: self._filling(text, used))

    def _filling(self, text: str, letters: Letters) -> Filling | None:
        axes = {n: self._axis(n, *at) for n, at in letters.items()}
        scope = self.scope.afresh().with_letters({n: Index.of(a) for n, a in axes.items()})
        try:
            (node,) = parse(text).items
            value = elaborate(respelled(node, scope), scope)
            require_settled(value, node.span.start)
        except (Problem, Undeclared, ValueError):
            return None
        value = ArrayValue(value.axes, self._excused(value.body), value.row)
        return Filling(value, axes, reads_shifted((value.body,), self.setting))

    def _axis(self, name: str, lo: int, hi: int) -> Axis:
        if (name, lo, hi) not in self._axes:
            self._axes[name, lo, hi] = Axis(name, Index.of(lo), Index.of(hi))
        return self._axes[name, lo, hi]

    def _excused(self, body: Expr) -> Expr:
        """The value with brackets around what is read as zero outside its ranges."""
        known = every_tensor(self.setting.bench.fixed.tensors)
        read = {a.tensor for a in accesses(body) if a.tensor in known}
        outside = self.convention.outside
        zero = {t for t in read if self.setting.zero_outside(t) or t in outside}
        offsets = {t: offsets_of(self.scope, t, known[t].rank) for t in zero}
        return zero_outside(body, known, zero, offsets) if zero else body


def fillings(setting: Setting, convention: Convention) -> Fillings:
    """What was read so far under this convention in the deck of ``setting``."""
    key = (convention, len(setting.defined), setting.bench)
    found = setting.fillings.get(key, lambda: Fillings(setting, convention))
    assert isinstance(found, Fillings)
    return found
