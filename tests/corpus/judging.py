"""The judge on one formula of a topic: its decision alone, or the whole verdict with a repair."""

from __future__ import annotations

from functools import cache

from derive.errors import Unreadable
from derive.pipeline import gradients
from derive.reading.document import document_from_text
from tests.corpus.library import topic
from verify.bench import Bench
from verify.clock import Clock, TimeUp
from verify.compare import Outcome
from verify.extract import extract
from verify.judge import judge_claim
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status, Verdict

SECONDS = 10.0
GLANCE = 0.5


@cache
def bench(name: str) -> Bench:
    """The topic's model on the judge's bench."""
    model = topic(name).model
    return Bench(model, gradients(model))


def decision(name: str, latex: str, seconds: float = GLANCE) -> Outcome:
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


def verdict(name: str, latex: str, seconds: float = SECONDS) -> Verdict:
    """The verdict on a deck that holds this formula only, as its reader would get it."""
    document = document_from_text(f"$$ {latex} $$\n")
    (claim,) = extract(document).claims
    setting = Setting(bench(name), topic(name).context)
    return judge_claim(claim, "c1", setting, document, seconds)
