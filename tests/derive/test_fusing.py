"""Chains of elementwise arithmetic: functions that `cupy.fuse` can take, shared where they can be.

Where CuPy is installed its own tracer reads every one of them; it needs no device for that.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.emit import emit
from derive.optimisers import OPTIMISERS, with_update
from derive.pipeline import load_model, model_names
from tests.corpus.library import TOPICS, topic
from tests.derive.device import ELEMENTWISE, OTHERS, Device
from tests.derive.emitted import draw, has_code, module_of, whole
from tests.derive.recurrences import SHEETS, recurrence

Function = Callable[..., Any]


def fused_functions(module: ModuleType) -> Iterator[tuple[str, Function, list[str]]]:
    """Name, function and the annotations of arguments of all that is fused."""
    for name, function in vars(module).items():
        if inspect.isfunction(function) and hasattr(function, "__wrapped__"):
            arguments = inspect.signature(function).parameters
            if [*arguments][-1] == "xp":
                yield name, function, [a.annotation for a in arguments.values()][:-1]


def kernels(name: str, device: Device) -> int:
    """How many run on the device for loss and gradients."""
    model = load_model(name)
    module = module_of(model)
    params, inputs = draw(whole(model, 2))
    there = [{n: device.asarray(a) for n, a in arrays.items()} for arrays in (params, inputs)]
    module.loss_and_gradients(*there, xp=device)
    return device.counts.kernels


@pytest.mark.parametrize("name", [pytest.param("zhang", marks=pytest.mark.long), "mlp"])
def test_fused_there_are_fewer_kernels(name: str) -> None:
    """Older versions of CuPy would make 64 bits of 32 beside a number: there nothing is fused."""
    assert kernels(name, Device()) < kernels(name, Device("13.6.0"))


def test_chains_that_differ_in_their_operands_alone_share_a_function() -> None:
    source = emit(load_model("zhang"))
    assert "dz2 = _dz(dC2, C2, xp)" in source
    assert "dz1 = _dz(dC1, C1, xp)" in source
    assert "x *= y\n    x *= 1 - y\n    return x" in source
    assert "For dz, dz2 and dz1; x is overwritten." in source


def test_one_operation_is_a_kernel_already() -> None:
    assert "x1 += b1[:, None, None]" in emit(load_model("cnn-softmax"))


STRAY: dict[str, Function] = {
    "a reduction": lambda x, xp: xp.sum(x),
    "a part": lambda x, _: x[0],
    "a decision": lambda x, _: x if x > 0 else -x,
    "a number to a power": lambda x, _: 2**x,
    "another dtype": lambda x, xp: xp.exp(x, dtype=np.float64),
    "a number of NumPy": lambda x, _: x * np.float64(2),
    "a smaller result": lambda x, _: -x[..., 0],
}


@pytest.mark.parametrize("what", STRAY)
def test_the_stand_in_fuses_elementwise_functions_alone(what: str) -> None:
    device = Device()
    fused = device.fuse("stray")(lambda x: STRAY[what](x, device))
    with pytest.raises(TypeError):
        fused(device.asarray([[1.0, -2.0]]))


def test_the_stand_in_fuses_no_number_of_numbers() -> None:
    device = Device()
    with pytest.raises(TypeError, match="64 bits"):
        device.fuse("stray")(lambda x, r, s: x * (r * s))(device.asarray([1.0]), 0.1, 0.9)


@pytest.mark.parametrize("rule", OPTIMISERS)
def test_an_update_is_one_kernel_a_parameter(rule: str) -> None:
    """The first one also makes the state, which is zero everywhere."""
    device, module = Device(), module_of(with_update(load_model("mlp"), rule))
    params = module.init(np.random.default_rng(0), xp=device)
    params, state = module.update(params, params, xp=device)
    before = device.counts.kernels
    module.update(params, params, state, xp=device)
    assert device.counts.kernels - before == len(params)


def test_a_fused_function_writes_to_no_array_that_is_broadcast() -> None:
    device = Device()

    def add(x: Any, y: Any) -> Any:
        x += y
        return x

    with pytest.raises(TypeError, match="broadcast"):
        device.fuse("add")(add)(device.asarray([[1.0]]), device.asarray([[1.0, 2.0]]))


def traced(function: Function, kinds: list[str], dtype: str) -> set[Any]:
    """The dtypes that come out of CuPy's tracer, of the kind that makes elementwise kernels."""
    cupy = pytest.importorskip("cupy")
    from cupy._core import _fusion_thread_local, fusion

    state, history = _fusion_thread_local.thread_local, fusion._FusionHistory()
    fresh = history._fresh_premap_param

    def argument(kind: str) -> Any:
        if kind == "float":
            return fusion._FusionVarScalar(fresh(np.dtype(float)), -1, False, float)
        made = np.dtype(bool if kind == "Any" else dtype)  # a condition
        return fusion._FusionVarArray(fresh(made), 2, False)

    arguments = [argument(kind) for kind in kinds]
    state.history, state.is_old_fusing = history, True
    try:
        found = function(*arguments, cupy)
        return {result.dtype for result in (found if isinstance(found, tuple) else (found,))}
    finally:
        state.history, state.is_old_fusing = None, False


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cupy_can_fuse_every_one(dtype: str) -> None:
    pytest.importorskip("cupy")
    models = [*map(load_model, model_names()), *map(recurrence, SHEETS)]
    models += [topic(path.stem).model for path in TOPICS.glob("*.yaml")]
    models += [with_update(load_model("mlp"), rule) for rule in OPTIMISERS]
    for module in map(module_of, filter(has_code, models)):
        for name, function, kinds in fused_functions(module):
            assert traced(function, kinds, dtype) in ({np.dtype(dtype)}, {np.dtype(bool)}), name


def test_the_stand_in_has_nothing_that_cupy_lacks() -> None:
    cupy = pytest.importorskip("cupy")
    assert not [name for name in ELEMENTWISE | OTHERS if not hasattr(cupy, name)]
    assert callable(cupy.lib.stride_tricks.as_strided)
    assert callable(cupy.fuse)
