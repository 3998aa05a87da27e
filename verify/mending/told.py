"""The mended formula that was told beside the wrong terms or cells, where it is right.

Where what comes out is wrong in its cells, say, after its terms were put right, what is told of
that is done as well.
"""

from __future__ import annotations

from verify.attempt import Attempt, attempt
from verify.mending.repair import quick
from verify.setting import Setting
from verify.verdict import Status, Suggestion

ROUNDS = 2
"""So often what was told is done and looked at again."""


def told_repair(best: Attempt, setting: Setting) -> Suggestion | None:
    """The formula with all that was told; ``None`` where nothing was, or it is not right then."""
    told, words = best.suggestion, []
    for _ in range(ROUNDS):
        if told is None:
            return None
        words.append(told.words)
        if attempt(told.latex, setting, best.convention, quick).accepted:
            return Suggestion(told.latex, "; ".join(words))
        tried = attempt(told.latex, setting, best.convention)  # which tells of cells, too
        told = tried.suggestion if tried.outcome.status is Status.REFUTED else None
    return None
