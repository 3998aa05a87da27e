r"""What is missing is a part of the model: ``\max(0, m - d_i)``, ``1 / \sqrt{v + ε}``.

The chain rule multiplies with what an equation applies, divides by or takes the root of; such a
part stands in the model as its author writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from derive.errors import Problem
from derive.reading.parse import parse
from derive.reading.surface import (
    Binary,
    Call,
    Fraction_,
    Group,
    Name,
    Node,
    Relation,
    Root,
    walk,
)
from verify.mending.edit import Edit, typed
from verify.mending.missing import Missing
from verify.mending.terms import array_slots, element_slot, number_slot

MOST = 60
"""Parts of a model that are tried."""


def part_factors(search: Missing) -> Iterator[Edit]:
    """A factor, or a divisor, that is a part of the model's equations."""
    model = search.screen.setting.bench.model
    written = tuple(e.source.latex for e in model.equations if e.source is not None)
    for term in search.terms:
        if not search.effort.left:
            return
        slots = [element_slot(term, search.screen.text)]
        if search.known_arrays.any:
            slots += array_slots(term, search.screen.text)
        for slot in slots:
            for found in search.found(slot, parts(written)):
                yield slot.edit(found, f"the factor ${found}$ is missing", 5)
        front = number_slot(term, search.screen.text)
        for found in search.found(slots[0], divisors(written)):
            yield front.edit(found, f"the factor ${found}$ is missing", 5)


@lru_cache(maxsize=8)
def parts(equations: tuple[str, ...]) -> tuple[str, ...]:
    """What the equations apply or put in brackets, as it is written."""
    found: dict[str, None] = {}
    for text, node in _nodes(equations):
        own = typed(node, text)
        if isinstance(node, Root) or (isinstance(node, Call) and _applies(node)):
            found[own] = None
            if isinstance(node, Call) and isinstance(node.args[0], Binary):
                found[f"({typed(node.args[0], text)})"] = None  # or a product, ``x_i (a - b)``
        elif isinstance(node, Group) and isinstance(node.body, Binary):
            found[own] = None
    return tuple(found)[:MOST]


@lru_cache(maxsize=8)
def divisors(equations: tuple[str, ...]) -> tuple[str, ...]:
    """One over what the equations divide by or take roots of, and over its square or power."""
    found: dict[str, None] = {}
    for text, node in _nodes(equations):
        if isinstance(node, Fraction_):
            below = typed(node.bottom, text)
            found[rf"\frac{{1}}{{{below}}}"] = None
            if isinstance(node.bottom, Group | Name | Call):
                found[rf"\frac{{1}}{{{below}^2}}"] = None
            if isinstance(node.bottom, Binary):
                found[rf"\frac{{1}}{{({below})^2}}"] = None
        if isinstance(node, Root):
            inner = typed(node.body, text)
            found[rf"\frac{{1}}{{{typed(node, text)}}}"] = None
            found[rf"({inner})^{{-3/2}}"] = None
        if isinstance(node, Group) and node.bracket in (r"\|", "|", r"\lVert"):
            found[rf"\frac{{1}}{{{typed(node, text)}}}"] = None
            found[rf"\frac{{1}}{{{typed(node, text)}^2}}"] = None
    return tuple(found)[:MOST]


def _applies(node: Call) -> bool:
    """Whether it may be a function of something, not an element of an array with two indices."""
    extreme = isinstance(node.head, Name) and node.head.base in (r"\max", r"\min")
    return len(node.args) == 1 or extreme


def _nodes(equations: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """Everything in the right sides of equations, with the text that it stands in."""
    for text in equations:
        try:
            items = parse(text).items
        except Problem:
            continue
        for item in items:
            if isinstance(item, Relation):
                yield from ((text, n) for side in item.sides[1:] for n in walk(side))
