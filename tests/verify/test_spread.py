"""Claims over processes get the verdicts that they get one by one."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import cache

import pytest
from joblib import parallel_config

from derive.errors import Problem
from derive.reading.document import document_from_text
from tests.verify.sheets import marks, relay
from verify import spread
from verify.copies import copies
from verify.extract import extract
from verify.judge import judge_document
from verify.surroundings import surroundings
from verify.verdict import Judgement, Status

DECK = r"""
$$ \bar{q}(i) = o(i) - t(i), \quad i = 1, \dots, D $$

Known from above: $$ \bar{o} = \bar{q} $$

Wrong: $\bar{B} = \bar{o}$. Broken: $\frac{1}{$. Right: $\bar{B} = \bar{s}$.

$$ e(i) = 2 o(i) - 2 t(i), \quad i = 1, \dots, D $$ $$ \bar{o}(i) = e(i) / 2 $$ $$ \bar{o} = e $$
"""


@cache
def one_by_one() -> Judgement:
    return judged(1)


def judged(jobs: int, **options: float) -> Judgement:
    return judge_document(document_from_text(DECK), relay(), marks(), jobs=jobs, **options)


def test_two_processes_say_what_one_says() -> None:
    assert judged(2) == one_by_one()
    assert one_by_one().summary["definition"] == 2


@pytest.mark.long
def test_what_reading_alone_does_not_expect_is_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spread, "definition_of", lambda text, scope: None)
    assert judged(2) == one_by_one()


@pytest.mark.long
def test_processes_that_are_no_copies_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "copies", lambda: None)
    assert judged(2) == one_by_one()


def test_a_process_with_threads_is_not_copied() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert copies() is None
    finally:
        done.set()
        thread.join()


def test_a_configured_backend_is_not_replaced_by_copies() -> None:
    with parallel_config(backend="threading"):
        assert copies() is None


@pytest.mark.long
def test_time_runs_out_in_a_worker_too() -> None:
    started = time.monotonic()
    readable = [v for v in judged(2, seconds=1e-6).claims if v.status is not Status.UNREADABLE]
    assert all(v.status is Status.UNDECIDED for v in readable)
    assert all("time ran out" in v.message for v in readable)
    assert time.monotonic() - started < 60


def test_no_jobs_are_a_problem() -> None:
    with pytest.raises(Problem, match="0 jobs"):
        judged(0)


@pytest.mark.long
def test_a_dask_cluster_carries_the_same_call() -> None:
    distributed = pytest.importorskip("distributed", reason="extra `cluster` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        parallel_config(backend="dask"),
    ):
        assert judged(2) == one_by_one()


LISTING = """
```python
step = 0.5
loss.value = 2.0
print(loss)
rate = other(step)
```
"""


def test_a_listing_that_gives_a_value_is_expected_to() -> None:
    code = {"step": r"\eta", "rate": r"\rho", "loss.value": "L"}
    setting = surroundings(relay(), replace(marks(), code=code, scalars=(r"\eta", r"\rho")), False)
    claims = {c.text: c for c in extract(document_from_text(LISTING)).claims}
    expected = {text: spread._may_define(claim, setting) for text, claim in claims.items()}
    assert expected == {"step = 0.5": True, "loss.value = 2.0": False, "rate = other(step)": False}
