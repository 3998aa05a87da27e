"""Repair under a condition: ``dW = X^T (p - y)`` is right only where every row of y adds to 1.

Where no edit makes a formula right for all values of the targets, one is sought that makes it right
for targets as they mostly are. The suggestion then says what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.equations import adjoint_of
from derive.expr import accesses
from verify.attempt import Attempt, attempt
from verify.clock import Clock
from verify.conditions import conditions
from verify.mending.odd_arrays import repair_arrays
from verify.mending.repair import Repair, repair, repair_by_chain_rule, repair_throughout
from verify.restrictions import Restriction, Values, possible, targets
from verify.setting import Setting
from verify.variants.values import restriction_text
from verify.verdict import Suggestion

FIRST = 0.7
"""The part of the time in which an edit is sought that needs no condition."""


def repair_for_targets(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """`repair`; where that finds nothing, for targets that are shares of 1, or 0 and 1."""
    restrictions = tuple(_weakest(setting)) if _depends_on_targets(best, setting) else ()
    first = Clock(FIRST * clock.left)
    found = repair(text, setting, best, first)
    tried = found.tried
    for restriction in restrictions:
        if found.suggestion is not None or not clock.left:
            break
        found = _under(restriction, text, setting, best, clock)
        tried += found.tried
    if found.suggestion is None and clock.left:
        whole = found.whole
        found = repair_by_chain_rule(text, setting, best, clock)
        tried += found.tried
        found = replace(found, whole=found.whole and (whole or found.suggestion is not None))
    return replace(found, tried=tried)


def repair_several(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """`repair_for_targets` where several terms or cells are wrong.

    One slip may be in all of them, or in a factor that they have been multiplied with.
    """
    for search in (repair_arrays, repair_throughout):
        found = search(text, setting, best, Clock(clock.left / 2))
        if found.suggestion is not None:
            return found
    return repair_for_targets(text, setting, best, clock)


def _under(
    restriction: Restriction, text: str, setting: Setting, best: Attempt, clock: Clock
) -> Repair:
    bench = setting.bench.restricted(*setting.bench.restrictions, restriction)
    found = repair(text, replace(setting, bench=bench), best, Clock(clock.left))
    if found.suggestion is None:
        return found
    needs = _needs(found.suggestion.latex, restriction, setting, best)
    words = f"{found.suggestion.words}; {needs}"
    return replace(found, suggestion=Suggestion(found.suggestion.latex, words))


def _needs(text: str, restriction: Restriction, setting: Setting, best: Attempt) -> str:
    """The least that makes ``text`` right, as conditions are told."""
    tried = attempt(text, setting, best.convention)
    found = conditions(text, setting, tried, Clock(1.0)).found
    words = restriction_text(restriction, setting, best.convention)
    return found[0].text if found else f"right if {words}"


def _weakest(setting: Setting) -> Iterator[Restriction]:
    """What each undeclared target may be, no more than is needed: shares of 1, else 0 and 1."""
    known = {r.tensor for r in (*setting.restrictions, *setting.bench.restrictions)}
    found = [r for r in possible(setting.bench.model) if r.tensor not in known]
    weak = [w for r in found for w in (*r.weaker, *(() if r.weaker else (r,)))]
    yield from sorted(dict.fromkeys(weak), key=lambda r: r.values is Values.BINARY)


def _depends_on_targets(best: Attempt, setting: Setting) -> bool:
    """Whether the formula speaks of the loss, of adjoints or of a target, or cannot be read yet."""
    model = setting.bench.model
    if not best.identities:
        return model.loss is not None
    sides = (side for link in best.identities for side in (link.left, link.right))
    read = {a.tensor for side in sides for a in accesses(side)}
    spoken = any(adjoint_of(name) for name in read) or model.loss in read
    return spoken or bool(read & set(targets(model)))
