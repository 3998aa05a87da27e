r"""Arrays worked out in numbers: ``z = \begin{bmatrix} 0.3 & 0.1 \\ … \end{bmatrix} [0.8, -0.4]``.

Either cells hold arithmetic, or arrays of numbers are multiplied and added; beside a quantity of
the model every literal is the digits of some entry, as where single numbers are put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

import numpy as np

from derive.errors import IllFormed, Problem
from derive.evaluate import evaluate
from derive.expr import accesses
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.statement import Statement
from verify.compare import Outcome
from verify.numbers.cells import laid
from verify.numbers.links import (
    Found,
    accepted,
    cells_against,
    long_text,
    same,
    with_decimals,
)
from verify.numbers.precision import PRECISE
from verify.numbers.quantities import Place
from verify.numbers.rounding import fraction
from verify.numbers.sides import Side, with_literal
from verify.numbers.substitution import meanings
from verify.numbers.values import Array, NoValue
from verify.numbers.written_out import entries_of
from verify.verdict import ACCEPTED, Evidence, Status

MOST_MEANINGS = 256
"""Ways to understand the literals of one side that are tried."""


def is_worked_out(side: Side) -> bool:
    """Whether it is an array that reads nothing: arithmetic in cells, or arrays of numbers."""
    return side.read is not None and bool(side.axes) and not accesses(side.body)


def worked_out(
    left: Side, right: Side, sentence: Sentence, scope: Scope, place: Place, about: bool
) -> Found | None:
    """The link between two sides of which one is an array in numbers; ``None`` where none is."""
    if not is_worked_out(right):
        if not is_worked_out(left):
            return None
        left, right = right, left
    second = _value(right.read)
    if left.table is not None:
        return _shown(left, second, about)
    if left.shown is not None:
        return None  # elements, or no sense: that is told where it is read
    if is_worked_out(left):
        return _compared(_value(left.read), second, right, sentence, scope, ())
    try:
        first = place.run.at(left.body, left.axes)
    except NoValue as problem:
        names = ", ".join(dict.fromkeys(place.called(n) for n in problem.names))
        return Found(Outcome(Status.UNDECIDED, f"no value is declared for {names}"), valueless=True)
    entries = entries_of(place.run, scope, place, [a.tensor for a in accesses(left.body)])
    return _compared(first, second, right, sentence, scope, entries)


def entries_worked_out(side: Side) -> list[Fraction]:
    """What an array in numbers comes to, entry by entry."""
    return [fraction(v) for v in _value(side.read).reshape(-1)]


def _value(read: Statement | None) -> Array:
    assert read is not None
    return np.asarray(evaluate(read.sides[0].body, read.axes, {}, {}, number=PRECISE))


def _shown(left: Side, array: Array, about: bool) -> Found:
    """A displayed table against what the array comes to."""
    assert left.table is not None
    placed = laid(left.table, array, partial=False)
    if placed is None:
        raise IllFormed("the arrays have other shapes")
    found = cells_against(placed.cells, about)
    if found.outcome.status not in ACCEPTED:
        return found
    message = "every cell is right, to the digits shown"
    return Found(accepted(Status.CONFIRMED, message, "digits", "worked out cell by cell").outcome,
                 found.parts)  # fmt: skip


def _compared(
    first: Array,
    second: Array,
    right: Side,
    sentence: Sentence,
    scope: Scope,
    entries: list[tuple[str, object]] | tuple[()],
) -> Found:
    """Two arrays, the literals of the second being the digits of entries where there are some."""
    first = _like(first, second)
    for values in islice(_meant(right, entries), MOST_MEANINGS):
        again = _again(right, sentence, scope, values)
        if again is not None and _same(first, again):
            message = "the numbers put in are the model's values" if entries else "equal arrays"
            return accepted(Status.CONFIRMED, message, "digits", "cell by cell")
    if _within(first, second, right, sentence, scope, {fraction(v) for _, v in entries}):
        message = "agrees only to within the digits of the numbers put in"
        return Found(Outcome(Status.UNDECIDED, message))
    at = next(i for i in np.ndindex(first.shape) if not same(first[i], second[i]))
    where = "cell " + ", ".join(str(k + 1) for k in at)
    message = f"{where}: the value is {long_text(first[at])}, the numbers give "
    message += long_text(second[at])
    evidence = (Evidence("arithmetic", "differs", message),)
    counter = {"left": long_text(first[at]), "right": long_text(second[at])}
    return Found(Outcome(Status.REFUTED, message, None, evidence, counter))


def _like(array: Array, other: Array) -> Array:
    """The array in the shape of the other: vectors may stand either way."""
    if array.shape == other.shape:
        return array
    vectors = all(sum(n != 1 for n in a.shape) <= 1 for a in (array, other))
    if not vectors or array.size != other.size:
        raise IllFormed("the arrays have other shapes")
    return array.reshape(other.shape)


def _meant(
    side: Side, entries: list[tuple[str, object]] | tuple[()]
) -> Iterator[dict[int, Fraction]]:
    """What the literals may stand for: what is an entry as it is, else one that shows as it."""
    exact = {fraction(v) for _, v in entries}
    written = with_decimals(side)
    choices = []
    for _, shown in written:
        others = [fraction(v) for _, v, _ in meanings(shown, list(entries), False)]
        as_it_is = {abs(shown.value)} & {abs(v) for v in exact}
        likely = others if as_it_is else [*others[1:], shown.value]
        choices.append(list(dict.fromkeys(likely)))
    for chosen in product(*choices):
        yield {offset: v for (offset, _), v in zip(written, chosen, strict=True)}


def _again(
    side: Side, sentence: Sentence, scope: Scope, values: dict[int, Fraction]
) -> Array | None:
    try:
        return _value(with_literal(side, sentence, scope, values))
    except Problem:
        return None


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and all(map(same, one.reshape(-1), other.reshape(-1)))


def _within(
    first: Array,
    second: Array,
    side: Side,
    sentence: Sentence,
    scope: Scope,
    exact: set[Fraction],
) -> bool:
    """Whether in every cell the distance is what the last digits of the literals explain."""
    plain = np.vectorize(fraction, otypes=[object])
    second = plain(second)
    reach = np.zeros(second.shape, dtype=object)
    for offset, shown in with_decimals(side):
        if shown.value in exact:
            continue
        moved = _again(side, sentence, scope, {offset: shown.value + shown.unit})
        if moved is None:
            return False
        reach = reach + abs(plain(moved) - second)
    return bool(np.all(abs(plain(first) - second) <= reach))
