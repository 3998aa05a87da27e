"""Emitted Numba modules compute what the interpreter means.

Most tests run the loops as plain Python, with a stand-in for Numba that compiles nothing: the
loops' meaning is the same, small models are quick, and Numba need not be installed.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from derive.emit import emit
from derive.equations import Equation, Model
from derive.expr import TIES, Access, Expr, rewrite
from derive.reading.sheet import model_from_text
from tests.derive.emitted import Arrays, draw, largest, module_of, reference, whole
from tests.derive.test_emit import EPS, batched_zhang, computed, disagreements
from tests.derive.test_emit_values import (
    PADDED,
    POISON,
    assert_special_where_interpreted,
    drawn,
    poisoned,
)
from tests.derive.test_maximum import pooling
from tests.models import correlation_relu
from tests.strategies import Network, model_of, networks

SMALL = {"P": 2, "Q": 3, "A": 2, "K": 1, "M": 3}


def uncompiled() -> dict[str, ModuleType]:
    """Modules in the place of Numba's: decorators that leave a function as it is."""

    def njit(*functions: Any, **_: Any) -> Any:
        return functions[0] if functions else lambda function: function

    numba, extending = ModuleType("numba"), ModuleType("numba.extending")
    vars(numba).update(njit=njit, prange=range, float32=np.float32, extending=extending)
    vars(extending).update(overload=lambda _: lambda function: function)
    return {"numba": numba, "numba.extending": extending}


def loops_of(model: Model, wrt: tuple[str, ...] | None = None) -> ModuleType:
    """The emitted module, run as plain Python."""
    made = ModuleType("emitted")
    code = compile(emit(model, target="numba", wrt=wrt), "<emitted>", "exec")
    with pytest.MonkeyPatch.context() as patch:
        for name, module in uncompiled().items():
            patch.setitem(sys.modules, name, module)
        exec(code, made.__dict__)
    if hasattr(made, "_exp"):  # which the compiler chooses by its argument's type
        single, double = made._exp_single, made._exp_double
        vars(made)["_exp"] = lambda x: (
            x if x != x else single(x) if x.dtype == np.float32 else double(x)
        )
    return made


def same(found: Arrays, expected: Arrays, dtype: str) -> bool:
    """True where all arrays agree to a few hundred roundings of their greatest elements."""
    eps = 300 * float(np.finfo(dtype).eps)
    return found.keys() == expected.keys() and all(
        found[n].dtype == expected[n].dtype
        and np.shape(found[n]) == np.shape(expected[n])
        and np.allclose(found[n], expected[n], rtol=0, atol=eps * largest(expected[n]))
        for n in expected
    )


@given(networks())
@settings(max_examples=2)
def test_loops_are_the_interpreter_and_their_gradients_autograds(network: Network) -> None:
    model = model_of(network)
    module = loops_of(model)
    with np.errstate(all="ignore"):
        wrong = disagreements(model, network.samples, EPS, lambda p, x: computed(module, p, x))
    assert not wrong


@pytest.mark.long
@given(networks())
def test_every_network_of_the_family(network: Network) -> None:
    model = model_of(network)
    samples = network.samples if network.batch == "" else 8 + network.samples % 3
    module = loops_of(model)
    with np.errstate(all="ignore"):
        wrong = disagreements(model, samples, EPS, lambda p, x: computed(module, p, x))
    assert not wrong


@pytest.fixture(scope="module")
def zhang() -> ModuleType:
    return loops_of(batched_zhang(**SMALL))


@pytest.mark.parametrize(("samples", "dtype"), [(1, "float64"), (9, "float32")])
def test_blocks_and_single_samples_give_what_numpy_gives(
    zhang: ModuleType, samples: int, dtype: str
) -> None:
    params, inputs = draw(whole(batched_zhang(**SMALL), samples))
    params = {n: a.astype(dtype) for n, a in params.items()}
    inputs = {n: a.astype(dtype) for n, a in inputs.items()}
    plain = module_of(batched_zhang(**SMALL))
    assert same(computed(zhang, params, inputs), computed(plain, params, inputs), dtype)


@pytest.mark.parametrize("tie", TIES)
def test_ties_of_maxima_go_where_numpy_lets_them_go(tie: str) -> None:
    model = pooling(tie=tie)
    ours, plain = loops_of(model), module_of(model)
    params, inputs = draw(whole(model, 1))
    for values in (inputs, {n: np.round(a) for n, a in inputs.items()}):
        assert same(computed(ours, params, values), computed(plain, params, values), "float64")


def test_nan_and_infinity_come_out_where_their_windows_are(zhang: ModuleType) -> None:
    params, inputs = draw(whole(batched_zhang(**SMALL), 2))
    image = inputs["I"].copy()
    image[0, 3, 4] = np.nan
    tensors = zhang.forward(params, {"I": image})
    hit = np.zeros(tensors["C1"].shape, dtype=bool)
    hit[0, :, 1:4, 2:5] = True  # the 3x3 windows that cover (3, 4)
    np.testing.assert_array_equal(np.isnan(tensors["C1"]), hit)
    assert not np.isnan(tensors["yhat"][1]).any()
    image[0, 3, 4] = np.inf
    window = zhang.forward(params, {"I": image})["C1"][0, :, 1:4, 2:5]
    assert (np.isclose(window, 0) | (window == 1)).all()


@pytest.mark.parametrize("value", POISON)
def test_nothing_outside_meets_nan_or_infinity(value: float) -> None:
    module = loops_of(model_of(PADDED))
    for name in ("k1", "y", "X"):
        values = drawn(PADDED)
        assert_special_where_interpreted(
            PADDED, module, values | poisoned({name: values[name]}, 0, value)
        )


def test_any_memory_layout_will_do_and_nothing_is_written_to(zhang: ModuleType) -> None:
    params, inputs = draw(whole(batched_zhang(**SMALL), 2))
    expected = computed(zhang, params, inputs)

    def odd(a: np.ndarray) -> np.ndarray:
        a = np.asfortranarray(a)
        a.flags.writeable = False
        return a

    again = computed(
        zhang, {n: odd(a) for n, a in params.items()}, {n: odd(a) for n, a in inputs.items()}
    )
    assert same(again, expected, "float64")


def test_gradients_of_inputs_and_tensors_are_computed_on_request() -> None:
    module = loops_of(batched_zhang(**SMALL), wrt=("I", "C1"))
    complete = whole(batched_zhang(**SMALL), 9)
    params, inputs = draw(complete)
    _, gradients = module.loss_and_gradients(params, inputs)
    _, exact, _ = reference(complete, params, inputs, EPS)
    assert same(gradients, {n: exact[n] for n in ("I", "C1")}, "float64")


WITHOUT_SAMPLES = r"""---
loss: L
inputs: [x]
batch: {axis: m, over: [x], loss: mean}
sizes: {n: 3, d: 2}
---
$$ p_{ij} = \frac{\exp(A_{ij})}{\sum_{k=1}^{d} \exp(A_{ik})},
   \quad i = 1, \dots, n,\ j = 1, \dots, d $$
$$ g_i = \max_{j=1, \dots, d} p_{ij} B_j, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} g_i x_i + \sum_{i=1}^{n} \max_{j=1, \dots, d} A_{ij}^2 $$
"""


@pytest.mark.parametrize("loops", [loops_of, module_of])
def test_what_no_sample_enters_may_have_maxima_and_shares(
    loops: Callable[[Model], ModuleType],
) -> None:
    """The mask of A is in the loss and in another form in the adjoints of p."""
    model = model_from_text(WITHOUT_SAMPLES, "weights")
    module = loops(model)
    assert not disagreements(model, 9, EPS, lambda p, x: computed(module, p, x))


def test_variables_that_the_loops_use_may_be_tensors_too() -> None:
    model = correlation_relu()
    names = {"X": "x", "R": "V"}
    tensors = {names.get(n, n): replace(t, name=names.get(n, n)) for n, t in model.tensors.items()}

    def renamed(node: Expr) -> Expr:
        if isinstance(node, Access):
            return Access(names.get(node.tensor, node.tensor), node.indices)
        return node

    equations = tuple(
        Equation(names.get(e.tensor, e.tensor), e.axes, rewrite(e.rhs, renamed))
        for e in model.equations
    )
    model = replace(model, tensors=tensors, equations=equations, inputs=("x",))
    module = loops_of(model)
    assert not disagreements(model, 1, EPS, lambda p, x: computed(module, p, x))


def test_another_namespace_than_numpys_is_refused(zhang: ModuleType) -> None:
    params, inputs = draw(whole(batched_zhang(**SMALL), 1))
    with pytest.raises(ValueError, match="NumPy"):
        zhang.loss_and_gradients(params, inputs, xp=ModuleType("cupy"))


def compiled(model: Model, folder: Path) -> ModuleType:
    """The emitted module, compiled by Numba; a test without Numba is skipped."""
    pytest.importorskip("numba")
    path = folder / "compiled.py"
    path.write_text(emit(model, target="numba"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("compiled", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.long
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_loops_give_what_numpy_gives(tmp_path: Path, dtype: str) -> None:
    model = batched_zhang(**SMALL)
    module, plain = compiled(model, tmp_path), module_of(model)
    for samples in (1, 24, 19):
        params, inputs = draw(whole(model, samples))
        params = {n: a.astype(dtype) for n, a in params.items()}
        inputs = {n: a.astype(dtype) for n, a in inputs.items()}
        found = computed(module, params, inputs)
        assert same(found, computed(plain, params, inputs), dtype)
        again = computed(module, params, inputs)
        assert all((again[n] == found[n]).all() for n in found)  # to the last bit
