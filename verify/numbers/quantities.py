"""A quantity of the model against the numbers shown for it, with what would make it right.

Right if intermediate values are rounded first, if the learning rate is 0.1, if the parameters are
those after a step, if the transpose is meant: what nothing declares is a condition of an undecided
verdict, what is settled otherwise a hint beside a refutation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from derive.equations import adjoint_of, slope_of
from derive.expr import Access, Expr, accesses
from derive.index import Axis
from derive.reading.arrays import ArrayValue
from derive.reading.diagonals import pointwise_slopes
from derive.reading.names import readable
from derive.reading.problems import Foreign
from derive.reading.shown import Table
from verify.compare import Outcome
from verify.moved_parameters import before_the_step
from verify.numbers.cells import Laid, every_entry, laid
from verify.numbers.conditions import after_a_step, scaled_loss, solved
from verify.numbers.displayed import by_later_values, following, with_later_values
from verify.numbers.hints import rounded_first
from verify.numbers.links import Found, cells_against
from verify.numbers.other_values import with_one_other
from verify.numbers.places import Values, as_table
from verify.numbers.rounding import Fit
from verify.numbers.sides import Side
from verify.numbers.values import Array, NoValue, Run
from verify.setting import Convention, Setting, authors_text
from verify.verdict import ACCEPTED, Part, Status

Explain = Callable[["Found", "Quantity", "Place"], "Found"]
"""What is said of a refutation: what would make it right, or nothing."""


@dataclass(frozen=True)
class Place:
    """Where a claim is judged: the setting, its convention, and the values known by then."""

    setting: Setting
    convention: Convention
    values: Values
    explain: Explain

    @property
    def run(self) -> Run:
        """The model on these values."""
        return self.values.run(self.setting.bench)

    def called(self, name: str) -> str:
        """How the deck writes a tensor or a number."""
        scope = self.setting.scope(self.convention)
        if name in self.setting.bench.fixed.tensors or adjoint_of(name) is not None:
            return authors_text(scope, name)
        known = (e.notation.head for e in scope.lexicon.entries.values() if e.tensor == name)
        return readable(next(known, name))


@dataclass(frozen=True)
class Quantity:
    """An expression over its free axes, and the table or number shown for it."""

    body: Expr
    axes: tuple[Axis, ...]
    table: Table
    single: bool
    about: bool
    offset: int = 0

    def against(self, array: Array) -> Found | None:
        """The numbers shown against these values; ``None`` where the table does not fit."""
        placed = self.placed(array)
        if placed is None:
            return None
        cells = placed.cells
        if self.single:  # one number speaks for every entry: the first that it does not show
            cells = (next((c for c in cells if c.fit is Fit.WRONG), cells[0]),)
        return cells_against(cells, self.about, placed.note)

    def placed(self, array: Array) -> Laid | None:
        """The cells with the values that belong there."""
        if self.single and array.size > 1:
            number = self.table.rows[0][0]
            return None if number is None else every_entry(number, array)
        return laid(self.table, array)

    def under(self, run: Run, body: Expr | None = None) -> Found | None:
        """The numbers shown against the values of a run. Raises `NoValue`."""
        return self.against(run.at(body or self.body, self.axes))

    @property
    def tensors(self) -> tuple[str, ...]:
        """What is read."""
        return tuple(dict.fromkeys(a.tensor for a in accesses(self.body)))


def judge_quantity(left: Side, right: Side, about: bool, place: Place) -> Found:
    """``left``, a quantity of the model, against the number or table on the right."""
    table = as_table(right)
    assert table is not None
    single = right.shown is not None
    asked = Quantity(left.body, left.axes, table, single, about, right.node.span.start)
    slopes = _slopes(asked, place)
    if slopes is not None:
        found = _judged(slopes, place)
        message = f"{found.outcome.message}; the derivative is taken element by element"
        return replace(found, outcome=replace(found.outcome, message=message))
    return _judged(asked, place)


def _slopes(asked: Quantity, place: Place) -> Quantity | None:
    """The slopes alone, where a whole derivative would be diagonal and only they are shown."""
    value = pointwise_slopes(ArrayValue(asked.axes, asked.body), place.setting.bench.fixed)
    if value is None or not asked.axes:
        return None
    whole, alone = (_unknown(q.axes) for q in (asked, value))
    if not asked.single and laid(asked.table, whole, partial=False) is not None:
        return None
    if not asked.single and laid(asked.table, alone, partial=False) is None:
        return None
    return replace(asked, body=value.body, axes=value.axes)


def _unknown(axes: tuple[Axis, ...]) -> Array:
    return np.full(tuple(a.extent.value or 0 for a in axes), None, dtype=object)


def _judged(asked: Quantity, place: Place) -> Found:
    """The numbers shown against the values of the quantity."""
    shape = tuple(a.extent.value or 0 for a in asked.axes)
    if asked.placed(_unknown(asked.axes)) is None:
        raise _unfitting(asked, shape)
    moved = before_the_step(place.values, place.setting.bench.model.parameters)
    if not moved or all(adjoint_of(name) is None for name in asked.tensors):
        return _against_values(asked, shape, place)
    return _within_a_step(asked, shape, moved, place)


def _within_a_step(
    asked: Quantity, shape: tuple[int, ...], moved: Mapping[str, Array], place: Place
) -> Found:
    """A gradient shown between the new values of a step: it is that at the old ones."""
    old = replace(place.values, arrays={**place.values.arrays, **moved}, _runs={})
    found = _against_values(asked, shape, replace(place, values=old))
    if found.outcome.status not in ACCEPTED:
        now = _against_values(asked, shape, place)
        if now.outcome.status in ACCEPTED:
            return now
    names = ", ".join(map(place.called, moved))
    message = f"{found.outcome.message}; {names} as before the step"
    return replace(found, outcome=replace(found.outcome, message=message))


def _against_values(asked: Quantity, shape: tuple[int, ...], place: Place) -> Found:
    try:
        found = asked.under(place.run)
    except NoValue as problem:
        unknown = np.full(shape, None, dtype=object)
        if not asked.single and laid(asked.table, unknown, partial=False) is None:
            raise _unfitting(asked, shape) from problem
        return _without_value(asked, problem, place)
    assert found is not None
    return place.explain(found, asked, place) if found.outcome.status is Status.REFUTED else found


def _without_value(asked: Quantity, problem: NoValue, place: Place) -> Found:
    """What lacks a value: a number that the cells tell, or a tensor that nobody gave."""
    known = place.setting.bench.fixed.tensors
    free = [n for n in problem.names if n not in known and not adjoint_of(n) and not slope_of(n)]
    if free and len(problem.names) == 1:
        found = solved(asked, free[0], place)
        if found is not None:
            return found
    later = with_later_values(problem.names, place)
    if later is not None:
        return _with_later(asked, *later, place)
    names = ", ".join(dict.fromkeys(place.called(n) for n in problem.names if "/∂" not in n))
    message = f"no value is declared for {names}" if names else "this derivative has no value here"
    return Found(Outcome(Status.UNDECIDED, message), valueless=not _is_given(asked, place))


def _with_later(asked: Quantity, values: Values, words: str, place: Place) -> Found:
    """The verdict with what the deck gives a value further on."""
    there = replace(place, values=values)
    found = asked.under(there.run)
    assert found is not None
    if found.outcome.status is Status.REFUTED:
        found = there.explain(found, asked, there)
    return by_later_values(found, asked, words, there.run)


def _is_given(asked: Quantity, place: Place) -> bool:
    """An element or the whole of what the model only reads: that it is 1 is no identity."""
    model = place.setting.bench.fixed
    return isinstance(asked.body, Access) and asked.body.tensor in (
        *model.inputs,
        *model.parameters,
    )


def _unfitting(asked: Quantity, shape: tuple[int, ...]) -> Foreign:
    """The table has another shape than the array, so that another system may be meant."""
    table = asked.table
    turned = laid(table.turned, np.full(shape, None, dtype=object), partial=False)
    return Foreign(
        f"{len(table.rows)}×{table.width} numbers are shown",
        offset=asked.offset,
        expected="×".join(map(str, shape)) or "one number",
        advice="" if turned is None else "the transpose would fit",
    )


def as_it_is(found: Found, asked: Quantity, place: Place) -> Found:
    """The refutation, unexplained."""
    return found


def with_conditions(found: Found, asked: Quantity, place: Place) -> Found:
    """The refutation with what would make it right; undecided where that is open."""
    for condition in after_a_step(asked, place):
        return opened(found, condition)
    hints = tuple(dict.fromkeys(_hints(asked, place)))
    if not hints:
        return found
    outcome = replace(found.outcome, conditions=hints)
    return replace(found, outcome=replace(outcome, message=f"{outcome.message}; {hints[0]}"))


def opened(found: Found, condition: str) -> Found:
    """The same as an open question."""
    parts = tuple(Part(p.what, Status.UNDECIDED, p.message) for p in found.parts)
    outcome = Outcome(Status.UNDECIDED, f"undeclared: {condition}", None, (), None, (condition,))
    return Found(outcome, parts)


def _hints(asked: Quantity, place: Place) -> Iterator[str]:
    yield from rounded_first(asked, place)
    yield from scaled_loss(asked, place)
    if len(asked.table.rows) == asked.table.width > 1:
        turned = replace(asked, table=asked.table.turned).under(place.run)
        if turned is not None and turned.outcome.status is Status.CONFIRMED:
            yield "right if the transpose is meant"
    yield from following(asked, place)
    yield from with_one_other(asked, place)
