"""Claims over processes: the verdicts of judging in order, by joblib or its Dask and Ray backends.

A definition is known to what follows it, so every claim is sent with the definitions that are
expected before it. Where the verdicts show that another formula defined something, the claims after
it are judged again, in order: what comes back is always what judging one by one gives.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed, effective_n_jobs

from derive.equations import Model
from derive.errors import Problem
from derive.index import Axis, Index, number_after
from derive.reading.context import Context
from derive.reading.document import Document
from derive.steps import Derivation
from verify.allowance import Allowance
from verify.bench import Bench
from verify.claim import definition_of
from verify.claims import Claim
from verify.judge import judge_claim
from verify.number_places import definition_in, values_of
from verify.setting import Convention, Setting
from verify.verdict import Verdict

SHARES = 4
"""Shares for each process."""


@dataclass(frozen=True)
class Task:
    """A claim and how many of the expected definitions stand before it."""

    claim: Claim
    name: str
    known: int


@dataclass(frozen=True)
class Deck:
    """What every process is sent: the setting as data, the deck, what it defines.

    ``newest`` is the number of the newest axis, so that fresh ones in the process come after it.
    """

    model: Model
    adjoints: Mapping[str, Derivation]
    context: Context
    document: Document
    expected: tuple[str, ...]
    seconds: float
    newest: int
    others: bool = False


Found = tuple[Verdict, bool]
"""A verdict, and whether its formula defined something."""


def spread(
    claims: Sequence[Claim],
    setting: Setting,
    adjoints: Mapping[str, Derivation],
    document: Document,
    seconds: float,
    jobs: int,
) -> Iterator[Verdict]:
    """The verdicts on ``claims`` in order, by ``jobs`` processes (-1: all that there are)."""
    expected, tasks = _expected(claims, setting)
    processes = _processes(jobs, len(tasks))
    newest = Axis("i", Index.of(0), Index.of(0)).uid
    model, context = setting.bench.model, setting.context
    deck = Deck(model, adjoints, context, document, expected, seconds, newest, setting.others)
    packed = pickle.dumps(deck)
    # Every so-manieth claim: neighbours cost alike. More shares than processes: who is done early
    # takes another.
    count = min(processes * SHARES, len(tasks))
    work = (delayed(judge_share)(packed, tasks[k::count]) for k in range(count))
    results = Parallel(n_jobs=processes, batch_size=1)(work)
    for number, task in enumerate(tasks):
        verdict, defines = results[number % count][number // count]
        if tuple(setting.defined) != expected[: task.known]:
            verdict = judge_claim(task.claim, task.name, setting, document, seconds)
        elif defines:
            setting.defined.append(task.claim.text)
        yield verdict


def judge_share(packed: bytes, tasks: Sequence[Task]) -> list[Found]:
    """The verdicts on some claims of a packed `Deck`, in a process of its own."""
    deck, bench, allowance = _unpacked(packed)
    setting = Setting(bench, deck.context, others=deck.others, allowance=allowance)
    found = []
    for task in tasks:
        before = list(deck.expected[: task.known])
        if setting.defined != before:
            setting = Setting(bench, deck.context, before, deck.others, allowance)
        verdict = judge_claim(task.claim, task.name, setting, deck.document, deck.seconds)
        found.append((verdict, len(setting.defined) > task.known))
    return found


_last = threading.local()
"""What this thread unpacked last: all shares of a deck ask for the same."""


def _unpacked(packed: bytes) -> tuple[Deck, Bench, Allowance]:
    """The deck, its model on a bench, which remembers what was computed for earlier shares, and
    what these left for repairs."""
    if getattr(_last, "packed", None) != packed:
        deck: Deck = pickle.loads(packed)
        number_after(deck.newest)
        bench = Bench(deck.model, dict(deck.adjoints))
        _last.packed, _last.found = packed, (deck, bench, Allowance())
    found: tuple[Deck, Bench, Allowance] = _last.found
    return found


def _expected(
    claims: Sequence[Claim], setting: Setting
) -> tuple[tuple[str, ...], tuple[Task, ...]]:
    """The definitions that reading alone finds, and every claim with those before it."""
    reader = Setting(setting.bench, setting.context)
    tasks = []
    for number, claim in enumerate(claims, start=1):
        tasks.append(Task(claim, f"c{number}", len(reader.defined)))
        if claim.error is None and _defines(claim.text, reader):
            reader.defined.append(claim.text)
    return tuple(reader.defined), tuple(tasks)


def _defines(text: str, reader: Setting) -> bool:
    """Whether a formula introduces a symbol, or gives a tensor its value."""
    if definition_of(text, reader.scope(Convention())) is not None:
        return True
    return definition_in(text, reader, values_of(reader)) is not None


def _processes(jobs: int, claims: int) -> int:
    if not jobs:
        raise Problem("0 jobs judge nothing", expected="a number of processes, or -1 for all")
    return max(1, min(int(effective_n_jobs(jobs)), claims))
