"""How far an accepted claim reaches: the model's sizes, or all of them; and what else bears it out."""

from __future__ import annotations

from dataclasses import replace

from derive.errors import Problem
from derive.prove import proves_equal
from verify.attempt import Attempt, every_tensor
from verify.claim import identities, read_statement
from verify.ranges import surely_safe
from verify.setting import Setting
from verify.verdict import Evidence, Status, Verdict

ALL_SIZES = "all sizes"


def widened(verdict: Verdict, best: Attempt, text: str, setting: Setting) -> Verdict:
    """The verdict with the scope "all sizes" where the proof holds for symbolic sizes too."""
    if verdict.status is not Status.PROVED or not setting.bench.model.sizes or not best.identities:
        return verdict
    if not _proved_for_all_sizes(best, text, setting):
        return verdict
    evidence = Evidence("normal forms", "agrees", "also with the sizes as symbols")
    return replace(verdict, scope=ALL_SIZES, evidence=(*verdict.evidence, evidence))


def _proved_for_all_sizes(best: Attempt, text: str, setting: Setting) -> bool:
    convention = setting.symbolic(best.convention)
    known = every_tensor(setting.bench.model.tensors)
    try:
        read = read_statement(text, setting.scope(convention, numeric=False))
        links = identities(read, known)
    except Problem:
        return False  # the formula names sizes by their numbers
    return all(
        surely_safe(link.left, known)
        and surely_safe(link.right, known)
        and proves_equal(link.left, link.right, link.axes, setting.bench.known)
        for link in links
    )
