"""Processes that begin as copies of this one, and so hold what was read and derived here already.

Nothing is pickled on the way there, and no module is imported again. A process with threads cannot
be copied safely (Python's documentation of `os.fork`), nor can one that runs on macOS or Windows.
While there are copies, what is there is frozen (`gc.freeze`): else every collection, of which
joblib asks for one a pool, goes through all of it, and in a copy writes to pages that are shared.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Any

from joblib.parallel import get_active_backend

DEFAULT = "LokyBackend"
"""What joblib takes where nothing is configured."""
_numbers = count()
_held: dict[int, Any] = {}


def copies() -> BaseContext | None:
    """How copies are made; ``None`` where that is not safe, or joblib is to use another way."""
    backend, _ = get_active_backend()
    unsafe = sys.platform != "linux" or threading.active_count() > 1
    return None if unsafe or type(backend).__name__ != DEFAULT else get_context("fork")


@contextmanager
def holding(thing: object) -> Iterator[int]:
    """A number by which copies that are made inside the body find ``thing``."""
    number = next(_numbers)
    _held[number] = thing
    frozen = gc.get_freeze_count()  # by somebody else, who wants it so
    gc.freeze()
    try:
        yield number
    finally:
        if not frozen:
            gc.unfreeze()
        del _held[number]


def held(number: int) -> Any:
    """What a number stands for, in this process and its copies."""
    return _held[number]
