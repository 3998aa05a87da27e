r"""A quantity of the model written out in numbers: ``½ (y - ŷ)² = ½ (1 - 0.547)²``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from derive.equations import adjoint_name
from derive.errors import IllFormed, Problem
from derive.expr import Summation, accesses
from derive.reading.names import readable, written
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.shown import Table, shown_number
from derive.reading.surface import Big
from verify.compare import Outcome
from verify.numbers.cells import laid
from verify.numbers.links import Found, cells_against, long_text, within_digits
from verify.numbers.quantities import Place
from verify.numbers.rounding import fraction
from verify.numbers.sides import Side, addends, arithmetic
from verify.numbers.slips import one_slip
from verify.numbers.substitution import put_in
from verify.numbers.values import Array, NoValue, Run
from verify.verdict import Status

MOST_ENTRIES = 2000
"""Entries of the model that the literals of a formula are compared with."""


def numbers_put_in(
    left: Side, right: Side, sentence: Sentence, scope: Scope, place: Place
) -> Found:
    """``½ (y - ŷ)² = ½ (1 - 0.547)²``, and a sum written out in numbers, term by term."""
    run = place.run
    try:
        array = run.at(left.body, left.axes)
        terms = _terms(left, right, run)
    except NoValue as problem:
        names = ", ".join(dict.fromkeys(place.called(n) for n in problem.names))
        message = f"no value is declared for {names}"
        return Found(Outcome(Status.UNDECIDED, message), valueless=True)
    if terms is not None:
        return terms
    if array.size != 1:
        raise IllFormed(f"the left side has {array.size} values, the right side one")
    value = array.item()
    entries = entries_of(run, scope, place, [a.tensor for a in accesses(left.body)])
    found = put_in(value, right, sentence, scope, entries)
    if found is not None:
        return found
    second = arithmetic(right.body)
    exact = {fraction(v) for _, v in entries}
    if within_digits(value, second, right, sentence, scope, exact):
        message = "agrees only to within the digits of the numbers put in"
        return Found(Outcome(Status.UNDECIDED, message))
    edit = one_slip(value, right, sentence, scope, entries)
    return replace(_refuted(value, second, right.text), edit=edit)


def _refuted(value: object, second: object, text: str) -> Found:
    """A quantity against numbers that are not its own."""
    comma = re.search(r"\d(,|\{,\})\d", text) is not None
    one, other = (
        t.replace(".", ",") if comma else t for t in (long_text(value), long_text(second))
    )
    message = f"the value is {one}, the numbers put in give {other}"
    return Found(Outcome(Status.REFUTED, message, None, (), {"left": one, "right": other}))


def _terms(left: Side, right: Side, run: Run) -> Found | None:
    """A sum over one index against as many displayed numbers."""
    shown = [shown_number(n) for n in addends(right.node)]
    body = left.body
    if len(shown) < 2 or not isinstance(left.node, Big) or not isinstance(body, Summation):
        return None
    if len(body.axes) != 1 or left.axes or any(s is None for s in shown):
        return None
    array = run.at(body.body, body.axes)
    if array.size != len(shown):
        return None
    placed = laid(Table((tuple(shown),)), array, partial=False)
    return None if placed is None else cells_against(placed.cells, False, "term by term")


def entries_of(run: Run, scope: Scope, place: Place, likely: list[str]) -> list[tuple[str, object]]:
    """The entries of what has a value, with names: tensors, adjoints, numbers that are defined.

    What the left side reads is ``likely`` meant, and comes first.
    """
    model = place.setting.bench.fixed
    found: list[tuple[str, object]] = []
    every = (*model.tensors, *map(adjoint_name, model.tensors))
    for name in dict.fromkeys((*(n for n in likely if n in every), *every)):
        found += _values(lambda name=name: run.value(name), place.called(name))  # type: ignore[misc]
        if len(found) > MOST_ENTRIES:
            return found[:MOST_ENTRIES]
    for entry in scope.lexicon.entries.values():
        body = entry.body
        if body is not None and not entry.rank and "." not in entry.notation.head:
            name = readable(written(entry.notation, None, entry.prefix))
            found += _values(lambda body=body: run.at(body, ()), name)  # type: ignore[misc]
    return found


def _values(of: Callable[[], Array], name: str) -> list[tuple[str, object]]:
    """The finite entries of an array that may have no value."""
    try:
        array = np.asarray(of(), dtype=object)
    except (NoValue, Problem):
        return []
    return [(name, v) for v in array.reshape(-1) if v - v == 0]
