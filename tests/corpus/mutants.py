"""All one-edit mutants of the right formulas: what a slip of the pen would have made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.reading.parse import parse
from tests.corpus.library import Claim, Topic, topic
from verify.mending.edits import edits


@dataclass(frozen=True)
class Mutant:
    """A right formula after one edit."""

    claim: Claim
    latex: str
    edit: str


def mutants(claim: Claim) -> Iterator[Mutant]:
    """Every mutant of ``claim`` once, nearest edits first."""
    seen = {_plain(claim.latex)}
    for edit in edits(claim.latex, parse(claim.latex), heads(topic(claim.topic))):
        latex = edit.apply(claim.latex)
        if _plain(latex) not in seen:
            seen.add(_plain(latex))
            yield Mutant(claim, latex, edit.what)


def heads(subject: Topic) -> tuple[str, ...]:
    """The symbols that may take each other's place."""
    found = (t.notation.head for t in subject.model.tensors.values())
    return tuple(dict.fromkeys(h for h in found if "{" not in h))


def _plain(latex: str) -> str:
    return "".join(latex.split())
