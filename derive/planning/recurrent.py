"""Recurrences as array statements: a loop over places, vectorised within each.

At place t every read ``x[…, t + c, …]`` becomes an array of its own without that dimension, so
that what remains of an equation is planned as any other. Brackets that hold for some places only,
as at the end of an adjoint, become conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.equations import Equation
from derive.errors import IllFormed
from derive.expr import (
    Access,
    Expr,
    Guard,
    rewrite,
)
from derive.index import Axis, Index
from derive.loops import Loop
from derive.planning.arrays import ALL, Broadcast, Literal, Name, Shape, Sliced
from derive.planning.book import Statement
from derive.planning.expressions import Reader
from derive.planning.names import fresh_name
from derive.planning.step import Step
from derive.planning.time_brackets import Bracket, Condition, condition, parts_of

Assign = Callable[[Equation, str, Reader], tuple[Statement, ...]]
"""The statements that assign an equation's right side to a variable."""


@dataclass(frozen=True)
class Load:
    """``target`` is the part of ``source`` at ``place`` (counted from 0) of dimension ``axis``."""

    target: Name
    source: Name
    axis: int
    place: Index


@dataclass(frozen=True)
class Branch:
    """What is added to a value where every condition holds (always, where there is none)."""

    conditions: tuple[Bracket, ...]
    loads: tuple[Load, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class AtPlace:
    """One equation at one place: ``value`` is the sum of its branches, stored as ``store`` says.

    The last statement of every branch assigns its part. ``conditions`` say at which places of the
    loop the equation holds.
    """

    equation: Equation
    conditions: tuple[Bracket, ...]
    value: Name
    branches: tuple[Branch, ...]
    store: Load


@dataclass(frozen=True)
class Recurrence(Step):
    """Tensors that are computed place by place, ``letter`` from ``first`` to ``last``.

    ``arrays`` are made first, ``begin`` holds what is stored before the first place. The statements
    are those of one place.
    """

    computed: tuple[str, ...]
    letter: str
    first: int
    last: int
    arrays: tuple[Name, ...]
    begin: tuple[AtPlace, ...]
    places: tuple[AtPlace, ...]

    @property
    def tensors(self) -> tuple[str, ...]:
        return self.computed

    @property
    def flops(self) -> Index:
        return super().flops * (abs(self.last - self.first) + 1)


def _statements(arrays: tuple[Name, ...], parts: tuple[AtPlace, ...]) -> Iterator[Statement]:
    for array in (*arrays, *(part.value for part in parts)):
        yield Statement(array, Broadcast(Literal(Fraction(0)), array.shape))
    for part in parts:
        for branch in part.branches:
            for load in branch.loads:
                cuts = tuple(0 if d == load.axis else ALL for d in range(len(load.source.shape)))
                yield Statement(load.target, Sliced(load.source, cuts))
            yield from branch.statements


def recurrence(loop: Loop, names: Mapping[str, str], reader: Reader, assign: Assign) -> Recurrence:
    """The plan of a loop at integer sizes.

    Raises `IllFormed` for reads that are no fixed number of places away.
    """
    letters = [a for e in loop.equations for a in loop.along(e).axes]
    # What is named here lives within the loop: other loops may use the names again.
    taken = set(reader.book.taken)
    letter = fresh_name(letters[0].name, reader.book.taken)
    ends = [(a.lo.value or 0, a.hi.value or 0) for a in letters]
    first, last = min(lo for lo, _ in ends), max(hi for _, hi in ends)
    planner = _Planner(loop, names, reader, assign, (first, last))
    begin = tuple(planner.placed(e) for e in loop.equations if not loop.along(e).axes)
    places = tuple(planner.placed(e) for e in loop.equations if loop.along(e).axes)
    tensors = tuple(dict.fromkeys(e.tensor for e in loop.equations))
    arrays = tuple(planner.array(n) for n in tensors)
    start, stop = (first, last) if loop.step > 0 else (last, first)
    reader.book.taken.intersection_update(taken)
    equation = next(e for e in loop.equations if e.tensor == tensors[-1] and e.place is None)
    return Recurrence(
        tensors[-1], equation, tuple(_statements(arrays, (*begin, *places))),
        tensors, letter, start, stop, arrays, begin, places,
    )  # fmt: skip


@dataclass
class _Planner:
    """Plans the equations of one loop; ``loaded`` are arrays at this place that are at hand."""

    loop: Loop
    names: Mapping[str, str]
    reader: Reader
    assign: Assign
    ends: tuple[int, int]
    loaded: dict[tuple[str, int, Condition], Load] = field(default_factory=dict)

    def array(self, tensor: str) -> Name:
        """The whole array of a tensor."""
        array = self.reader.arrays[tensor]
        assert isinstance(array, Name)
        return array

    def placed(self, equation: Equation) -> AtPlace:
        """One equation at the place that it runs along, or at its own."""
        position = self.loop.position[equation.tensor]
        along = self.loop.along(equation)
        time = next(iter(along.axes), None)
        rest = tuple(a for a in equation.axes if a is not time)
        value = self._named(equation.tensor, 0 if time else None, equation_shape(rest))
        conditions = tuple(self._conditions(time))
        branches = tuple(self._branches(equation, rest, time, value, conditions))
        place = self._place(equation.tensor, position, along)
        store = Load(value, self.array(equation.tensor), position, place)
        if time is not None:
            self.loaded[equation.tensor, 0, condition(conditions)] = store
        return AtPlace(equation, conditions, value, branches, store)

    def _conditions(self, time: Axis | None) -> Iterator[Bracket]:
        if time is None:
            return
        if (time.lo.value or 0) > self.ends[0]:
            yield Guard(time - time.lo)
        if (time.hi.value or 0) < self.ends[1]:
            yield Guard(time.hi - Index.of(time))

    def _place(self, tensor: str, position: int, index: Index) -> Index:
        return index - self.reader.ranges[tensor][position][0]

    def _named(self, tensor: str, offset: int | None, dims: Shape) -> Name:
        """A name for the tensor so far from this place, or (None) where it begins."""
        where = "now" if not offset else "after" if offset > 0 else "before"
        count = "" if offset is None or abs(offset) < 2 else str(abs(offset))
        where = "first" if offset is None else where
        hint = f"{self.names[tensor]}_{where}{count}"
        return Name(fresh_name(hint, self.reader.book.taken), dims)

    def _branches(
        self,
        equation: Equation,
        rest: tuple[Axis, ...],
        time: Axis | None,
        value: Name,
        outer: tuple[Bracket, ...],
    ) -> Iterator[Branch]:
        for conditions, part in parts_of(equation.rhs, time):
            book = self.reader.book.copy()
            loads: list[Load] = []
            rhs, reader = self._at_place(part, time, loads, (*outer, *conditions))
            reader = replace(reader, book=book)
            name = value.name if not conditions else fresh_name(f"{value.name}_part", book.taken)
            here = Equation(equation.tensor, rest, rhs)
            statements = self.assign(here, name, reader)
            self.reader.book.taken |= book.taken
            yield Branch(conditions, tuple(loads), statements)

    def _at_place(
        self,
        expr: Expr,
        time: Axis | None,
        loads: list[Load],
        under: tuple[Bracket, ...],
    ) -> tuple[Expr, Reader]:
        """The expression with what it reads so far from this place as arrays of their own."""
        ranges, arrays = dict(self.reader.ranges), dict(self.reader.arrays)

        def rule(node: Expr) -> Expr:
            if not isinstance(node, Access) or time is None:
                return node
            moving = [k for k, i in enumerate(node.indices) if time in i.axes]
            if not moving:
                return node
            offset = (node.indices[moving[0]] - time).value
            if len(moving) > 1 or offset is None:
                raise IllFormed(
                    f"{node.tensor} is read at other places than {time.name} ± a number"
                )
            load = self._load(node.tensor, moving[0], offset, time, loads, under)
            inner = tuple(i for k, i in enumerate(node.indices) if k != moving[0])
            pseudo = f"{node.tensor} at {offset}"
            bounds = self.reader.ranges[node.tensor]
            ranges[pseudo] = [r for k, r in enumerate(bounds) if k != moving[0]]
            arrays[pseudo] = load.target
            return Access(pseudo, inner)

        found = rewrite(expr, rule)
        if time is not None and time in found.free_axes:
            raise IllFormed(f"{time.name} is used as a number, or beside other indices")
        return found, replace(self.reader, ranges=ranges, arrays=arrays)

    def _load(
        self,
        tensor: str,
        position: int,
        offset: int,
        time: Axis,
        loads: list[Load],
        under: tuple[Bracket, ...],
    ) -> Load:
        for known in ((), *(under[:n] for n in range(1, len(under) + 1))):
            if (tensor, offset, condition(known)) in self.loaded:
                return self.loaded[tensor, offset, condition(known)]
        source = self.array(tensor)
        target = self._named(tensor, offset, rest_shape(source, position))
        place = self._place(tensor, position, Index.of(time) + offset)
        load = Load(target, source, position, place)
        loads.append(load)
        self.loaded[tensor, offset, condition(under)] = load
        return load


def rest_shape(array: Name, axis: int) -> Shape:
    """The shape without one dimension."""
    return tuple(n for d, n in enumerate(array.shape) if d != axis)


def equation_shape(axes: tuple[Axis, ...]) -> Shape:
    """The shape of an array over these axes."""
    return tuple(a.extent for a in axes)
