"""How fast loss and gradients are on a GPU: ``python -m tests.benchmarks.on_gpu``.

Ours on CuPy arrays beside PyTorch on CUDA tensors, where it is installed with CUDA. All numbers
are on the device before. The results are compared first, then the peers are called in turn, round
after round; one measurement is a run of calls between two events of the device, which waits for
nothing in between. The median is shown in microseconds an image, with the ratio of ours to
PyTorch, and the most memory that one call holds.

    --rounds 15   measurements of each peer and setting
    --calls 20    calls between two events
    --batch 16 256 4096   --dtype float32 float64   --network zhang cnn-softmax
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.benchmarks.gradients import compared, numbers, show
from tests.benchmarks.peers.networks import NETWORKS, Network, Peer
from tests.gpu import no_gpu

WARM = 3
"""Calls before the first measurement: kernels are compiled, memory is allocated."""


@dataclass(frozen=True)
class Side:
    """A framework on the device: how its peer is made, what marks a moment, and its memory."""

    prepare: Callable[..., Peer]
    event: Callable[[], Any]
    between: Callable[[Any, Any], float]
    """Milliseconds from one recorded event to another that has happened."""
    peak: Callable[[Callable[[], Any]], int]
    """Bytes that a call holds at once."""


def ours() -> Side:
    import cupy

    from tests.benchmarks.peers.ours import cupy_target

    def peak(run: Callable[[], Any]) -> int:
        pool = cupy.get_default_memory_pool()
        pool.free_all_blocks()
        before: int = pool.total_bytes()
        run()
        after: int = pool.total_bytes()  # what was freed stays in the pool
        return after - before

    return Side(cupy_target, cupy.cuda.Event, cupy.cuda.get_elapsed_time, peak)


def pytorch() -> Side | None:
    """None where PyTorch is not installed with CUDA."""
    try:
        import torch
    except ImportError:
        return None
    if not torch.cuda.is_available():
        return None
    from tests.benchmarks.peers.pytorch import prepare_cuda

    def peak(run: Callable[[], Any]) -> int:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        before: int = torch.cuda.memory_reserved()
        run()
        return torch.cuda.max_memory_reserved() - before

    def event() -> Any:
        return torch.cuda.Event(enable_timing=True)

    return Side(prepare_cuda, event, lambda start, end: float(start.elapsed_time(end)), peak)


def milliseconds(side: Side, run: Callable[[], Any], calls: int) -> float:
    """Of one call, on the device."""
    start, end = side.event(), side.event()
    start.record()
    for _ in range(calls):
        run()
    end.record()
    end.synchronize()
    return side.between(start, end) / calls


def table(
    network: Network, dtype: str, sides: Mapping[str, Side], options: argparse.Namespace
) -> None:
    print(f"\n{network.sheet}, {dtype}")
    times, memory = [], []
    for batch in options.batch:
        setting = numbers(network, batch, dtype)
        peers = {name: side.prepare(network, *setting) for name, side in sides.items()}
        compared({name: peer.result(peer.run()) for name, peer in peers.items()}, dtype)
        for peer in peers.values():
            for _ in range(WARM):
                peer.run()
        rounds = [
            {n: milliseconds(sides[n], peers[n].run, options.calls) for n in peers}
            for _ in range(options.rounds)
        ]
        times.append((batch, {n: 1e3 / batch * median(r[n] for r in rounds) for n in peers}))
        memory.append((batch, {n: sides[n].peak(peers[n].run) / 1e6 for n in peers}))
    names = list(sides)
    show("µs an image: batch", names, ((b, [f"{t[n]:.3f}" for n in names]) for b, t in times))
    show("MB of a call", names, ((b, [f"{m[n]:.1f}" for n in names]) for b, m in memory))
    if len(names) > 1:
        first, second = names
        ratios = ((b, [f"{t[first] / t[second]:.2f}"]) for b, t in times)
        show("ratio", [f"{first}/{second}"], ratios)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 256, 4096])
    parser.add_argument("--dtype", nargs="+", default=["float32", "float64"])
    parser.add_argument("--network", nargs="+", default=["zhang", "cnn-softmax"])
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if reason := no_gpu():
        sys.exit(f"nothing measured: {reason}")
    sides = {"cupy": ours()}
    if (peer := pytorch()) is not None:
        sides["torch"] = peer
    else:
        print("left out: PyTorch with CUDA is not installed")
    for network in NETWORKS:
        if network.sheet in options.network:
            for dtype in options.dtype:
                table(network, dtype, sides, options)


if __name__ == "__main__":
    main()
