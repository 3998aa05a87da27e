"""A subject's trials, as many as are asked for, under every combination of laws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import count
from math import prod

from derive.errors import Problem
from derive.expr import Expr, Summation, children
from derive.index import Axis
from derive.residues import MERSENNE, ORDERED, ORDERED_TOO, Pole
from verify.subject import Law, Laws, Subject
from verify.trial import Trial, take_trial

SEED = 1
MOST_POINTS = 1024
"""Points that are tried in all where roots of what has none are met."""
FRUITLESS = 200
"""The same where no point was any good: there are too many roots for luck."""
FREE_POINTS = 4
"""The same where roots are free: a pole is then no chance."""


class Trials:
    """Trials are taken when first needed and kept; ``sizes`` are shown in verdicts."""

    def __init__(
        self, subject: Subject, sizes: Mapping[str, int] | None = None, seed: int = SEED
    ) -> None:
        self.subject = subject
        self.sizes = dict(sizes or {})
        self.seed = seed
        self.forward = tuple(e.rhs for e in subject.model.equations)
        self.laws = subject.laws
        self._trials: dict[Laws, list[Trial]] = {}
        self._points: dict[Laws, int] = {}
        self._free: dict[int, Trial | None] = {}

    def trials(self, laws: Laws) -> Iterator[Trial]:
        """One trial after the other, as many as there are points without poles."""
        taken = self._trials.setdefault(laws, [])
        for number in count():
            while len(taken) <= number:
                point = self._points.get(laws, 0)
                if point >= self._most(laws):
                    return
                with suppress(Pole):
                    taken.append(self._trial(laws, point))
                self._points[laws] = point + 1
            yield taken[number]

    def free(self, point: int) -> Trial | None:
        """The run of this number modulo one and the same prime; ``None`` where there is none.

        Masks, roots and what the laws are of are any numbers.
        """
        if point not in self._free:
            self._free[point] = None
            with suppress(Problem, Pole):
                prepared = self.subject.prepared(frozenset())
                self._free[point] = take_trial(prepared, MERSENNE, self.seed + point)
        return self._free[point]

    def _most(self, laws: Laws) -> int:
        if Law.ORDER not in laws:
            return FREE_POINTS
        return MOST_POINTS if self._trials[laws] else FRUITLESS

    def _trial(self, laws: Laws, point: int) -> Trial:
        fields = (ORDERED, ORDERED_TOO) if Law.ORDER in laws else (MERSENNE, ORDERED)
        return take_trial(self.subject.prepared(laws), fields[point % 2], self.seed + point)

    @cached_property
    def work(self) -> int:
        """Number of terms of all equations, over all their entries."""
        return sum(_terms(e.rhs, _entries(e.axes)) for e in self.subject.model.equations)


def _terms(expr: Expr, entries: int) -> int:
    inner = entries * _entries(expr.axes) if isinstance(expr, Summation) else entries
    return inner + sum(_terms(part, inner) for part in children(expr))


def _entries(axes: Iterable[Axis]) -> int:
    return prod(max(a.extent.value or 0, 0) for a in axes)
