"""What a deck shows in numbers elsewhere: a value given later, a slip from which others follow.

The texts are known before anything is judged, so that what is said of a formula does not depend on
the order in which formulas are judged, or on the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.errors import Problem
from derive.expr import Access
from verify.claim import sentence_of
from verify.claims import Claim
from verify.compare import Outcome
from verify.numbers.cells import laid
from verify.numbers.links import Found
from verify.numbers.other_values import depends, exceptions
from verify.numbers.places import Values, as_table, changed, definition, mostly_the_same, positions
from verify.numbers.rounding import Fit, digits_shown, fit
from verify.numbers.sides import Side, read_side
from verify.numbers.values import Array, NoValue, Run
from verify.setting import Convention, Displayed
from verify.verdict import Status

if TYPE_CHECKING:
    from verify.numbers.quantities import Place, Quantity

_DIGIT = re.compile(r"=.*\d", re.DOTALL)
MOST = 40
"""Formulas before one that are looked at."""
LEAST_DIGITS = 3
"""A number that agrees by chance shows fewer."""


def displayed(claims: Iterable[Claim]) -> tuple[Displayed, ...]:
    """The formulas that may show numbers, once for every place, in the order of the deck."""
    found = [
        Displayed(place.line, claim.text)
        for claim in claims
        if claim.error is None and _DIGIT.search(claim.text)
        for place in claim.places
    ]
    return tuple(sorted(found, key=lambda d: d.line))


# A value that is given later


def with_later_values(names: tuple[str, ...], place: Place) -> tuple[Values, str] | None:
    """The values with those that the deck gives what has none, before anything changes."""
    arrays = dict(place.values.arrays)
    lines: dict[str, int] = {}
    for shown in _after(place):
        pair = _sides(shown.text, place)
        given = None if pair is None else definition(*pair, place.setting, place.values)
        if pair is None or given is None:
            continue
        new = {n: a for n, a in given.items() if n in names and n not in lines}
        if new and all(v is not None for a in new.values() for v in a.flat):
            arrays |= new
            lines |= dict.fromkeys(new, shown.line)
        elif changed(given, place.values) and not mostly_the_same(given, place.values):
            return None  # another example has begun
        if lines.keys() >= set(names):
            words = ", ".join(
                f"{place.called(n)} as line {line} gives it" for n, line in lines.items()
            )
            return replace(place.values, arrays=arrays, _runs={}), words
    return None


def by_later_values(found: Found, asked: Quantity, words: str, run: Run) -> Found:
    """The verdict with values from further on; open where no number agrees: another example."""
    message = f"{found.outcome.message}, with {words}"
    outcome = replace(found.outcome, message=message)
    placed = asked.placed(run.at(asked.body, asked.axes))
    fits = (
        []
        if placed is None
        else [c.fit for c in placed.cells if digits_shown(c.shown) >= LEAST_DIGITS]
    )
    if found.outcome.status is Status.REFUTED and not {Fit.EXACT, Fit.ROUNDED} & set(fits):
        outcome = Outcome(Status.UNDECIDED, message)
    return replace(found, outcome=outcome)


# A slip from which others follow


def following(asked: Quantity, place: Place) -> Iterator[str]:
    """``right if z is as line 12 shows it``: numbers that follow from wrong ones before them.

    One such array that makes every number right, else all given ones as they were shown before,
    else one that leaves last digits wrong.
    """
    nearly = None
    given: dict[str, tuple[Array, int]] = {}
    for shown in _before(place):
        pair = _sides(shown.text, place)
        slip = None if pair is None else _slip(*pair, asked, place)
        if slip is None:
            continue
        name, array = slip
        but = exceptions(asked, _with({name: array}, place))
        told = f"right if {place.called(name)} is as line {shown.line} shows it{but}"
        if but == "":
            yield told
            return
        nearly = nearly or (None if but is None else told)
        if name in place.values.arrays:
            given.setdefault(name, (array, shown.line))
    arrays = {name: array for name, (array, _) in given.items()}
    if len(given) > 1 and exceptions(asked, _with(arrays, place)) == "":
        yield "right if " + " and ".join(
            f"{place.called(name)} is as line {line} shows it" for name, (_, line) in given.items()
        )
    elif nearly is not None:
        yield nearly


def _with(arrays: Mapping[str, Array], place: Place) -> Run:
    return Run(place.setting.bench, {**place.values.arrays, **arrays})


def _slip(left: Side, right: Side, asked: Quantity, place: Place) -> tuple[str, Array] | None:
    """What the quantity depends on, with the wrong numbers that are shown for it."""
    table, body = as_table(right), left.body
    if table is None or not isinstance(body, Access) or body.tensor in _own(asked):
        return None
    at = positions(left, place.setting)
    placed = None if at is None else laid(table, at, partial=False)
    if placed is None or not depends(asked, body.tensor, place):
        return None
    try:
        values = place.run.value(body.tensor).copy()
    except (NoValue, Problem):
        return None
    cells = [c for c in placed.cells if isinstance(c.value, tuple)]
    wrong = [c for c in cells if fit(values[c.value], c.shown) is Fit.WRONG]
    for cell in wrong:
        values[cell.value] = cell.shown.value
    return (body.tensor, values) if wrong else None


def _own(asked: Quantity) -> tuple[str, ...]:
    return (asked.body.tensor,) if isinstance(asked.body, Access) else ()


# The formulas around one


def _after(place: Place) -> Iterator[Displayed]:
    yield from (d for d in place.setting.shown if d.line > place.setting.now)


def _before(place: Place) -> Iterator[Displayed]:
    """The nearest first."""
    texts = set[str]()
    for shown in reversed(place.setting.shown):
        if shown.line < place.setting.now and shown.text not in texts and len(texts) < MOST:
            texts.add(shown.text)
            yield shown


def _sides(text: str, place: Place) -> tuple[Side, Side] | None:
    """Both ends of an equation, where it shows numbers at the last one."""
    try:
        sentence = sentence_of(text)
        if sentence.kind != "equation" or {*sentence.operators} != {"="}:
            return None
        scope = place.setting.scope(Convention())
        left, right = (read_side(sentence.nodes[k], "", sentence, scope) for k in (0, -1))
    except Problem:
        return None
    return (left, right) if as_table(right) is not None and left.symbolic else None
