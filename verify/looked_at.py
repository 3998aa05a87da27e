"""What is displayed in parts, looked at part by part: the terms of a sum, the cells of an array."""

from __future__ import annotations

from verify.bench import Bench
from verify.cellwise import cell_by_cell
from verify.compare import Outcome
from verify.displayed import term_by_term
from verify.expansion.outcome import Told
from verify.understood import Understood


def looked_at(outcome: Outcome, known: Understood, text: str, bench: Bench) -> Told:
    """The outcome with what is wrong in displayed sums, else in displayed arrays."""
    told = term_by_term(outcome, known.shown, text, known.scope, bench)
    if told.parts or told.outcome is not outcome:
        return told
    cells = cell_by_cell(outcome, known.statement, text, known.scope, bench)
    return cells if cells.parts else told
