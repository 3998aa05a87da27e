"""The links of a formula that shows numbers, put together to one verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from derive.expr import number
from derive.reading.arrays import ArrayValue
from derive.reading.sentence import Sentence
from derive.reading.statement import Statement
from verify.compare import Outcome
from verify.numbers.links import Found
from verify.numbers.sides import Side
from verify.numbers.suggestions import Edit, cell_edits, corrected, number_edit
from verify.verdict import ACCEPTED, Part, Status, Suggestion

ORDER = (
    Status.REFUTED, Status.ILL_FORMED, Status.UNREADABLE, Status.UNDECIDED, Status.CONFIRMED,
    Status.PROVED, Status.DEFINITION,
)  # fmt: skip
MOST_SAID = 2
"""Wrong links of a chain that the verdict tells."""


@dataclass(frozen=True)
class InNumbers:
    """The verdict on the whole chain, its parts, and the right digits of a single wrong number.

    ``valueless`` says that some quantity has no value; ``definition`` is the link that introduced
    a symbol. ``settled`` says that only digits were compared, at the values that are given.
    """

    outcome: Outcome
    parts: tuple[Part, ...]
    sides: tuple[Side | None, ...]
    introduced: bool
    right: tuple[Edit, ...] = ()
    valueless: bool = False
    definition: Statement | None = None
    notes: tuple[str, ...] = ()
    settled: bool = False

    @property
    def wrong_in_digits(self) -> bool:
        """Whether digits alone decide it: other values than those given would change nothing."""
        symbolic = [s is not None and s.symbolic for s in self.sides]
        plain = [k for k, both in enumerate(pairwise(symbolic)) if all(both)]
        one = len(self.sides) == 2
        return self.settled and (not plain if one else all(self._right(k) for k in plain))

    def _right(self, link: int) -> bool:
        return self.parts[link].status in ACCEPTED

    @property
    def reads(self) -> bool:
        """Whether some side is a quantity of the model."""
        return any(s is not None and s.symbolic for s in self.sides)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed to read the sides."""
        read = (s.read for s in self.sides if s is not None and s.read is not None)
        return tuple(dict.fromkeys((*self.notes, *(n for r in read for n in r.assumptions))))

    @property
    def statement(self) -> Statement | None:
        """What was read of the model, beside the single numbers shown."""
        read = [s.read for s in self.sides if s is not None and s.read is not None]
        if self.definition is not None or not read:
            return self.definition
        shown = []
        for side in (s for s in self.sides if s is not None):
            if side.shown is not None:
                shown.append(ArrayValue(read[0].axes, number(side.shown.value)))
            elif side.read is not None:
                shown.append(side.read.sides[0])
        return replace(read[0], kind="equation", sides=tuple(shown), operators=("=",) * len(shown))

    def suggestion(self, text: str) -> Suggestion | None:
        """The formula with the right digits in place of the wrong ones."""
        return corrected(text, self.right)


def together(
    found: list[Found],
    sides: list[Side | None],
    text: str,
    sentence: Sentence,
    introduced: bool,
) -> InNumbers:
    """The links of a chain in one; the first wrong one speaks for the whole."""
    if len(found) == 1:
        only = found[0]
        right = _place_of(only, sides, 0)
        return InNumbers(only.outcome, only.parts, tuple(sides), introduced, right, only.valueless)
    written = [text[n.span.start : n.span.end] for n in sentence.nodes]
    whats = [
        f"{left} {operator} {right}"
        for left, operator, right in zip(written, sentence.operators, written[1:], strict=False)
    ]
    parts = tuple(
        Part(what, f.outcome.status, f.outcome.message)
        for what, f in zip(whats, found, strict=True)
    )
    at = min(range(len(found)), key=lambda k: ORDER.index(found[k].outcome.status))
    worst = found[at].outcome
    if worst.status in ACCEPTED:
        evidence = tuple(dict.fromkeys(e for f in found for e in f.outcome.evidence))
        worst = replace(worst, evidence=evidence)
        return InNumbers(worst, parts, tuple(sides), introduced)
    wrong = [k for k in range(len(found)) if found[k].outcome.status is Status.REFUTED] or [at]
    said = (f"{whats[k]}: {found[k].outcome.message}" for k in wrong[:MOST_SAID])
    worst = replace(worst, message="; ".join(said))
    right = _apart([edit for k in wrong for edit in _place_of(found[k], sides, k)])
    valueless = any(f.valueless for f in found)
    return InNumbers(worst, parts, tuple(sides), introduced, right, valueless)


def _apart(edits: list[Edit]) -> tuple[Edit, ...]:
    """The edits without those that touch an earlier one: two links may share a side."""
    kept: list[Edit] = []
    for edit in edits:
        span = edit.span
        if all(span.end <= e.span.start or e.span.end <= span.start for e in kept):
            kept.append(edit)
    return tuple(kept)


def _place_of(found: Found, sides: list[Side | None], at: int) -> tuple[Edit, ...]:
    """What the right digits replace."""
    if found.edit is not None:
        return (found.edit,)
    for side in (sides[at + 1], sides[at]):
        if side is not None and side.shown is not None and found.right is not None:
            return number_edit(side.node, found.right)
        if side is not None and side.table is not None and found.wrong:
            return cell_edits(side.node, found.wrong)
    return ()
