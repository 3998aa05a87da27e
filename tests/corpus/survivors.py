"""Mutation of the judge: every one-edit mutant of a right formula that the judge accepts, and why.

A survivor means that the judge is weak, or that the mutant says the same. Which of the two, plain
numbers decide (`tests.corpus.truth`), never the judge; the reason is read off the texts, or stands
in the topic under ``equivalent``.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from tests.corpus.judging import decision
from tests.corpus.library import Topic, topic
from tests.corpus.mutants import Mutant, mutants
from tests.corpus.truth import holds
from verify.verdict import ACCEPTED

SURVIVORS = Path(__file__).with_name("survivors.md")
BY_NUMBERS = "equal by numbers at three shapes"

_TOKEN = re.compile(r"rot180|\\[A-Za-z]+|\\.|[A-Za-z]|\d+|\S")
_BRACKETS = frozenset((*"{}()", r"\left", r"\right", ",", "_", r"\,"))
_PRODUCTS = frozenset((r"\cdot", r"\times", "*", r"\odot", r"\circ"))
_ALIKE = (
    ({"^", "T"}, "the transpose of a number, of a symmetric array, or under a norm"),
    ({"rot180"}, "a norm, a sum over all or a lone number does not see the rotation"),
    (_PRODUCTS, "between numbers, or arrays of one shape, these signs mean one product"),
    ({"^", "2"}, "a bracket is 0 or 1, and so is its square; |x| < 1 where |x|² is"),
    ({"-", "+"}, "an even function, or a factor that is 0, does not see the sign"),
)


@dataclass(frozen=True)
class Survivor:
    """A mutant that the judge accepts."""

    topic: str
    claim: str
    latex: str
    edit: str
    holds: bool
    reason: str


@dataclass(frozen=True)
class Mutation:
    """All mutants of a topic: how many were judged, with which status, and who survived."""

    topic: str
    statuses: Counter[str]
    survivors: tuple[Survivor, ...]

    @property
    def judged(self) -> int:
        """The number of mutants."""
        return self.statuses.total()


def mutated(name: str, most: int | None = None) -> Mutation:
    """Judge every one-edit mutant of the topic's right formulas, or ``most`` of each formula."""
    statuses: Counter[str] = Counter()
    survivors = []
    for claim in topic(name).only("right"):
        found = list(mutants(claim))
        shuffle = random.Random(claim.latex)
        for mutant in found if most is None else shuffle.sample(found, min(most, len(found))):
            status = decision(name, mutant.latex).status
            statuses[status.value] += 1
            if status in ACCEPTED:
                survivors.append(_survivor(topic(name), mutant))
    return Mutation(name, statuses, tuple(survivors))


def _survivor(subject: Topic, mutant: Mutant) -> Survivor:
    true = holds(subject.name, mutant.latex)
    reason = _why(subject, mutant) if true else "wrong, and accepted: the judge is weak here"
    return Survivor(subject.name, mutant.claim.latex, mutant.latex, mutant.edit, true, reason)


def _why(subject: Topic, mutant: Mutant) -> str:
    """Why the mutant says the same as the formula it was made from."""
    old, new = (_TOKEN.findall(text) for text in (mutant.claim.latex, mutant.latex))
    changed = set(_changed(old, new)) - _BRACKETS
    for part, reason in subject.equivalent:
        if part in mutant.claim.latex and part not in mutant.latex:
            return reason
    if Counter(_plain(old)) == Counter(_plain(new)):
        return "a product of numbers in another order, or indices of a symmetric array exchanged"
    for tokens, reason in _ALIKE:
        if changed and changed <= tokens:
            return reason
    return BY_NUMBERS


def _changed(old: list[str], new: list[str]) -> Iterator[str]:
    """The tokens that are in one text only."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (*old[a:b], *new[c:d])


def _plain(tokens: Iterable[str]) -> list[str]:
    return [t for t in tokens if t not in _BRACKETS]


def page(mutations: Iterable[Mutation], most: int | None = None) -> str:
    """The list of all survivors by formula, with the figures; ``most`` mutants of each formula."""
    mutations = list(mutations)
    survivors = [s for m in mutations for s in m.survivors]
    statuses = sum((m.statuses for m in mutations), Counter[str]())
    lines = [
        "# Mutants that the judge accepts",
        "",
        "Written by `python -m tests.corpus.measure --survivors`. "
        + ("Every one-edit mutant" if most is None else f"At most {most} one-edit mutants, drawn,"),
        "of every right formula of the corpus were judged; these were accepted. By dense automatic",
        "differentiation at three generic shapes (`tests/corpus/truth.py`), not by the judge, each",
        "says the same as the formula it was made from, unless it is marked WRONG.",
        "",
        f"{statuses.total()} mutants: "
        + ", ".join(f"{n} {status}" for status, n in statuses.most_common())
        + ".",
        "",
        "| survivors | because |",
        "| --- | --- |",
        *(f"| {n} | {why} |" for why, n in Counter(s.reason for s in survivors).most_common()),
    ]
    for name, of_topic in groupby(survivors, key=lambda s: s.topic):
        lines += ["", f"## {name}"]
        for claim, group in groupby(of_topic, key=lambda s: s.claim):
            lines += ["", f"`{claim}`", ""]
            lines += [f"- {'' if s.holds else 'WRONG: '}`{_part(s)}`: {s.reason}" for s in group]
    return "\n".join(lines) + "\n"


def _part(survivor: Survivor) -> str:
    """The right side of the mutant, where the edit was made."""
    return survivor.latex.split("=", 1)[-1].strip() if "=" in survivor.latex else survivor.latex
