"""The outcome of a claim with its displayed sums looked at term by term."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from derive.reading.surface import Big, Span, walk
from verify.compare import Outcome
from verify.expansion.displays import Display
from verify.expansion.slips import Findings, findings
from verify.verdict import Evidence, Part, Status, Suggestion

TERMS = "terms"
"""The method of evidence that names what is wrong, so that no other repair needs to be sought."""
RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})


@dataclass(frozen=True)
class Told:
    """An outcome, its terms as parts, what it holds in spite of, and the mended formula.

    ``alone`` are the terms or cells of which none by itself can be changed so that all is right.
    """

    outcome: Outcome
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    alone: tuple[Span, ...] = ()


def told(outcome: Outcome, displays: Collection[Display], text: str) -> Told:
    """``outcome`` of the formula ``text`` with the slips of its displays.

    A sum with dots in which a shown term is not recognised is undecided: the terms may be grouped
    in another way. So is one whose dots would have to hide terms like none that is shown. What
    holds although a term is out of place is accepted, and says so.
    """
    every = [findings(d, text) for d in displays if not d.faultless and d.of_elements]
    found = [f for f in every if f.clear]
    unordered = [d for d in displays if d.dotted and not d.placed.ordered]
    unlike = sum(d.unlike for d in displays)
    if outcome.status in RIGHT and unlike:
        message = f"right if the dots also stand for {unlike} of a kind that is not shown"
        return Told(_open(outcome, message))
    if outcome.status in RIGHT:
        return _right(outcome, found, unordered)
    if outcome.status is not Status.REFUTED or not found:
        return Told(outcome)
    unsure = next((f for f in found if f.display.dotted and not f.sure), None)
    if unsure is not None:
        message = f"{unsure.message}; the terms may be grouped in another way"
        return Told(_open(outcome, message))
    worst = found[0]
    message = f"{worst.message}; {outcome.message}"
    evidence = (*outcome.evidence, Evidence(TERMS, "differs", worst.message))
    outcome = replace(outcome, message=message, evidence=evidence)
    alone = tuple(s for f in found for s in _alone(f.display, len(found) > 1))
    return Told(outcome, worst.parts(), (), worst.suggestion(), alone)


def _alone(display: Display, elsewhere: bool) -> Iterator[Span]:
    """The terms that cannot mend the sum by themselves; ``elsewhere`` says that more is wrong.

    A wrong one may be changed into one that is missing. Where more are missing nothing helps but
    to put them in. A term that is a sum may stand for many.
    """
    wrong, missing = len(display.wrong), len(display.placed.missing)
    items = [(k, item) for k, item in enumerate(display.items) if item is not None]
    sums = {k for k, item in items if any(isinstance(n, Big) for n in walk(item.node))}
    if missing > wrong and not sums:
        yield display.flat.nodes[display.number].span
    for number, item in items:
        if number not in sums and (elsewhere or wrong > 1 or number not in display.wrong):
            yield item.span


def _open(outcome: Outcome, message: str) -> Outcome:
    """Undecided, and no convention decides it."""
    evidence = (*outcome.evidence, Evidence(TERMS, "unclear", message))
    return replace(
        outcome, status=Status.UNDECIDED, message=message, counterexample=None, evidence=evidence
    )


def _right(outcome: Outcome, found: list[Findings], unordered: list[Display]) -> Told:
    """An accepted outcome: notes on what holds in spite of a slip, and on dots without an order."""
    notes = tuple(
        f"right all the same, by an equality of this model: {f.message}"
        for f in found
        if all(s.text is not None and not s.missing for s in f.slips)
    )
    if unordered and outcome.status is Status.PROVED:
        message = "the shown terms are right; in which order the others follow cannot be told"
        outcome = replace(outcome, status=Status.CONFIRMED, message=message)
    return Told(outcome, (), notes)
