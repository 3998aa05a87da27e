"""Formulas of any size get a verdict within time and memory, whatever stage is heavy."""

from __future__ import annotations

import gc
import resource
import time

import pytest

from derive.pipeline import load_model
from derive.reading.context import EMPTY, load_context
from derive.reading.document import document_from_text
from tests.verify.test_conditions import squares
from verify.clock import AGAIN, TimeUp, limited
from verify.judge import judge_document
from verify.verdict import ACCEPTED, Status

SECONDS = 0.25
LATE = 15.0
"""What never looks at the clock works for a minute; slow machines and others' work take seconds."""
MEGABYTES = 1000
"""Above the peak of the process before, in which other tests may have compiled code."""


def nested(pattern: str, inner: str, times: int) -> str:
    """``pattern`` in itself, with ``inner`` in the middle."""
    for _ in range(times):
        inner = pattern.replace("@", inner)
    return inner


HEAVY = {
    "normal form": r"L = (y_1 + y_2 + y_3 + t_1 + t_2)^6 (y_1 + y_2 + y_3 + t_1 + t_2)^6",
    "powers": "L = " + nested("(@ + t_1)^6", "y_1", 5),
    "exponentials": "L = " + nested(r"\exp(@ + t_1)", "y_1", 30),
    "fractions": "L = " + nested(r"\frac{1}{1 + @}", "y_1", 50),
    "sums": "L = "
    + "".join(rf"\sum_{{{c}=1}}^{{N}} " for c in "ijkmpq")
    + "y_i y_j y_k y_m y_p y_q",
    "range": r"L = \sum_{i=1}^{1000000000} i",
    "index": r"L = \sum_{n=1}^{N} y_{99999999999999999999999 n}",
    "quantifier": r"y_n = 2 y_n, \quad n = 1, \dots, 100000000000",
    "digits": "L = " + "9" * 5000,
    "decimals": "L = 0." + "9" * 5000,
    "power of a number": r"L = 10^{10^{10}} y_1",
    "constant": r"L = 10^{999} y_1",
    "constants": "L = " + r" \cdot ".join(["10^{900}"] * 30),
    "tower": r"L = 10^{10^{10^{10}}}",
}


@pytest.mark.long
@pytest.mark.parametrize("kind", HEAVY)
def test_what_is_heavy_is_not_accepted_and_in_time(kind: str) -> None:
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    document = document_from_text(f"$$ {HEAVY[kind]} $$")
    (found,) = judge_document(document, squares(), EMPTY, seconds=SECONDS).claims
    assert found.status not in ACCEPTED
    assert time.process_time() - started < SECONDS + LATE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024


@pytest.mark.long
def test_a_jacobian_of_whole_images_stops_in_time() -> None:
    text = r"$$ \frac{\partial C_p^1(i, j)}{\partial I(k, l)} = 0 $$"
    started = time.process_time()
    document = document_from_text(text)
    (found,) = judge_document(
        document, load_model("zhang"), load_context("zhang"), seconds=SECONDS
    ).claims
    assert found.status is Status.UNDECIDED
    assert found.message == "time ran out after 0.25 s: the first reading took all of it"
    assert time.process_time() - started < SECONDS + LATE


def test_time_is_counted_while_work_is_done_and_waiting_ends_too() -> None:
    with limited(0.2) as clock:
        time.sleep(0.3)
        assert clock.left > 0
    with pytest.raises(TimeUp), limited(0.05):
        time.sleep(60)


def test_an_interruption_is_not_lost_in_what_the_garbage_collector_calls() -> None:
    def works(*_: object) -> None:
        _work(0.1)

    gc.callbacks.append(works)
    try:
        with pytest.raises(TimeUp), limited(0.05):
            _collect_and_work()
    finally:
        gc.callbacks.remove(works)


def _collect_and_work() -> None:
    gc.collect()
    _work(AGAIN / 2)


def _work(seconds: float) -> None:
    started = time.thread_time()
    while time.thread_time() - started < seconds:
        pass


@pytest.mark.long
def test_who_swallows_an_interruption_is_interrupted_again() -> None:
    started = time.monotonic()
    with pytest.raises(TimeUp), limited(0.05):
        _stubborn()
    assert 1.0 < time.monotonic() - started < 30.0


def _stubborn() -> None:
    try:
        while True:
            pass
    except TimeUp:
        while True:
            pass
