"""The nearest right formula: one edit of a wrong one that makes it right, in the author's own text."""

from __future__ import annotations

from dataclasses import dataclass

from derive.errors import LimitExceeded, Unreadable
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from verify.attempt import Attempt, attempt
from verify.clock import Clock, TimeUp
from verify.edits import Edit, edits
from verify.setting import Convention, Setting
from verify.verdict import Status, Suggestion

RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})


@dataclass(frozen=True)
class Repair:
    """What was found, and how many edits were tried."""

    suggestion: Suggestion | None
    tried: int


def repair(text: str, setting: Setting, convention: Convention, clock: Clock) -> Repair:
    """The first right formula among the edits of ``text``, nearest first, while the clock allows.

    ``convention`` is the reading under which the wrong formula was best understood; the defining origins
    are tried as well.
    """
    conventions = list(dict.fromkeys((convention, Convention(declared=convention.declared))))
    tried = 0
    for edit in _edits(text, setting):
        if not clock.left:
            break
        tried += 1
        new = edit.apply(text)
        if any(_right(new, setting, c) for c in conventions):
            return Repair(Suggestion(new, edit.what), tried)
    return Repair(None, tried)


def _edits(text: str, setting: Setting) -> list[Edit]:
    symbols = dict.fromkeys(
        t.notation.head for t in setting.bench.model.tensors.values() if "{" not in t.notation.head
    )
    return edits(text, parse(text), tuple(symbols))


def _right(text: str, setting: Setting, convention: Convention) -> bool:
    try:
        tried = attempt(text, setting, convention)
    except (Unreadable, Undeclared, LimitExceeded):
        return False
    return tried.outcome.status in RIGHT and _says_something(tried)


def _says_something(tried: Attempt) -> bool:
    """False for an edit that makes both sides one and the same, which is always right."""
    return any(not link.trivial for link in tried.identities)


__all__ = ["Repair", "TimeUp", "repair"]
