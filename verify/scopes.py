"""How far an accepted claim reaches, and what else bears it out.

A proof is tried again with the sizes as symbols; a whole gradient is contracted with a random
direction and compared with finite differences of the loss, which know nothing of any rule.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from derive.equations import Model, adjoint_of
from derive.errors import Problem
from derive.expr import Summation
from derive.expr import walk as core_walk
from derive.index import Axis
from derive.prove import proves_equal
from derive.reading.surface import Big, Node, Numeral, walk
from verify.attempt import Attempt
from verify.claim import identities, read_statement, sentence_of
from verify.coincidences import coincidence
from verify.elsewhere import TESTED, proved_elsewhere
from verify.ranges import surely_safe
from verify.setting import Setting
from verify.understood import every_tensor
from verify.verdict import Evidence, Status, Verdict

ALL_SIZES = "all sizes"


def borne_out(verdict: Verdict, best: Attempt, text: str, setting: Setting) -> Verdict:
    """An accepted verdict with its scope widened where a proof allows, and finite differences.

    Where these contradict, the verdict is undecided: one of two witnesses is wrong. So it is where
    only sizes that happen to be equal make the formula right (`verify.coincidences`).
    """
    differences = against_differences(best, setting)
    if differences is not None:
        verdict = replace(verdict, evidence=(*verdict.evidence, differences))
        if differences.outcome == "differs":
            message = f"the witnesses disagree: {differences.detail}"
            return replace(verdict, status=Status.UNDECIDED, message=message)
    if verdict.status is Status.PROVED and proved_for_all_sizes(best, text, setting):
        evidence = Evidence("normal forms", "agrees", "also with the sizes as symbols")
        return replace(verdict, scope=ALL_SIZES, evidence=(*verdict.evidence, evidence))
    if (condition := coincidence(text, best, setting)) is not None:
        message = f"at the model's sizes only: {condition}"
        conditions = (*verdict.conditions, condition)
        return replace(verdict, status=Status.UNDECIDED, message=message, conditions=conditions)
    if verdict.status is Status.CONFIRMED:
        return _tested_elsewhere(verdict, best, text, setting)
    return verdict


def _tested_elsewhere(verdict: Verdict, best: Attempt, text: str, setting: Setting) -> Verdict:
    exact = proved_elsewhere(text, best.convention, setting)
    if not exact:
        return verdict
    evidence = (*exact, *verdict.evidence)
    message = "identical modulo two primes"
    return replace(verdict, status=Status.PROVED, message=message, scope=TESTED, evidence=evidence)


def proved_for_all_sizes(best: Attempt, text: str, setting: Setting) -> bool:
    """Whether both sides are equal with the sizes as symbols."""
    if not setting.bench.model.sizes or not best.identities or names_a_size(text, setting):
        return False
    known = every_tensor(setting.bench.model.tensors)
    try:
        read = read_statement(text, setting.symbolic_scope(best.convention))
        links = identities(read, known)
    except Problem:
        return False  # the formula names sizes by their numbers
    return all(
        surely_safe(link.left, known)
        and surely_safe(link.right, known)
        and proves_equal(
            link.left, link.right, link.axes, setting.bench.known_of(link.left, link.right)
        )
        for link in links
    )


def names_a_size(text: str, setting: Setting) -> bool:
    """Whether a bound in the formula, where it can be read, is one that bounds nothing there."""
    try:
        sentence = sentence_of(text)
    except Problem:
        return False
    nodes = [n for node in (*sentence.nodes, *sentence.quantifiers) for n in walk(node)]
    ends: list[Node] = list(sentence.quantifiers)
    for node in nodes:
        if isinstance(node, Big):
            ends += [*node.lower, *((node.upper,) if node.upper else ())]
    shown = {n.value for end in ends for n in walk(end) if isinstance(n, Numeral)}
    return not shown <= {0, 1, 2} | {abs(n) for n in _literal_bounds(setting.bench.model)}


def counts_by_size(factor: str, setting: Setting) -> bool:
    """Whether what is put in is a size, which may be the number that is missing by chance."""
    words = set(re.findall(r"[A-Za-z]\w*", factor))
    return any(size.name in words for size in setting.bench.model.sizes)


def _literal_bounds(model: Model) -> set[int]:
    """The numbers that stand as bounds in the model, whatever its sizes."""
    bounds = [b for t in model.tensors.values() for pair in t.ranges for b in pair]
    for equation in model.equations:
        for node in core_walk(equation.rhs):
            if isinstance(node, Summation):
                bounds += [b for a in node.axes for b in (a.lo, a.hi)]
    return {b.value for b in bounds if b.value is not None}


def against_differences(best: Attempt, setting: Setting) -> Evidence | None:
    """The claimed gradient along a random direction against differences of the loss.

    ``None`` where the claim is no gradient of a whole tensor.
    """
    read = best.statement
    tensor = None if read is None or read.target is None else adjoint_of(read.target)
    if read is None or tensor is None or not best.identities or best.identities[-1].trivial:
        return None
    axes = _whole(best, setting)
    if axes is None:
        return None
    sample = setting.bench.sample
    direction, seen = sample.along(tensor)
    if seen is None:
        return Evidence("finite differences", "skipped", "every step meets a kink")
    body = best.identities[-1].right
    ours = float(np.sum(sample.values(body, axes) * direction))
    allowed = seen.error + sample.slack(body, axes) * float(np.sum(np.abs(direction)))
    outcome = "agrees" if abs(ours - seen.value) <= allowed else "differs"
    detail = f"{ours:.12g} against {seen.value:.12g} ± {allowed:.1e} along a random direction"
    return Evidence("finite differences", outcome, detail)


def _whole(best: Attempt, setting: Setting) -> tuple[Axis, ...] | None:
    """The claim's axes in the order of its tensor's, where every element is claimed once."""
    read = best.statement
    known = every_tensor(setting.bench.fixed.tensors)
    if read is None or read.target not in known or read.provisos:
        return None
    axes = []
    for index, (lo, hi) in zip(read.indices, known[read.target].ranges, strict=True):
        if len(index.axes) != 1:
            return None
        (axis,) = index.axes
        added = index - axis
        if added.axes or (axis.lo + added, axis.hi + added) != (lo, hi):
            return None
        axes.append(axis)
    return tuple(axes) if set(axes) == set(read.axes) else None
