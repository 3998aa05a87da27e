r"""Gradients that a deck adds up: ``dC_t = …``, further down ``dC_t += f_{t+1} \odot dC_{t+1}``.

Each contribution is wrong by itself and right as one of a sum: they are judged together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from verify.claims import SPACES, Claim
from verify.verdict import ACCEPTED, Status, Verdict

_ADDS = re.compile(r"(?P<left>[^=]*?)\s*(?:\+|\\mathrel\{\+\})\s*=(?P<right>[^=]+)$")
_EQUALS = re.compile(r"(?P<left>[^=+]*?)\s*:?=(?P<right>[^=]+)$")
_WRONG = frozenset({Status.REFUTED})


@dataclass(frozen=True)
class _Part:
    """A contribution: the number of its claim, what it is to, and what it adds."""

    number: int
    left: str
    right: str
    first: bool

    @property
    def key(self) -> str:
        return SPACES.sub("", self.left)


def added_up(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], judge: Callable[[Claim, str], Verdict]
) -> list[Verdict]:
    """The verdicts, with contributions to one sum judged together where they are wrong alone.

    ``judge`` gives the verdict of a claim under a name.
    """
    told = list(verdicts)
    open_: dict[str, list[_Part]] = {}
    for number, (claim, verdict) in enumerate(zip(claims, verdicts, strict=True)):
        part = _part(number, claim) if verdict.status in _WRONG else None
        if part is None:
            continue
        parts = [] if part.first else open_.get(part.key, [])
        open_[part.key] = [*parts, part]
        if parts:
            _judge_together(open_[part.key], claims, told, judge)
    return told


def _part(number: int, claim: Claim) -> _Part | None:
    for pattern, first in ((_ADDS, False), (_EQUALS, True)):
        if claim.error is None and (found := pattern.match(claim.text)) is not None:
            return _Part(number, found["left"].strip(), found["right"].strip(), first)
    return None


def _judge_together(
    parts: Sequence[_Part],
    claims: Sequence[Claim],
    told: list[Verdict],
    judge: Callable[[Claim, str], Verdict],
) -> None:
    """Replace the verdicts of the parts where their sum is right."""
    last = claims[parts[-1].number]
    text = f"{parts[0].left} = " + " + ".join(f"({p.right})" for p in parts)
    found = judge(replace(last, text=text, pieces=()), told[parts[-1].number].id)
    if found.status not in ACCEPTED and not (found.status is Status.UNDECIDED and found.conditions):
        return
    for part in parts:
        others = (told[p.number].places[0].lines for p in parts if p is not part)
        told[part.number] = replace(
            told[part.number],
            status=found.status,
            message=f"added up with line {', '.join(others)}: {found.message}",
            read_as=found.read_as,
            evidence=found.evidence,
            assumptions=found.assumptions,
            conditions=found.conditions,
            counterexample=None,
            suggestion=None,
            parts=(),
        )
