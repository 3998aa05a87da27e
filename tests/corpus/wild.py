"""Formulas as their authors write them, in figures: ``python -m tests.corpus.wild [--topic T]``.

The sheets in ``topics/wild`` are written as a new user would, after textbooks, courses, papers and
answers, each in its author's own notation. The exit status is 1 where a verdict is wrong.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from unittest.mock import patch

from tests.corpus.judging import verdict
from tests.corpus.library import TOPICS, Claim, topic
from verify.mending.repair import Repair
from verify.verdict import ACCEPTED, Status

FOLDER = "wild"
FALSE = frozenset({Status.REFUTED, Status.ILL_FORMED})


def wild_names() -> tuple[str, ...]:
    """The names of the topics, for `tests.corpus.library.topic`."""
    return tuple(f"{FOLDER}/{path.stem}" for path in sorted((TOPICS / FOLDER).glob("*.yaml")))


@dataclass(frozen=True)
class Judged:
    """A formula with what the judge said."""

    claim: Claim
    status: Status
    message: str
    is_read: bool

    @property
    def decided(self) -> bool:
        """Whether the verdict is the truth."""
        return self.status in self.claim.expected

    @property
    def wrong(self) -> bool:
        """Right and refuted, or wrong and accepted."""
        opposite = {"right": FALSE, "wrong": ACCEPTED}.get(self.claim.truth, frozenset())
        return self.status in opposite


@dataclass
class Shares:
    """What was judged, and how much of it was read and decided."""

    judged: list[Judged] = field(default_factory=list)

    def of(self, truth: str) -> list[Judged]:
        """Those that are so."""
        return [j for j in self.judged if j.claim.truth == truth]

    @property
    def read(self) -> float:
        """Of the right formulas, those that were read."""
        right = self.of("right")
        return sum(j.is_read for j in right) / max(1, len(right))

    @property
    def decided(self) -> float:
        """Of the right and the wrong ones, those whose verdict is the truth."""
        return sum(j.decided for j in self.judged) / max(1, len(self.judged))

    @property
    def wrong(self) -> list[str]:
        """The worst bugs there are."""
        return [f"{j.claim.topic}: {j.status}: {j.claim.latex}" for j in self.judged if j.wrong]

    @property
    def undecided(self) -> list[str]:
        """What the truth is not told of, and why."""
        left = (j for j in self.judged if not j.decided and not j.wrong)
        return [f"{j.claim.topic}: {j.status}: {j.claim.latex} ({j.message})" for j in left]


def shares(name: str) -> Shares:
    """Every formula of a topic, judged; without suggestions and small counterexamples."""
    with (
        patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
        patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
    ):
        return Shares([_judged(claim) for claim in topic(name).claims])


def _judged(claim: Claim) -> Judged:
    said = verdict(claim.topic, claim.latex)
    is_read = bool(said.read_as) or said.status in ACCEPTED
    return Judged(claim, said.status, said.message, is_read)


def main() -> int:
    """Judge, print, and say by the exit status whether no verdict was wrong."""
    parser = argparse.ArgumentParser(description="Other people's notation, in figures.")
    parser.add_argument("--topic", action="append", help="this topic only (may be repeated)")
    names = parser.parse_args().topic or wild_names()
    whole = Shares()
    for name in names:
        found = shares(name)
        whole.judged += found.judged
        print(f"{name}: {found.decided:.0%} of {len(found.judged)}", flush=True)
    right, wrong = len(whole.of("right")), len(whole.of("wrong"))
    print(f"{len(names)} topics, {right} right formulas, {wrong} wrong ones")
    print(f"read {whole.read:.1%} of the right ones, decided {whole.decided:.1%} of all")
    print(*(f"left: {line}" for line in whole.undecided), sep="\n")
    print(*(f"WRONG VERDICT: {line}" for line in whole.wrong), sep="\n")
    return int(bool(whole.wrong))


if __name__ == "__main__":
    sys.exit(main())
