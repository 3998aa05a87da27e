"""Recurrences: which equations must run place after place along one axis, and in which order.

``h[t, i] = tanh(sum_j W[i, j] h[t - 1, j] + …)`` reads its own tensor at a smaller index. Tensors
that need each other are one *loop*: it has a position in each of them, its axis, along which all
reads inside the loop are ``t - c`` with whole numbers c >= 0 (``t + c`` where it runs backwards, as
adjoints do), and what is read at t itself comes before. A tensor may have several equations, one
for its step and one for every element that begins it (`Equation.place`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from typing import TYPE_CHECKING

from derive.errors import IllFormed
from derive.expr import accesses
from derive.index import Index

if TYPE_CHECKING:
    from derive.equations import Equation


class NoLoop(IllFormed):
    """Tensors that need each other, and no axis along which they can be computed."""

    def __init__(self, tensors: tuple[str, ...]) -> None:
        self.tensors = tensors
        names = ", ".join(tensors)
        super().__init__(
            f"{names}: each is defined by the others at the same place",
            expected="reads at a smaller index, as in h_t = f(h_{t-1})",
        )


@dataclass(frozen=True)
class Loop:
    """``equations`` in order within one place; ``position`` of the axis in each tensor.

    ``step`` is 1 where places are taken upwards, -1 where downwards; ``lag`` is how far back reads
    go at most.
    """

    equations: tuple[Equation, ...]
    position: Mapping[str, int]
    step: int
    lag: int

    @cached_property
    def tensors(self) -> frozenset[str]:
        """What the loop computes."""
        return frozenset(e.tensor for e in self.equations)

    @property
    def length(self) -> int:
        """How many places there are at most, at integer sizes."""
        steps = (a for e in self.equations for a in self.along(e).axes)
        return max((a.extent.value or 1 for a in steps), default=1)

    def along(self, equation: Equation) -> Index:
        """What the equation has on its left side in the position of the loop's axis."""
        return equation.lhs.indices[self.position[equation.tensor]]


def members(block: Equation | Loop) -> tuple[Equation, ...]:
    """The equations of a block."""
    return block.equations if isinstance(block, Loop) else (block,)


def blocks(equations: Sequence[Equation]) -> tuple[Equation | Loop, ...]:
    """Equations and loops in an order of evaluation; as given where that is one.

    Raises `NoLoop` where equations need each other otherwise than along one axis.
    """
    if _in_order(equations):
        return tuple(equations)
    mine: dict[str, list[Equation]] = {}
    for e in equations:
        mine.setdefault(e.tensor, []).append(e)
    needs = {n: {r for e in es for r in e.reads if r in mine} for n, es in mine.items()}
    reach = {n: reached(n, needs) for n in mine}
    found: list[Equation | Loop] = []
    done: set[str] = set()
    while len(done) < len(mine):
        name = next(n for n in mine if n not in done and reach[n] <= done | _circle(n, reach))
        circle = [n for n in mine if n in _circle(name, reach)]
        done.update(circle)
        together = [e for n in circle for e in mine[n]]
        alone = len(together) == 1 and name not in reach[name]
        found.append(together[0] if alone else _loop(together))
    return tuple(found)


def ordered(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """The equations so that each stands behind what it needs, but for earlier places of a loop."""
    return tuple(chain.from_iterable(map(members, blocks(equations))))


def _in_order(equations: Sequence[Equation]) -> bool:
    later = {e.tensor for e in equations}
    if len(later) < len(equations):
        return False
    for e in equations:
        if later & set(e.reads):
            return False
        later.discard(e.tensor)
    return True


def reached(name: str, needs: Mapping[str, set[str]]) -> set[str]:
    """All that ``name`` needs, directly or not."""
    found: set[str] = set()
    waiting = list(needs[name])
    while waiting:
        if (other := waiting.pop()) not in found:
            found.add(other)
            waiting += needs[other]
    return found


def _circle(name: str, reach: Mapping[str, set[str]]) -> set[str]:
    """``name`` and all that need it and are needed by it."""
    return {name} | {n for n in reach[name] if name in reach[n]}


@dataclass(frozen=True)
class _Read:
    """``reader`` (by number) reads ``tensor`` so far behind (below 0) the place it computes."""

    reader: int
    tensor: str
    offset: int


def _loop(equations: list[Equation]) -> Loop:
    names = tuple(dict.fromkeys(e.tensor for e in equations))
    for position in _positions(equations, names):
        if not _apart(equations, position):
            continue
        reads = list(_reads(equations, position))
        offsets = {r.offset for r in reads if r is not None}
        if None in reads or (min(offsets, default=0) < 0 < max(offsets, default=0)):
            continue
        order = _within_place(equations, [r for r in reads if r is not None and not r.offset])
        if order is not None:
            step = -1 if max(offsets, default=0) > 0 else 1
            lag = max(map(abs, offsets), default=0)
            return Loop(tuple(order), position, step, lag)
    raise NoLoop(names)


def _apart(equations: list[Equation], position: Mapping[str, int]) -> bool:
    """Whether at most one equation of each tensor runs along its axis: its step."""
    steps = [e.tensor for e in equations if e.lhs.indices[position[e.tensor]].axes]
    return len(steps) == len(set(steps))


def _positions(equations: list[Equation], names: tuple[str, ...]) -> Iterator[dict[str, int]]:
    """Every choice of an axis in every tensor; the same position in all of them first."""
    ranks = {e.tensor: len(e.lhs.indices) for e in equations}
    choices = list(product(*(range(ranks[n]) for n in names))) if len(names) <= 2 else []
    alike = [(k,) * len(names) for k in range(min(ranks.values()))]
    followed = _followed(equations, names)
    for chosen in dict.fromkeys((*alike, *choices, *followed)):
        yield dict(zip(names, chosen, strict=True))


def _followed(equations: list[Equation], names: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    """Axes that follow from one of the first tensor, read after read."""
    for first in range(len(equations[0].lhs.indices)):
        found = {names[0]: first}
        for _ in names:
            for e in equations:
                for a in accesses(e.rhs):
                    if e.tensor in found and a.tensor in names and a.tensor not in found:
                        here = e.lhs.indices[found[e.tensor]]
                        near = [k for k, i in enumerate(a.indices) if (i - here).value is not None]
                        if len(near) == 1:
                            found[a.tensor] = near[0]
        if len(found) == len(names):
            yield tuple(found[n] for n in names)


def _reads(equations: list[Equation], position: Mapping[str, int]) -> Iterator[_Read | None]:
    """Every read inside the loop; ``None`` for one whose distance is no number."""
    for number, e in enumerate(equations):
        here = e.lhs.indices[position[e.tensor]]
        for access in accesses(e.rhs):
            if access.tensor in position:
                offset = (access.indices[position[access.tensor]] - here).value
                yield None if offset is None else _Read(number, access.tensor, offset)


def _within_place(equations: list[Equation], reads: Iterable[_Read]) -> list[Equation] | None:
    """The order within one place, ``None`` where there is none."""
    wanted: dict[int, set[str]] = {}
    for read in reads:
        wanted.setdefault(read.reader, set()).add(read.tensor)
    waiting = dict(enumerate(equations))
    order: list[Equation] = []
    while waiting:
        missing = {e.tensor for e in waiting.values()}
        ready = [k for k in waiting if not wanted.get(k, set()) & missing]
        if not ready:
            return None
        order += [waiting.pop(k) for k in ready]
    return order
