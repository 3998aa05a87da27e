"""Our emitted modules, one function for every target."""

from __future__ import annotations

import atexit
import importlib.util
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from derive.emit import emit
from derive.pipeline import load_model
from tests.benchmarks.peers.networks import Arrays, Network, Peer, Result


@cache
def module(sheet: str, target: str) -> ModuleType:
    """The emitted module, imported from a file as its users do."""
    folder = tempfile.TemporaryDirectory(prefix="backproof-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / f"{sheet.replace('-', '_')}_{target}.py"
    path.write_text(emit(load_model(sheet), target=target), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _prepare(target: str, network: Network, params: Arrays, inputs: Arrays) -> Peer:
    compute = module(network.sheet, target).loss_and_gradients

    def result(found: Any) -> Result:
        loss, gradients = found
        return float(loss), gradients

    return Peer(lambda: compute(params, inputs), result)


def numpy_target(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    return _prepare("numpy", network, params, inputs)


def numba_target(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    return _prepare("numba", network, params, inputs)


def cupy_target(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    """The NumPy target on arrays of CuPy."""
    import cupy

    compute = module(network.sheet, "numpy").loss_and_gradients
    weights = {n: cupy.asarray(a) for n, a in params.items()}
    there = {n: cupy.asarray(a) for n, a in inputs.items()}

    def result(found: Any) -> Result:
        loss, gradients = found
        return float(loss), {n: g.get() for n, g in gradients.items()}

    return Peer(lambda: compute(weights, there, xp=cupy), result)
