"""The edits of a wrong formula in the order in which they are looked at: near, then dear.

What numbers tell apart is left out here; whether an edit is right is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from derive.reading.arrays import ShapeMismatch
from derive.reading.parse import parse
from derive.reading.problems import Unknown
from verify.attempt import Attempt
from verify.mending.axes import axes_of_sums
from verify.mending.chain_rule import ChainRule
from verify.mending.constants import constants
from verify.mending.edit import Edit
from verify.mending.edits import edits
from verify.mending.effort import Effort
from verify.mending.factors import SURPLUS
from verify.mending.free_letters import missing_sums, one_sum
from verify.mending.last_cells import last_cells
from verify.mending.missing import Missing
from verify.mending.parts import part_factors
from verify.mending.screen import Screen
from verify.mending.slopes import slopes_too_many
from verify.mending.throughout import throughout
from verify.mending.turned import products_the_other_way
from verify.mending.updates import updates

NEAR = 4
"""The cost up to which an edit comes before something that is missing."""


def candidates(
    best: Attempt, screens: list[Screen], effort: Effort
) -> Iterator[tuple[Edit, Screen]]:
    """Edits that numbers do not rule out, the nearest first."""
    plain = screens[0]
    typed = edits(plain.text, parse(plain.text))
    missing = [Missing(screen, effort) for screen in screens]
    if isinstance(best.problem, Unknown):
        yield from _instead(best.problem, typed, missing, effort)
        return
    if isinstance(best.problem, ShapeMismatch):  # a number for what has a letter of its own
        yield from _passing((e for e in typed if e.what == SURPLUS), screens, effort)
    yield from _passing(last_cells(plain), screens, effort)
    for search in missing[:1]:
        yield from _passing(chain(missing_sums(search), one_sum(search)), screens, effort)
    yield from _passing((e for e in typed if e.cost < NEAR), screens, effort)
    yield from _passing((e for m in missing[:1] for e in axes_of_sums(m)), screens, effort)
    for edit in constants(best, plain) if effort.left else ():
        yield edit, plain
    yield from _passing((e for e in typed if e.cost == NEAR), screens, effort)
    yield from _passing(slopes_too_many(plain.text, parse(plain.text)), screens, effort)
    turned = (e for m in missing[:1] for e in products_the_other_way(m))
    yield from _passing(turned, screens, effort)
    for search in missing:
        for edit in chain(search.marked(), search.symbols()):
            yield edit, search.screen
    yield from _passing((e for e in typed if e.cost > NEAR), screens, effort)
    for search in missing:
        for edit in chain(search.factors(), search.arrays(), part_factors(search)):
            yield edit, search.screen
    yield from _passing(ChainRule(plain).missing(), screens, effort)
    for search in missing:
        for edit in chain(search.addends(), search.pairs()):
            yield edit, search.screen
    # These may make a step of an equation, of which numbers looked at before know nothing.
    for edit in updates(plain.text, plain.setting, plain.convention) if effort.left else ():
        yield edit, plain


def all_its_places(
    best: Attempt, screens: list[Screen], effort: Effort
) -> Iterator[tuple[Edit, Screen]]:
    """Edits of one symbol in all its places."""
    plain = screens[0].text
    yield from _passing(throughout(plain, parse(plain)), screens, effort)


def rewritten(
    best: Attempt, screens: list[Screen], effort: Effort
) -> Iterator[tuple[Edit, Screen]]:
    """A term in the place of another, or a whole side."""
    yield from _passing(ChainRule(screens[0]).mistaken(), screens, effort)


def _instead(
    problem: Unknown, typed: list[Edit], missing: list[Missing], effort: Effort
) -> Iterator[tuple[Edit, Screen]]:
    """Edits of the one symbol that is unknown: no other makes the formula mean something."""
    for search in missing:
        offset = -1 if problem.offset is None else problem.offset
        at = next((s for s in search.screen.symbols if s.start <= offset < s.end), None)
        if at is None or search.screen.lost.at(at):
            continue
        inside = (e for e in typed if at.start <= e.span.start and e.span.end <= at.end)
        yield from _passing(inside, [search.screen], effort)
        for edit in search.symbols(at):
            yield edit, search.screen


def _passing(
    listed: Iterator[Edit], screens: list[Screen], effort: Effort
) -> Iterator[tuple[Edit, Screen]]:
    for edit in listed:
        for screen in screens:
            if not effort.left:
                return
            if screen.passes(edit):
                yield edit, screen
