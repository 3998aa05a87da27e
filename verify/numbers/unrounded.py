r"""``y = 1.2 \cdot 0.9403 = 1.1283``: rounded numbers are put in, the result need not be theirs.

Whoever computes with all digits and writes down four of each number shows a last digit that the
numbers shown do not give. What counts is the value of the quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from verify.numbers.arrays import is_worked_out
from verify.numbers.links import Found, accepted
from verify.numbers.rounding import Fit, fit
from verify.numbers.sides import Side, arithmetic
from verify.verdict import ACCEPTED, Status

MESSAGE = "right to the digits shown where the numbers put in are not rounded"
NEAR = frozenset({Fit.LAST_DIGIT, Fit.TRUNCATED})

Asked = Callable[[Side, Side], Found]
"""A quantity of the model against the number shown for it."""


def unrounded(found: Sequence[Found], sides: Sequence[Side | None], asked: Asked) -> list[Found]:
    """The links, a last digit that only the rounding of the link before explains being right."""
    links = list(found)
    for k in range(1, len(links)):
        quantity, numbers, shown = sides[k - 1], sides[k], sides[k + 1]
        if quantity is None or numbers is None or shown is None or not quantity.symbolic:
            continue
        if links[k - 1].outcome.status is Status.CONFIRMED and _nearly(links[k], numbers, shown):
            whole = asked(quantity, shown)
            if whole.outcome.status in ACCEPTED:
                links[k] = _right(whole)
    return links


def _nearly(link: Found, numbers: Side, shown: Side) -> bool:
    """Whether an expression in numbers is shown with its last digit off."""
    if link.outcome.status is not Status.REFUTED:
        return False
    if is_worked_out(numbers):
        return shown.table is not None
    if not numbers.closed or shown.shown is None:
        return False
    return fit(arithmetic(numbers.body), shown.shown) in NEAR


def _right(whole: Found) -> Found:
    evidence = whole.outcome.evidence
    plain = accepted(Status.CONFIRMED, MESSAGE, "digits", "").outcome
    return Found(replace(plain, evidence=evidence))
