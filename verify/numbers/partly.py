r"""A step in which some symbols have their numbers already: ``p_1 - 1 = -0.34`` where t_1 = 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from derive.errors import Problem
from derive.reading.sentence import Sentence
from derive.reading.shown import shown_number
from verify.mending.indices import index_nodes
from verify.numbers.example import in_the_example
from verify.numbers.links import Found, accepted, same
from verify.numbers.quantities import Place
from verify.numbers.sides import Side, literals
from verify.numbers.values import NoValue
from verify.verdict import Status

MOST_ENTRIES = 2000
MOST_NAMES = 3


def partly_put_in(left: Side, right: Side, sentence: Sentence, place: Place) -> Found | None:
    """That both sides have one value in the deck's example: a literal stands for an input there.

    Else what `in_the_example` says; ``None`` where they differ or no number is shown for them.
    """
    if not any(shown_number(n) is not None for n in sentence.nodes):
        return None
    run = place.run
    try:
        sides = [run.at(side.body, side.axes) for side in (left, right)]
    except (NoValue, Problem):
        return None
    if any(s.size != 1 for s in sides) or not same(sides[0].item(), sides[1].item()):
        return None
    places = index_nodes(right.node)
    for literal in literals(right.node):
        if id(literal) in places:
            continue
        if names := list(_given(literal.value, place)):
            of = " and of ".join(names[:MOST_NAMES])
            message = f"right in this example, where {literal.text} is an entry of {of}"
            return accepted(Status.CONFIRMED, message, "digits", "both sides have one value there")
    return in_the_example(left, right, place)


def _given(value: Fraction, place: Place) -> Iterator[str]:
    """Inputs and parameters one entry of which has the value."""
    model = place.setting.bench.fixed
    for name in (*model.inputs, *model.parameters):
        try:
            array = np.asarray(place.run.value(name), dtype=object)
        except (NoValue, Problem):
            continue
        if array.size <= MOST_ENTRIES and any(v == value for v in array.reshape(-1)):
            yield place.called(name)
