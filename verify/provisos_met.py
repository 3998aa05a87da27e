"""Whether what a formula is asserted under ever held: ``a = b, \\quad 0 < c < 0`` says nothing.

Both sides are multiplied by 1 where a formula is asserted and by 0 elsewhere. Where no run meets
the condition 0 was compared with 0, which speaks for no formula.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from derive.expr import product
from derive.reading.statement import UNREAD, Statement
from verify.bench import Bench
from verify.compare import Outcome
from verify.verdict import ACCEPTED, Status

RUNS = 32
NOWHERE = "no values that were tried satisfy its condition, so that nothing was compared"


def with_provisos_met(outcome: Outcome, read: Statement, bench: Bench) -> Outcome:
    """The outcome, but undecided where it accepts a formula whose condition never held.

    Nor is one refuted whose condition could not be read.
    """
    unread = [note for note in read.assumptions if note.startswith(UNREAD)]
    if unread and outcome.status is Status.REFUTED:
        message = f"wrong where it is to hold everywhere, but {unread[0]}"
        return replace(outcome, status=Status.UNDECIDED, message=message, scope=None)
    if outcome.status not in ACCEPTED or not read.provisos:
        return outcome
    mask = product(*read.provisos)
    for sample in islice(bench.samples(branching=True), RUNS):
        values = sample.with_scalars(read.variables).values(mask, read.axes)
        if np.any(values):
            return outcome
    return replace(outcome, status=Status.UNDECIDED, message=NOWHERE, scope=None)
