"""A time limit for one claim, in processor time, so that a busy machine changes no verdict.

In the main thread of a POSIX process a timer interrupts whatever runs; elsewhere (another thread,
Windows) the limit is looked at between readings, candidates and rungs only.
"""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

WAIT = 4.0
"""So many times its limit may pass on the wall: what sleeps, or gets no processor, ends too."""
SOON = 0.001
"""The shortest time for which a timer is set again: one set to nothing never rings."""
AGAIN = 1.0
"""Seconds after which whatever swallowed an interruption, or goes on after it, is interrupted."""


class TimeUp(BaseException):
    """The time limit has passed. Not an `Exception`, so that no library swallows it on the way."""


@dataclass
class Clock:
    """Counts down ``seconds`` of its thread's processor time; ``done`` says how far it came."""

    seconds: float
    done: str = "nothing yet"
    used: float = field(default_factory=time.thread_time)
    started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        """Seconds of processor time since it was made."""
        return time.thread_time() - self.used

    @property
    def left(self) -> float:
        """Seconds that remain, at least 0."""
        worked = self.seconds - self.spent
        waited = WAIT * self.seconds - (time.monotonic() - self.started)
        return max(min(worked, waited), 0.0)

    def check(self, done: str) -> None:
        """Note progress. Raises `TimeUp` where the time has passed."""
        self.done = done
        if not self.left:
            raise TimeUp


@contextmanager
def limited(seconds: float) -> Iterator[Clock]:
    """A clock whose end interrupts the body with `TimeUp`, where the platform can.

    A body that goes on, to finish with what it has, is interrupted again every `AGAIN` seconds.
    """
    clock = Clock(seconds)
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield clock
        return

    def ring(_number: int, frame: FrameType | None) -> None:
        if clock.left or collecting(frame):  # others had the processor, or it would be lost
            signal.setitimer(signal.ITIMER_REAL, max(clock.left, SOON), AGAIN)
            return
        raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    try:  # the timer may ring at once, and has to be stopped then too
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        yield clock
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def collecting(frame: FrameType | None) -> bool:
    """Whether ``frame`` is in something that the garbage collector calls, where nothing is raised.

    Python only prints what is raised there (`gc.callbacks`).
    """
    called = [f for c in gc.callbacks for f in (c, vars(type(c)).get("__call__"))]
    codes = {getattr(f, "__code__", None) for f in called}
    while frame is not None and frame.f_code not in codes:
        frame = frame.f_back
    return frame is not None
