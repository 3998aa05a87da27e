"""What takes long is computed once: functions of the same arrays that several statements read.

The softmax is the case in point: its exponentials are summed, divided by the sum, and met again in
the adjoint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derive.planning.arrays import Array, Map, Name, walk, with_operands
from derive.planning.book import Statement
from derive.planning.names import fresh_name
from derive.planning.step import Step

SLOW = frozenset("exp log log10 sin cos tanh logistic softplus".split())
"""Functions that are worth an array to keep their values."""

Steps = Sequence[Step]


def shared(first: Steps, others: Sequence[Steps], taken: set[str]) -> list[list[Step]]:
    """The functions' steps, with values of slow functions that occur again as variables.

    Those of the ``first`` function are handed on to the ``others``, which share nothing else. What
    runs in a loop is left as it is. ``taken`` are the names that there are, more afterwards.
    """
    everything = (*first, *(step for steps in others for step in steps))
    page = _Page({}, Counter(_slow(everything)), taken)
    result = [page.steps(first)]
    for steps in others:
        page_of = _Page(dict(page.known), Counter(_slow(steps)), taken)
        result.append(page_of.steps(steps))
    return result


def _slow(steps: Steps) -> Iterator[Map]:
    for step in steps:
        if type(step) is Step:
            nodes = (node for s in step.statements for node in walk(s.value))
            yield from (n for n in nodes if isinstance(n, Map) and n.function in SLOW and n.shape)


@dataclass
class _Page:
    """Rewrites the statements of a function; ``known`` are the values that variables hold."""

    known: dict[Map, Name]
    counts: Counter[Map]
    taken: set[str]

    def steps(self, steps: Steps) -> list[Step]:
        return [
            replace(s, statements=tuple(self._rewritten(s))) if type(s) is Step else s
            for s in steps
        ]

    def _rewritten(self, step: Step) -> Iterator[Statement]:
        for statement in step.statements:
            value = statement.value
            if self._recurs(value) and value not in self.known:
                assert isinstance(value, Map)
                self.known[value] = statement.target
                yield statement
            else:
                made: list[Statement] = []
                lighter = self._lighter(value, statement.target.name, made)
                yield from (*made, replace(statement, value=lighter))

    def _recurs(self, value: Array) -> bool:
        return isinstance(value, Map) and self.counts[value] > 1

    def _lighter(self, value: Array, target: str, made: list[Statement]) -> Array:
        if isinstance(value, Map) and value in self.known:
            return self.known[value]
        parts = tuple(self._lighter(part, target, made) for part in value.operands)
        lighter = with_operands(value, parts)
        if not isinstance(value, Map) or not self._recurs(value):
            return lighter
        name = Name(fresh_name(f"{target}_{value.function}", self.taken), value.shape)
        made.append(Statement(name, lighter))
        self.known[value] = name
        return name
