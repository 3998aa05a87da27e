"""Peers in processes of their own that take turns.

In one process the threads of one library wait, spinning, for more work while the next library is
measured on the same cores: on two cores PyTorch beside OpenBLAS took twice its time and more.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

LEAST_SECONDS = 0.005
"""One measurement repeats the call until it takes this long."""

PAUSE = 0.25
"""Seconds before each turn, after which the threads of the one before sleep: OpenBLAS's wait for
more than a twentieth of a second."""
WARM = 0.03
"""Seconds of calls before one is measured, in which the threads that slept wake up."""

Prepare = Callable[..., Any]
"""From (peer, network, batch, dtype) to a `Peer`."""


class Turns:
    """One process for each peer."""

    def __init__(self, names: list[str], prepare: Prepare, cpu: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: dict[str, Connection] = {}
        self.processes = []
        for name in names:
            ours, theirs = context.Pipe()
            arguments = (theirs, name, prepare, cpu)
            process = context.Process(target=_serve, args=arguments, daemon=True)
            process.start()
            self.pipes[name] = ours
            self.processes.append(process)

    def results(self, *setting: Any) -> dict[str, Any]:
        """Everybody's loss and gradients for (network, batch, dtype), one after the other."""
        return {name: self._ask(name, setting) for name in self.pipes}

    def seconds(self) -> Mapping[str, float]:
        """The time of a call of each, in turn."""
        found = {}
        for name in self.pipes:
            time.sleep(PAUSE)
            found[name] = self._ask(name, ())
        return found

    def close(self) -> None:
        for pipe in self.pipes.values():
            pipe.send(None)
        for process in self.processes:
            process.join()

    def _ask(self, name: str, question: tuple[Any, ...]) -> Any:
        """Raises EOFError where the process has ended, with its own report before."""
        self.pipes[name].send(question)
        return self.pipes[name].recv()


def _serve(pipe: Connection, name: str, prepare: Prepare, cpu: bool) -> None:
    """A setting is prepared, run and answered with its result; () with the time of a call."""
    clock = time.process_time if cpu else time.perf_counter
    run: Callable[[], Any] = int
    while (question := pipe.recv()) is not None:
        if question:
            peer = prepare(name, *question)
            run = peer.run
            run()
            pipe.send(peer.result(run()))
            continue
        awake = time.perf_counter() + WARM
        while time.perf_counter() < awake:
            run()
        started = clock()
        run()
        repeats = max(1, round(LEAST_SECONDS / max(clock() - started, 1e-6)))
        started = clock()
        for _ in range(repeats):
            run()
        pipe.send((clock() - started) / repeats)
