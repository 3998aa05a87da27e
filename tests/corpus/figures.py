"""What the judge makes of a topic: its right formulas, and the slips in them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.corpus.judging import SECONDS, verdict
from tests.corpus.library import Claim, topic
from tests.corpus.slips import chosen
from tests.corpus.truth import holds
from verify.verdict import ACCEPTED, Status

BY_HAND = "by hand"
FALSE = frozenset({Status.REFUTED, Status.ILL_FORMED})


@dataclass(frozen=True)
class Finding:
    """One formula with what it is and what the judge said.

    ``kind`` is that of a slip, or the truth of what stands in the corpus as it is. ``holds`` is
    the truth by plain numbers; ``mended`` says that the repair suggested is right by it.
    """

    topic: str
    kind: str
    latex: str
    holds: bool
    status: Status
    message: str
    mended: bool
    seconds: float

    @property
    def wrong_verdict(self) -> str | None:
        """The worst bug there is, in words; ``None`` where there is none."""
        if self.status in FALSE and self.holds and self.kind == "right":
            return "right, and refuted"
        if self.status in ACCEPTED and not self.holds:
            return "wrong, and accepted"
        return None


@dataclass
class Figures:
    """The findings of one topic or several."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    def of(self, *kinds: str) -> list[Finding]:
        """The findings of these kinds."""
        return [f for f in self.findings if f.kind in kinds]

    @property
    def right(self) -> Counter[str]:
        """Statuses of the right formulas."""
        return Counter(f.status.value for f in self.of("right"))

    @property
    def slips(self) -> list[Finding]:
        """The slips that made a formula wrong."""
        return [f for f in self.findings if f.kind not in ("right", "when") and not f.holds]

    @property
    def equivalent(self) -> list[Finding]:
        """The slips that left it right."""
        return [f for f in self.findings if f.kind not in ("right", "when") and f.holds]

    @property
    def repaired(self) -> tuple[int, int]:
        """How many slips that are one edit were mended by the first suggestion, and of how many."""
        single = [f for f in self.slips if f.kind != BY_HAND]
        return sum(f.mended for f in single), len(single)

    @property
    def proof_rate(self) -> float:
        """Proved among the right formulas."""
        return self.right["proved"] / max(1, len(self.of("right")))

    @property
    def wrong_verdicts(self) -> list[Finding]:
        """Every finding that contradicts the truth."""
        return [f for f in self.findings if f.wrong_verdict]


def judged_right(name: str) -> Figures:
    """The right formulas of a topic, and those that are right under a condition."""
    subject = topic(name)
    started = time.perf_counter()
    found = [_finding(c, c.truth, c.latex) for c in (*subject.only("right"), *subject.only("when"))]
    return Figures(name, found, time.perf_counter() - started)


def judged_slips(name: str, of_a_kind: int) -> Figures:
    """Slips in a topic: those written by hand, and of each kind so many in every right formula."""
    subject = topic(name)
    started = time.perf_counter()
    made = [(s.claim, s.kind, s.latex) for c in subject.only("right") for s in chosen(c, of_a_kind)]
    by_hand = [(c, BY_HAND, c.latex) for c in subject.only("wrong")]
    found = [_finding(*slip) for slip in (*by_hand, *made)]
    return Figures(name, found, time.perf_counter() - started)


def together(parts: Iterable[Figures], name: str = "all") -> Figures:
    """The figures of several topics, or of several runs over one, as one."""
    whole = Figures(name)
    for part in parts:
        whole.findings += part.findings
        whole.seconds += part.seconds
    return whole


def _finding(claim: Claim, kind: str, latex: str) -> Finding:
    started = time.perf_counter()
    said = verdict(claim.topic, latex, SECONDS)
    seconds = time.perf_counter() - started
    better = said.suggestion
    mended = better is not None and holds(claim.topic, better.latex)
    true = holds(claim.topic, latex)
    return Finding(claim.topic, kind, latex, true, said.status, said.message, mended, seconds)
