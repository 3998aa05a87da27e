r"""Repair of arrays with cells that break their pattern: first these as the pattern asks.

What is wrong then beside them is looked for once more, cell by cell: a slip in an array of one side
makes every cell of the other look wrong.
"""

from __future__ import annotations

from derive.errors import LimitExceeded, Problem
from derive.reading.problems import Undeclared
from verify.attempt import Attempt, attempt
from verify.clock import Clock
from verify.mending.repair import RIGHT, Repair
from verify.odd_cells import odd_cells
from verify.setting import Setting
from verify.verdict import Suggestion


def repair_arrays(text: str, setting: Setting, best: Attempt, clock: Clock) -> Repair:
    """The formula with regular arrays if that is right, perhaps with other cells as they must be.

    Nothing where every array is regular.
    """
    slips = odd_cells(text, setting.scope(best.convention))
    if not slips or not clock.left:
        return Repair(None, 0)
    new = text
    for slip in reversed(slips):
        new = new[: slip.span.start] + slip.regular + new[slip.span.end :]
    words = "; ".join(slip.words for slip in slips)
    try:
        tried = attempt(new, setting, best.convention)
        if tried.outcome.status in RIGHT:
            return Repair(Suggestion(new, words), 1)
        more = tried.suggestion
        right = more is not None and attempt(more.latex, setting, best.convention).accepted
    except (Problem, Undeclared, LimitExceeded):
        return Repair(None, 1)
    found = Suggestion(more.latex, f"{words}; {more.words}") if more is not None and right else None
    return Repair(found, 2)
