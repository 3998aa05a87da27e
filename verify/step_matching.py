"""Whether a formula for a step is a known rule, whatever the author calls its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations

import numpy as np

from derive.evaluate import evaluate
from derive.expr import Access, Expr, Number, accesses, number, rewrite, walk
from derive.reading.iteration import Iteration
from verify.compare import Identity
from verify.step_catalogue import NUMBERS, ROLES, Rule, template

DRAWS = 3
"""Places at which two formulas are compared before the proof."""


def matched(step: Iteration, rule: Rule) -> Identity | None:
    """The rule in the author's numbers beside what he wrote; ``None`` where they differ."""
    for names in namings(step, rule):
        link = Identity((), renamed(rule, names), step.body, tuple(step.texts))
        if _agree(link):
            return link
    return None


def namings(step: Iteration, rule: Rule) -> Iterator[dict[str, str]]:
    """Every way to call the rule's numbers as the author does, for the same quantities."""
    read = {a.tensor for a in accesses(template(rule.latex))}
    numbers = sorted(n for n in read if n in NUMBERS)
    roles = {ROLES[n]: n for n in read if n not in NUMBERS}
    if set(roles) != set(step.reads) or len(numbers) < len(step.scalars):
        return
    typed = _typed(step) if len(numbers) > len(step.scalars) else ()
    for chosen in permutations((*step.scalars, *typed), len(numbers)):
        if not set(step.scalars) <= set(chosen):
            continue
        yield {**{n: r for r, n in roles.items()}, **dict(zip(numbers, chosen, strict=True))}


def _typed(step: Iteration) -> tuple[str, ...]:
    """The numbers below one that the formula shows as such: 0.9."""
    values = {n.value for n in walk(step.body) if isinstance(n, Number) and 0 < n.value < 1}
    return tuple(f"{float(value):g}" for value in sorted(values))


def renamed(rule: Rule, names: dict[str, str]) -> Expr:
    def rename(node: Expr) -> Expr:
        if not isinstance(node, Access):
            return node
        name = names[node.tensor]
        return number(Fraction(name)) if name[:1].isdigit() else Access(name, ())

    return rewrite(template(rule.latex), rename)


def _agree(link: Identity) -> bool:
    """Whether both sides have the same values at some positive numbers below one."""
    pairs = (values(link, place) for place in places(link))
    return all(bool(np.isclose(left, right, rtol=1e-9, atol=1e-12)) for left, right in pairs)


def places(link: Identity) -> Iterator[dict[str, float]]:
    rng = np.random.default_rng(0)
    names = sorted({a.tensor for side in (link.left, link.right) for a in accesses(side)})
    for _ in range(DRAWS):
        yield {name: round(float(rng.uniform(0.1, 0.9)), 2) for name in names}


def values(link: Identity, place: dict[str, float]) -> tuple[float, float]:
    env = {name: np.asarray(value) for name, value in place.items()}
    ranges: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(env, ())
    left, right = (float(evaluate(s, (), env, ranges)) for s in (link.left, link.right))
    return left, right
