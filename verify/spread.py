"""Claims over processes: the verdicts of judging in order, by joblib or its Dask and Ray backends.

A definition is known to what follows it, so every claim is sent with the definitions that are
expected before it. Where the verdicts show that another formula defined something, the claims after
it are judged again, in order: what comes back is always what judging one by one gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed, effective_n_jobs

from derive.equations import Model
from derive.errors import Problem
from derive.index import Axis, Index, number_after
from derive.reading.context import Context
from derive.reading.document import Document
from derive.steps import Derivation
from verify.bench import Bench
from verify.claim import definition_of
from verify.claims import Claim
from verify.judge import judge_claim
from verify.number_places import definition_in, values_of
from verify.setting import Convention, Setting
from verify.verdict import Verdict


@dataclass(frozen=True)
class Task:
    """A claim and how many of the expected definitions stand before it."""

    claim: Claim
    name: str
    known: int


@dataclass(frozen=True)
class Share:
    """What one process is sent, once: the setting as data, the deck, and its claims.

    ``newest`` is the number of the newest axis, so that fresh ones in the process come after it.
    """

    model: Model
    adjoints: Mapping[str, Derivation]
    context: Context
    document: Document
    expected: tuple[str, ...]
    tasks: tuple[Task, ...]
    seconds: float
    newest: int


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
    model, context = setting.bench.model, setting.context
    newest = Axis("i", Index.of(0), Index.of(0)).uid
    # Every so-manieth claim: neighbours cost alike, and a definition's readers stand together.
    shares = [
        Share(model, adjoints, context, document, expected, tasks[k::processes], seconds, newest)
        for k in range(processes)
    ]
    results = Parallel(n_jobs=processes)(delayed(judge_share)(share) for share in shares)
    for number, task in enumerate(tasks):
        verdict, defines = results[number % processes][number // processes]
        if tuple(setting.defined) != expected[: task.known]:
            verdict = judge_claim(task.claim, task.name, setting, document, seconds)
        elif defines:
            setting.defined.append(task.claim.text)
        yield verdict


def judge_share(share: Share) -> list[Found]:
    """The verdicts on the claims of one share, in a process of its own."""
    number_after(share.newest)
    bench = Bench(share.model, dict(share.adjoints))
    setting = Setting(bench, share.context)
    found = []
    for task in share.tasks:
        before = list(share.expected[: task.known])
        if setting.defined != before:
            setting = Setting(bench, share.context, before)
        verdict = judge_claim(task.claim, task.name, setting, share.document, share.seconds)
        found.append((verdict, len(setting.defined) > task.known))
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
