r"""What a deck itself declares: marks, ``\delta h = \partial L/\partial h``, and what sums to one.

The author's own words hold where the context says nothing of the kind; what else the deck leaves
unsaid stays open as without a context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from derive.equations import Model
from derive.errors import Problem
from derive.reading.context import EMPTY, Context
from derive.reading.said_marks import said_marks
from derive.reading.sentence import Sentence
from verify.claim import sentence_of
from verify.claims import Claim
from verify.clock import Clock
from verify.formulas import LISTED
from verify.readings import Judged, judge_readings
from verify.setting import Setting
from verify.shares import Pair, of_inputs, shares_of
from verify.verdict import Status
from verify.without_context import OWN


@dataclass(frozen=True)
class OwnWords:
    """The marks that stand before gradients, and what sums to one over which letter."""

    marks: tuple[str, ...] = ()
    shares: tuple[Pair, ...] = ()

    def added_to(self, context: Context, model: Model) -> Context:
        """The context with what the deck says of ``model``."""
        marks = () if context.prefixes or context.accents else self.marks
        known = (*model.given.declared, *context.given.declared)
        shares = tuple(p for p in of_inputs(self.shares, model) if p not in known)
        if not marks and not shares:
            return context
        return replace(
            context,
            name=OWN if context is EMPTY else context.name,
            prefixes=context.prefixes or marks,
            said=marks,
            given=replace(context.given, declared=(*context.given.declared, *shares)),
        )


def as_meant(judged: Judged, text: str, setting: Setting, clock: Clock) -> Judged:
    """The judgement, open where a mark that the deck said of one symbol may differ of another."""
    wrong = judged.outcome.status in (Status.REFUTED, Status.ILL_FORMED)
    if not wrong or not setting.context.said:
        return judged
    context = replace(setting.context, prefixes=(), said=())
    unmarked = Setting(
        setting.bench, context, setting.defined, setting.others, setting.allowance, setting.shown,
        setting.now,
    )  # fmt: skip
    other = judge_readings(text, unmarked, clock)
    return other if other.outcome.status is Status.UNDECIDED and other.conditions else judged


def own_words(claims: Iterable[Claim]) -> OwnWords:
    """What the formulas of a deck declare."""
    sentences = [*_sentences(claims)]
    return OwnWords(said_marks(sentences), shares_of(sentences))


def _sentences(claims: Iterable[Claim]) -> Iterator[Sentence]:
    for claim in claims:
        if claim.error is None and claim.kind not in LISTED:
            try:
                yield sentence_of(claim.text)
            except Problem:
                continue
