"""Values that the deck itself gives to inputs and parameters, by formulas or tables under a label.

``\\theta^{(1)} = -0.5`` defines the tensor where nothing declares its value; a table defines the
cells that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from derive.equations import adjoint_of, slope_of
from derive.errors import Problem
from derive.expr import Access
from derive.index import Axis
from derive.reading.shown import Table
from verify.bench import Bench
from verify.claim import sentence_of
from verify.numbers.cells import Laid, every_entry, laid
from verify.numbers.sides import Side, read_side
from verify.numbers.values import Array, Run, declared_values, empty, shape_of
from verify.setting import Convention, Setting


@dataclass(frozen=True)
class Values:
    """Arrays by name; ``declared`` are the names that front matter gives values.

    ``earlier`` are the arrays that the deck has replaced since.
    """

    arrays: Mapping[str, Array] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    earlier: tuple[tuple[str, Array], ...] = ()
    _runs: dict[int, Run] = field(default_factory=dict, compare=False, repr=False)

    def run(self, bench: Bench) -> Run:
        """The model on these values; asked again, what was computed is there."""
        if id(bench) not in self._runs:
            self._runs[id(bench)] = Run(bench, self.arrays)
        return self._runs[id(bench)]

    def open_to(self, name: str) -> bool:
        """Whether the deck may give this tensor its value."""
        return name not in self.declared


def values_of(setting: Setting) -> Values:
    """What front matter declares and the deck has defined so far. Raises `Problem`."""
    known = len(setting.defined)
    cache: dict[int, Values] = setting.values
    if known not in cache:
        if not known:
            cache[known] = _declared(setting)
        else:
            earlier = replace(setting, defined=setting.defined[: known - 1])
            cache[known] = _with(values_of(earlier), setting.defined[known - 1], earlier)
    return cache[known]


def _declared(setting: Setting) -> Values:
    model, scope = setting.bench.fixed, setting.scope(Convention())
    given = {**setting.bench.model.given.values, **setting.context.given.values}
    with setting.context.named("values"):
        arrays = declared_values(model, scope, given)
    return Values(arrays, frozenset(arrays))


def _with(values: Values, text: str, setting: Setting) -> Values:
    """The values after a formula of the deck that may define one."""
    found = definition_in(text, setting, values)
    if found is None:
        return values
    replaced = tuple((n, values.arrays[n]) for n in found if n in values.arrays)
    return Values({**values.arrays, **found}, values.declared, (*values.earlier, *replaced))


def definition_in(text: str, setting: Setting, values: Values) -> dict[str, Array] | None:
    """The array that ``text`` gives a value, as it is then; ``None`` where it defines none."""
    try:
        sentence = sentence_of(text)
        if sentence.kind != "equation" or len(sentence.nodes) != 2:
            return None
        scope = setting.scope(Convention())
        sides = [read_side(n, "", sentence, scope) for n in sentence.nodes]
    except Problem:
        return None
    return definition(sides[0], sides[1], setting, values)


def definition(
    left: Side, right: Side, setting: Setting, values: Values
) -> dict[str, Array] | None:
    """The array that ``left = right`` gives a value; ``None`` where that is a claim."""
    table = as_table(right)
    name = None if left.read is None else left.read.target
    if table is None or name is None or not may_be_given(name, setting, values):
        return None
    spots = positions(left, setting)
    if spots is None:
        return None
    placed = _covering(table, spots, right.shown is not None)
    if placed is None:
        return None
    before = values.arrays.get(name)
    array = (empty(shape_of(setting.bench.fixed, name)) if before is None else before).copy()
    for cell in placed.cells:
        if isinstance(cell.value, tuple):
            array[cell.value] = cell.shown.value
        elif cell.shown.value != 0:
            return None
    return {name: array}


def changed(given: Mapping[str, Array], values: Values) -> bool:
    """Whether an entry that was known has another value now."""
    known = ((n, a) for n, a in given.items() if n in values.arrays)
    pairs = ((v, values.arrays[n][at]) for n, a in known for at, v in np.ndenumerate(a))
    return any(old is not None and old != new for new, old in pairs)


def mostly_the_same(given: Mapping[str, Array], values: Values) -> bool:
    """Whether at most half of what was known has another value now: a slip, it seems."""
    known = ((n, a) for n, a in given.items() if n in values.arrays)
    pairs = [(v, values.arrays[n][at]) for n, a in known for at, v in np.ndenumerate(a)]
    there = [old != new for new, old in pairs if old is not None]
    return bool(2 * sum(there) <= len(there))


def _covering(table: Table, positions: Array, single: bool) -> Laid | None:
    """The table on all of the array; one number for many entries is a value only where it is 0."""
    if not single or positions.size == 1:
        return laid(table, positions, partial=False)
    number = table.rows[0][0]
    return None if number is None or number.value else every_entry(number, positions)


def as_table(side: Side) -> Table | None:
    """A displayed array, or a single number as one cell."""
    if side.shown is not None:
        return Table(((side.shown,),))
    return side.table


def may_be_given(name: str, setting: Setting, values: Values) -> bool:
    """Whether ``name`` is an input, a parameter or a free number without a declared value."""
    model = setting.bench.fixed
    if adjoint_of(name) is not None or slope_of(name) is not None or not values.open_to(name):
        return False
    return name not in model.by_tensor


def positions(left: Side, setting: Setting) -> Array | None:
    """For every value of the left side's free axes the position in the tensor's array."""
    body = left.body
    if not isinstance(body, Access):
        return None
    tensor = setting.bench.fixed.tensors.get(adjoint_of(body.tensor) or body.tensor)
    if tensor is None:
        out = np.empty((), dtype=object)
        out[()] = ()
        return out if not body.indices else None
    lows = [lo.value or 0 for lo, _ in tensor.ranges]
    shape = tuple(e.value or 0 for e in tensor.extents)
    spans = [range(a.lo.value or 0, (a.hi.value or 0) + 1) for a in left.axes]
    out = np.empty(tuple(len(s) for s in spans), dtype=object)
    for place, at in zip(np.ndindex(out.shape), product(*spans), strict=True):
        where = _place(body, dict(zip(left.axes, at, strict=True)), lows)
        if not all(0 <= k < n for k, n in zip(where, shape, strict=True)):
            return None
        out[place] = where
    return out


def _place(access: Access, at: Mapping[Axis, int], lows: list[int]) -> tuple[int, ...]:
    values = (index.evaluate(lambda a: at[a]) for index in access.indices)  # type: ignore[index]
    return tuple(int(v) - lo for v, lo in zip(values, lows, strict=True))
