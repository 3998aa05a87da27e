"""All one-edit mutants of the right formulas: what a slip of the pen would have made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from derive.errors import Unreadable
from derive.pipeline import gradients
from derive.reading.parse import parse
from tests.corpus.library import Claim, Topic, topic
from verify.bench import Bench
from verify.clock import Clock, TimeUp
from verify.compare import Outcome
from verify.edits import edits
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

SECONDS = 0.5


@dataclass(frozen=True)
class Mutant:
    """A right formula after one edit."""

    claim: Claim
    latex: str
    edit: str
    span: tuple[int, int]


def mutants(claim: Claim) -> Iterator[Mutant]:
    """Every mutant of ``claim`` once, nearest edits first."""
    seen = {_plain(claim.latex)}
    for edit in edits(claim.latex, parse(claim.latex), heads(topic(claim.topic))):
        latex = edit.apply(claim.latex)
        if _plain(latex) not in seen:
            seen.add(_plain(latex))
            yield Mutant(claim, latex, edit.what, (edit.span.start, edit.span.end))


def sampled(claim: Claim, count: int) -> list[Mutant]:
    """Some mutants of ``claim``, the same in every run."""
    found = list(mutants(claim))
    return random.Random(claim.latex).sample(found, min(count, len(found)))


def heads(subject: Topic) -> tuple[str, ...]:
    """The symbols that may take each other's place."""
    found = (t.notation.head for t in subject.model.tensors.values())
    return tuple(dict.fromkeys(h for h in found if "{" not in h))


@cache
def bench(name: str) -> Bench:
    """The topic's model on the judge's bench."""
    model = topic(name).model
    return Bench(model, gradients(model))


def judged(name: str, latex: str, seconds: float = SECONDS) -> Outcome:
    """The judge's decision on one formula of a topic, no repair sought.

    After ``seconds`` it is undecided: what takes longer are conditions of what is wrong already.
    """
    setting = Setting(bench(name), topic(name).context)
    try:
        return judge_readings(latex, setting, Clock(seconds)).outcome
    except Unreadable as error:
        return Outcome(Status.UNREADABLE, error.message)
    except TimeUp:
        return Outcome(Status.UNDECIDED, "time ran out")


def _plain(latex: str) -> str:
    return "".join(latex.split())
