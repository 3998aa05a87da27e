"""How fast loss and gradients are beside others: ``python -m tests.benchmarks.gradients``.

All peers on the same numbers, each in a process of its own: their results are compared with ours
first, then they run in turn, round after round, and the median of each is shown in microseconds an
image, with the ratios of our targets to the others, and the part of this machine's speed in matrix
products that each reaches. Then the peak memory of one call. Needs the extras
``peers`` and ``numba`` and, for autograd's convolution, SciPy; who is not installed is left out.

    --threads 2   cores that everybody may use
    --rounds 9    measurements of each peer and setting
    --batch 1 16 64 256   --dtype float32 float64   --network zhang cnn-softmax   --peer …
    --cpu         processor time instead of the wall clock: for a busy machine, with --threads 1
    --no-memory   no peak memory
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.turns import Turns

if TYPE_CHECKING:
    from tests.benchmarks.peers.networks import Arrays, Network, Peer, Result

PEERS = {
    "numpy": ("tests.benchmarks.peers.ours", "numpy_target", "numpy"),
    "numba": ("tests.benchmarks.peers.ours", "numba_target", "numba"),
    "torch": ("tests.benchmarks.peers.pytorch", "prepare", "torch"),
    "jax": ("tests.benchmarks.peers.jax_jit", "prepare", "jax"),
    "im2col": ("tests.benchmarks.peers.im2col", "prepare", "numpy"),
    "autograd": ("tests.benchmarks.peers.autograd_numpy", "prepare", "scipy"),
}
"""Module, function, and the package that it needs."""

OURS = ("numpy", "numba")
MEMORY = ("numpy", "numba", "torch", "jax", "im2col")
"""Whose peak memory is measured; autograd's needs minutes."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--dtype", nargs="+", default=["float32", "float64"])
    parser.add_argument("--network", nargs="+", default=["zhang", "cnn-softmax"])
    parser.add_argument("--peer", nargs="+", default=list(PEERS), choices=PEERS)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    return parser.parse_args()


_Formatter = argparse.RawDescriptionHelpFormatter


def use_threads(count: int) -> None:
    """Before anything numerical is imported."""
    for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{name}_NUM_THREADS"] = str(count)
    cores = sorted(os.sched_getaffinity(0))[:count]
    os.sched_setaffinity(0, cores)  # XLA takes as many threads as there are cores
    if count == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"


def prepared(peer: str, network: Network, batch: int, dtype: str) -> Peer:
    """A peer on the numbers of a setting."""
    home, function, _ = PEERS[peer]
    prepare = getattr(importlib.import_module(home), function)
    made: Peer = prepare(network, *numbers(network, batch, dtype))
    return made


def numbers(network: Network, batch: int, dtype: str) -> tuple[Arrays, Arrays]:
    """Random parameters and inputs, the same for everyone."""
    import numpy as np

    from tests.benchmarks.peers.ours import module

    plain = module(network.sheet, "numpy")
    rng = np.random.default_rng(0)
    params = plain.init(rng, np.dtype(dtype))
    image_shape = plain.INPUTS[network.image][1:]
    image = rng.standard_normal((batch, *image_shape)).astype(dtype)
    classes = plain.INPUTS[network.target][1]
    target = np.eye(classes, dtype=dtype)[rng.integers(classes, size=batch)]
    return params, {network.image: image, network.target: target}


def disagreement(found: Result, expected: Result) -> float:
    """The greatest difference of a loss or gradient, relative to the array's greatest element."""
    import numpy as np

    (loss, gradients), (exact_loss, exact) = found, expected
    worst = abs(loss - exact_loss) / abs(exact_loss)
    assert gradients.keys() == exact.keys()
    for name, gradient in gradients.items():
        assert gradient.shape == exact[name].shape, (name, gradient.shape, exact[name].shape)
        scale = np.max(np.abs(exact[name]))
        worst = max(worst, float(np.max(np.abs(gradient - exact[name])) / scale))
    return worst


def gemm_gflops(dtype: str, clock: Callable[[], float]) -> float:
    """What this machine reaches in a product of two large matrices."""
    import numpy as np

    n = 1024
    a = np.random.default_rng(0).standard_normal((n, n)).astype(dtype)
    times = []
    for _ in range(8):
        started = clock()
        a @ a
        times.append(clock() - started)
    return 2e-9 * n**3 / min(times)


def table(network: Network, dtype: str, options: argparse.Namespace, turns: Turns) -> None:
    clock = time.process_time if options.cpu else time.perf_counter
    peak = gemm_gflops(dtype, clock)
    print(f"\n{network.sheet}, {dtype}, {options.threads} threads")
    names = list(turns.pipes)
    others = [n for n in names if n not in OURS]
    ratios = [(ours, other) for ours in OURS if ours in names for other in others]
    rows = []
    for batch in options.batch:
        compared(turns.results(network, batch, dtype), dtype)
        rounds = [turns.seconds() for _ in range(options.rounds)]
        rows.append((batch, {n: 1e6 / batch * median(r[n] for r in rounds) for n in names}))
    show("µs an image: batch", names, ((b, [f"{t[n]:.1f}" for n in names]) for b, t in rows))
    heads = [f"{a}/{b}" for a, b in ratios]
    show("ratio", heads, ((b, [f"{t[x] / t[y]:.2f}" for x, y in ratios]) for b, t in rows))
    speeds = ((b, {n: network.flops / t[n] / 1e3 for n in names}) for b, t in rows)
    peak = max(peak, gemm_gflops(dtype, clock))
    print(f"GEMM peak {peak:.0f} GFLOP/s")
    cells = ((b, [f"{s[n]:.1f} {s[n] / peak:>4.0%}" for n in names]) for b, s in speeds)
    show("GFLOP/s, part of it", names, cells)


def compared(results: dict[str, Result], dtype: str) -> None:
    """Raise AssertionError unless all agree with the first, as far as the dtype allows."""
    first, *others = results
    for name in others:
        worst = disagreement(results[name], results[first])
        assert worst < (1e-3 if dtype == "float32" else 1e-10), (name, worst)


def show(title: str, heads: list[str], rows: Iterable[tuple[int, list[str]]]) -> None:
    """A table with a line for each batch."""
    widths = [max(12, len(head) + 2) for head in heads]
    print(f"{title:<20}" + "".join(f"{h:>{w}}" for h, w in zip(heads, widths, strict=True)))
    for batch, cells in rows:
        line = "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True))
        print(f"{batch:<20}{line}", flush=True)


def peak_megabytes(peer: str, network: Network, batch: int, dtype: str) -> float:
    """Memory beyond what was there before the first call: everything is loaded and compiled by a
    small batch, what that freed goes back to the system, and the high-water mark is set back."""
    prepared(peer, network, 16, dtype).run()
    large = prepared(peer, network, batch, dtype)
    ctypes.CDLL(None).malloc_trim(0)  # in glibc
    with open("/proc/self/clear_refs", "w") as marks:
        marks.write("5")
    before = _status("VmRSS")
    large.run()
    return (_status("VmHWM") - before) * 1024 / 1e6


def _status(field: str) -> int:
    """Kilobytes, as Linux counts them (VmHWM is the ru_maxrss that can be set back)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field))


def memory_table(options: argparse.Namespace, names: list[str], networks: Iterable[str]) -> None:
    batch = max(options.batch)
    measured = [n for n in names if n in MEMORY]
    print(f"\npeak memory of a call in MB, batch {batch}")
    print(f"{'':<24}" + "".join(f"{n:>10}" for n in measured))
    for sheet in networks:
        for dtype in options.dtype:
            cells = [_in_a_process(n, sheet, batch, dtype, options.threads) for n in measured]
            print(f"{sheet + ', ' + dtype:<24}" + "".join(f"{c:>10}" for c in cells), flush=True)


def _in_a_process(peer: str, sheet: str, batch: int, dtype: str, threads: int) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.gradients", "--peak", peer]
    command += ["--network", sheet, "--batch", str(batch), "--dtype", dtype]
    done = subprocess.run(
        [*command, "--threads", str(threads)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else "failed"


def main() -> None:
    options = arguments()
    use_threads(options.threads)
    from tests.benchmarks.peers.networks import NETWORKS

    networks = {n.sheet: n for n in NETWORKS if n.sheet in options.network}
    if options.peak:
        (network,) = networks.values()
        print(f"{peak_megabytes(options.peak, network, options.batch[0], options.dtype[0]):.1f}")
        return
    names = [n for n in options.peer if importlib.util.find_spec(PEERS[n][2])]
    print(
        "left out, not installed:", ", ".join(n for n in options.peer if n not in names) or "none"
    )
    turns = Turns(names, prepared, options.cpu)
    for network in networks.values():
        for dtype in options.dtype:
            table(network, dtype, options, turns)
    turns.close()
    if not options.no_memory:
        memory_table(options, names, networks)


if __name__ == "__main__":
    main()
