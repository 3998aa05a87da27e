r"""What is open because no context says what the deck leaves unsaid.

A symbol that neither the model nor a context knows may be a slip or a name that the deck gave to
something of the model, and only a context tells which:

    without any context      undecided; "right if c means C" where that would mend the formula
    with one                 ill-formed: the context says what is meant, and not this symbol

So whoever deletes a context turns verdicts into undecided ones, never wrong into right or back.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import Problem
from derive.reading.context import EMPTY
from derive.reading.indices import UnboundLetter
from derive.reading.problems import Unknown
from verify.compare import Outcome
from verify.readings import Judged
from verify.setting import Setting
from verify.verdict import Status, Verdict


def open_without_context(judged: Judged, setting: Setting) -> Judged:
    """The judgement, undecided where a symbol is unknown and nothing was declared at all."""
    found = judged.outcome
    if setting.context != EMPTY or found.status is not Status.ILL_FORMED:
        return judged
    if not is_undeclared(judged.best.problem):
        return judged
    outcome = Outcome(
        Status.UNDECIDED, f"undeclared: {found.message}", None, found.evidence, found.conditions
    )
    return replace(judged, outcome=outcome)


def is_undeclared(problem: Problem | None) -> bool:
    """Whether a symbol, or a label that is a word, stood in the way."""
    word = isinstance(problem, UnboundLetter) and len(problem.letter) > 1
    return isinstance(problem, Unknown) or word


def with_meaning(verdict: Verdict, problem: Problem | None) -> Verdict:
    """The undecided verdict with the meaning that would make it right, where an edit found one."""
    nearest = verdict.suggestion
    if verdict.status is not Status.UNDECIDED or nearest is None or not is_undeclared(problem):
        return verdict
    condition = f"right if {nearest.edit.replace(' should be ', ' means ')}"
    return replace(
        verdict, message=f"undeclared: {condition}", conditions=(*verdict.conditions, condition)
    )
