"""One link of a chain without numbers of its own: by the ladder, then with what numbers it has.

A scalar with a value may stand as that value on the other side: ``w - η g = w - 0.1 g``. Where
nothing gives it one, the numbers of the formula itself tell which it would have to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from derive.equations import adjoint_of
from derive.expr import Access, Expr, Number, accesses, number, rewrite, walk
from derive.reading.names import readable
from verify.bench import Bench
from verify.compare import Identity, Outcome
from verify.numbers.links import long_text
from verify.numbers.places import values_of
from verify.setting import Convention, Setting, authors_text
from verify.verdict import ACCEPTED, Evidence, Status

INTRODUCES = "introduces a symbol; nothing to check"
MOST_NUMBERS = 3
"""Numbers of a formula that are tried for a scalar without a value."""

Judge = Callable[[Identity, Bench], Outcome]


def judge_links(links: Sequence[Identity], setting: Setting, judge: Judge) -> list[Outcome]:
    """The outcome of every link; a trivial one before others that say something names a symbol."""
    if not links:
        return [Outcome(Status.UNDECIDED, "states nothing: nothing is said to be equal here")]
    named = links[0].trivial and not all(link.trivial for link in links)
    rest = links[1:] if named else links
    first = [Outcome(Status.DEFINITION, INTRODUCES)] if named else []
    return [*first, *(_judged(link, setting, judge) for link in rest)]


def _judged(link: Identity, setting: Setting, judge: Judge) -> Outcome:
    """The outcome of a link; undecided where only what is given is related."""
    outcome = judge(link, setting.bench)
    if outcome.status in ACCEPTED and _says_nothing(link, setting.bench):
        return Outcome(Status.UNDECIDED, _of_nothing(link, setting))
    if outcome.status is not Status.REFUTED:
        return outcome
    if _is_given(link, setting.bench):
        message = "relates only what is given: right if the data are like that"
        return Outcome(Status.UNDECIDED, message, conditions=("right if the data are like that",))
    return _with_numbers(link, setting, judge) or outcome


def _is_given(link: Identity, bench: Bench) -> bool:
    """Whether the sides read nothing but different inputs, of which no equation decides."""
    sides = [{a.tensor for a in accesses(side)} for side in (link.left, link.right)]
    given = all(side and side <= set(bench.model.inputs) for side in sides)
    return given and sides[0].isdisjoint(sides[1])


def _says_nothing(link: Identity, bench: Bench) -> bool:
    """Whether both sides are 0 because the loss does not depend on what it is derived by."""
    sides = (link.left, link.right)
    bases = [adjoint_of(a.tensor) for s in sides for a in accesses(s)]
    by = {b for b in bases if b is not None}
    if not by or by & bench.of_loss or any(not accesses(s) for s in sides):
        return False
    sample = bench.sample.with_scalars(link.scalars)
    return not any(np.any(sample.values(s, link.axes)) for s in sides)


def _of_nothing(link: Identity, setting: Setting) -> str:
    scope = setting.scope(Convention())
    bases = (adjoint_of(a.tensor) for s in (link.left, link.right) for a in accesses(s))
    names = ", ".join(dict.fromkeys(authors_text(scope, b) for b in bases if b is not None))
    loss = authors_text(scope, setting.bench.model.loss or "L")
    return f"both sides are 0: {loss} does not depend on {names} in this model"


def _with_numbers(link: Identity, setting: Setting, judge: Judge) -> Outcome | None:
    """The link with a number in place of a scalar, where that makes it right."""
    alone = [name for name in link.scalars if _on_one_side(link, name)]
    known = values_of(setting).arrays if alone else {}
    for name in alone:
        value = known[name].item() if name in known and known[name].size == 1 else None
        tried = [value] if value is not None else list(_numbers(link))[:MOST_NUMBERS]
        for n in tried:
            outcome = judge(_put_in(link, name, n), setting.bench)
            if outcome.status in ACCEPTED:
                equal = f"{_called(name, setting)} = {long_text(n)}"
                return _told(outcome, equal, value is not None)
    return None


def _called(name: str, setting: Setting) -> str:
    entries = setting.scope(Convention()).lexicon.entries.values()
    return readable(next((e.notation.head for e in entries if e.tensor == name), name))


def _told(outcome: Outcome, equal: str, known: bool) -> Outcome:
    if not known:
        condition = f"right if {equal}"
        message = f"undeclared: {condition}"
        return Outcome(Status.UNDECIDED, message, conditions=(condition,))
    evidence = (*outcome.evidence, Evidence("values", "agrees", f"with {equal}"))
    message = f"{outcome.message}, with {equal}"
    return replace(outcome, message=message, evidence=evidence)


def _on_one_side(link: Identity, name: str) -> bool:
    reads = [any(a.tensor == name for a in accesses(s)) for s in (link.left, link.right)]
    return reads[0] is not reads[1]


def _numbers(link: Identity) -> Iterator[Fraction]:
    """The numbers that stand in the link and are no whole ones."""
    found = (n.value for s in (link.left, link.right) for n in walk(s) if isinstance(n, Number))
    yield from dict.fromkeys(abs(v) for v in found if v.denominator != 1)


def _put_in(link: Identity, name: str, value: Fraction) -> Identity:
    def rule(node: Expr) -> Expr:
        return number(value) if isinstance(node, Access) and node.tensor == name else node

    left, right = rewrite(link.left, rule), rewrite(link.right, rule)
    rest = tuple(s for s in link.scalars if s != name)
    return replace(link, left=left, right=right, scalars=rest)
