"""Emitted modules compute what the interpreter means, and their gradients are autograd's."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.emit import TARGETS, emit
from derive.emitting.layout import WIDTH
from derive.equations import Model
from derive.errors import IllFormed
from derive.expr import TIES
from derive.learning import Batch
from derive.optimisers import OPTIMISERS, with_update
from derive.pipeline import load_model
from derive.reading.sheet import model_from_text
from tests.derive.backward import backward
from tests.derive.emitted import Arrays, bounded, draw, largest, module_of, reference, whole
from tests.derive.test_maximum import pooling
from tests.models import correlation_relu, zhang_like
from tests.strategies import Network, model_of, networks

EPS = float(np.finfo(np.float64).eps)


def batched_zhang(**sizes: int) -> Model:
    """Zhang's network with the loss summed over the batch."""
    return replace(zhang_like(**sizes), batch=Batch("n", ("I", "y"), "sum"))


SMALL = {"P": 2, "Q": 3, "A": 2, "K": 1, "M": 3}


@pytest.fixture(scope="module")
def zhang() -> ModuleType:
    return module_of(batched_zhang(**SMALL))


def zhang_numbers(samples: int = 2, dtype: str = "float64") -> tuple[Arrays, Arrays]:
    params, inputs = draw(whole(batched_zhang(**SMALL), samples))
    return (
        {n: a.astype(dtype) for n, a in params.items()},
        {n: a.astype(dtype) for n, a in inputs.items()},
    )


def disagreements(
    model: Model, samples: int, eps: float, compute: Callable[..., Arrays]
) -> list[str]:
    """What ``compute(params, inputs)`` gets wrong: a tensor, or d and the name of a parameter."""
    complete = whole(model, samples)
    params, inputs = draw(complete)
    tensors, gradients, allowed = reference(complete, params, inputs, eps)
    found, expected = compute(params, inputs), bounded(tensors, gradients)

    def agrees(name: str) -> bool:
        if np.shape(found[name]) != np.shape(expected[name]):
            return False
        return largest(found[name].astype(np.float64) - expected[name]) <= allowed[name]

    return [name for name in found if not agrees(name)]


def computed(module: ModuleType, params: Arrays, inputs: Arrays) -> Arrays:
    """Everything that a module computes: tensors by name, gradients with a d in front."""
    loss, gradients = module.loss_and_gradients(params, inputs)
    tensors = module.forward(params, inputs)
    (name,) = tensors.keys() & {"L"}
    assert loss == tensors[name]
    return tensors | {f"d{n}": g for n, g in gradients.items()}


@given(networks())
def test_forward_is_the_interpreter_and_gradients_are_autograds(network: Network) -> None:
    model = model_of(network)
    module = module_of(model)
    assert not disagreements(model, network.samples, EPS, lambda p, x: computed(module, p, x))


@pytest.mark.long
@given(networks())
@settings(max_examples=8)
def test_float32_stays_float32_and_is_as_near_as_its_roundings_allow(network: Network) -> None:
    model = model_of(network)
    module = module_of(model)

    def in_single(params: Arrays, inputs: Arrays) -> Arrays:
        single = computed(
            module,
            {n: a.astype(np.float32) for n, a in params.items()},
            {n: a.astype(np.float32) for n, a in inputs.items()},
        )
        assert {a.dtype for a in single.values()} == {np.dtype(np.float32)}
        return single

    eps = float(np.finfo(np.float32).eps)
    assert not disagreements(model, network.samples, eps, in_single)


@pytest.mark.long
@given(networks(), st.integers(1, 2))
@settings(max_examples=8)
def test_chunks_of_a_batch_add_up_to_it(network: Network, chunk: int) -> None:
    model = model_of(replace(network, samples=3))
    module = module_of(model)
    setattr(module, "CHUNK", {8: chunk})  # noqa: B010 (a module knows no such attribute)

    def added(params: Arrays, inputs: Arrays) -> Arrays:
        loss, gradients = module.loss_and_gradients(params, inputs)
        return bounded({"L": loss}, gradients)

    assert not disagreements(model, 3, EPS, added)


SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "zero": np.zeros_like,
    "another sign": np.negative,
    "twice in one entry": lambda g: g * (1 + (np.arange(g.size) == 7).reshape(g.shape)),
    "a twentieth of a percent more": lambda g: g * 1.0005,
    "rotated kernel": lambda g: g[..., ::-1, ::-1],
    "swapped maps": lambda g: g[::-1],
}


@pytest.mark.long
@pytest.mark.parametrize("fault", SPOILT)
def test_the_comparison_rejects_a_wrong_gradient(zhang: ModuleType, fault: str) -> None:
    def spoilt(params: Arrays, inputs: Arrays) -> Arrays:
        found = computed(zhang, params, inputs)
        return found | {"dk2": SPOILT[fault](found["dk2"])}

    assert disagreements(batched_zhang(**SMALL), 2, EPS, spoilt) == ["dk2"]


@given(networks())
@settings(max_examples=8)
def test_a_strict_array_namespace_gives_the_same(network: Network) -> None:
    strict = pytest.importorskip("array_api_strict")
    model = model_of(network)
    module = module_of(model)
    params, inputs = draw(whole(model, network.samples))
    loss, gradients = module.loss_and_gradients(
        {n: strict.asarray(a) for n, a in params.items()},
        {n: strict.asarray(a) for n, a in inputs.items()},
        xp=strict,
    )
    plain_loss, plain = module.loss_and_gradients(params, inputs)
    np.testing.assert_allclose(np.asarray(loss), plain_loss, rtol=1e-12)
    for name, gradient in gradients.items():
        scale = largest(plain[name])
        np.testing.assert_allclose(np.asarray(gradient), plain[name], atol=1e-12 * scale + 1e-300)


def test_any_memory_layout_will_do_and_nothing_is_written_to(zhang: ModuleType) -> None:
    params, inputs = zhang_numbers()
    loss, gradients = zhang.loss_and_gradients(params, inputs)

    def odd(a: np.ndarray, order: str) -> np.ndarray:
        if order == "F":
            a = np.asfortranarray(a)
        elif order == "gaps":
            a = np.repeat(a, 2, axis=-1)[..., ::2]
        else:
            a = a[..., ::-1].copy()[..., ::-1]
        a.flags.writeable = False
        return a

    for order in ("F", "gaps", "backwards"):
        again, others = zhang.loss_and_gradients(
            {n: odd(a, order) for n, a in params.items()},
            {n: odd(a, order) for n, a in inputs.items()},
        )
        np.testing.assert_allclose(again, loss, rtol=1e-13)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(others[name], gradient, atol=1e-13 * largest(gradient))


def test_nan_and_infinity_come_out_where_their_windows_are(zhang: ModuleType) -> None:
    params, inputs = zhang_numbers()
    image = inputs["I"].copy()
    image[0, 3, 4] = np.nan
    tensors = zhang.forward(params, {"I": image})
    hit = np.zeros(tensors["C1"].shape, dtype=bool)
    hit[0, :, 1:4, 2:5] = True  # the 3x3 windows that cover (3, 4)
    np.testing.assert_array_equal(np.isnan(tensors["C1"]), hit)
    assert not np.isnan(tensors["yhat"][1]).any()
    image[0, 3, 4] = np.inf
    tensors = zhang.forward(params, {"I": image})
    limit = np.isclose(tensors["C1"][0, :, 1:4, 2:5], 0) | (tensors["C1"][0, :, 1:4, 2:5] == 1)
    assert limit.all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_saturated_units_give_finite_losses_and_gradients(zhang: ModuleType, dtype: str) -> None:
    params, inputs = zhang_numbers(dtype=dtype)
    steep = {n: 1000 * a for n, a in params.items()}
    with np.errstate(all="raise", under="ignore"):
        loss, gradients = zhang.loss_and_gradients(steep, inputs)
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in gradients.values())


def test_a_model_without_a_loss_takes_upstream_gradients() -> None:
    model = correlation_relu()
    module = module_of(model)
    assert module.INPUTS == {"X": (7,), "d_R": (3,)}
    assert not disagreements(model, 1, EPS, lambda p, x: computed(module, p, x))
    params, inputs = draw(whole(model, 1))
    assert module.forward(params, {"X": inputs["X"]}).keys() == {"z", "R"}


def test_a_factor_before_a_matrix_product_does_not_become_part_of_it() -> None:
    sheet = r"""---
loss: L
inputs: [h, t]
sizes: {n: 4, m: 3}
types: {h: column m, t: column n, A: matrix n m, c: column n}
---
$$ y = c \odot (A h) $$
$$ L = t^T y $$
"""
    module = module_of(model_from_text(sheet, "scaled"))
    rng = np.random.default_rng(0)
    given = {k: rng.normal(size=s) for k, s in {"h": 3, "t": 4, "A": (4, 3), "c": 4}.items()}
    params, inputs = {k: given[k] for k in "Ac"}, {k: given[k] for k in "ht"}
    loss, grads = module.loss_and_gradients(params, inputs)
    product = given["A"] @ given["h"]
    assert np.isclose(loss, given["t"] @ (given["c"] * product), rtol=1e-14)
    np.testing.assert_allclose(grads["c"], given["t"] * product, rtol=1e-14)


def test_gradients_of_inputs_are_computed_on_request_only() -> None:
    model = batched_zhang(**SMALL)
    assert "dI" not in emit(model)
    module = module_of(model, wrt=("I", "C1"))
    complete = whole(model, 2)
    params, inputs = draw(complete)
    _, gradients = module.loss_and_gradients(params, inputs)
    _, exact, _ = reference(complete, params, inputs, EPS)
    assert gradients.keys() == {"I", "C1"}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, exact[name], atol=1e-13 * largest(exact[name]))
    with pytest.raises(IllFormed, match="nothing"):
        emit(model, wrt=("nothing",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p, x: p.pop("k2"), r"k2 \(2, 3, 3, 3\) is missing"),
        (lambda p, x: x.pop("y"), r"y \(batch, 3\) is missing"),
        (lambda p, x: p.update(b=p["b"][:1]), r"b has shape \(1\), not \(3\)"),
        (lambda p, x: x.update(y=x["y"][:1]), r"y has shape \(1, 3\), not \(batch, 3\)"),
        (lambda p, x: x.update(I=x["I"][:0]), r"I has shape \(0, .*\), not \(batch, "),
        (lambda p, x: x.update(I=[[1.0]]), r"I has shape \(\), not "),
        (lambda p, x: p.update(W=p["W"].astype("float32")), "W is float32"),
        (lambda p, x: x.update(I=x["I"].astype(int)), "I is int64"),
    ],
)
def test_what_does_not_fit_is_named(
    zhang: ModuleType, change: Callable[[Arrays, Arrays], object], message: str
) -> None:
    params, inputs = zhang_numbers()
    change(params, inputs)
    with pytest.raises(ValueError, match=message):
        zhang.loss_and_gradients(params, inputs)


def test_initial_weights_lie_within_zhangs_bounds_and_biases_are_zero() -> None:
    module = module_of(batched_zhang())
    params = module.init(np.random.default_rng(0), np.float32)
    bounds = {"k1": 6 / ((1 + 6) * 25), "k2": 6 / ((6 + 12) * 25), "W": 6 / (192 + 10)}
    for name, shape in module.PARAMETERS.items():
        assert params[name].shape == shape
        assert params[name].dtype == np.float32
        if name in bounds:
            limit = np.sqrt(bounds[name])
            assert 0.9 * limit < np.abs(params[name]).max() <= limit
        else:
            assert not params[name].any()
    again = module.init(np.random.default_rng(0), np.float32)
    assert all((again[n] == params[n]).all() for n in params)


def test_a_step_of_descent_lowers_the_loss(zhang: ModuleType) -> None:
    params, inputs = zhang_numbers(dtype="float32")
    loss, grads = zhang.loss_and_gradients(params, inputs)
    stepped, state = zhang.update(params, grads, {}, rate=np.float64(1e-3))
    assert {a.dtype for a in stepped.values()} == {np.dtype("float32")}
    np.testing.assert_array_equal(stepped["W"], params["W"] - np.float32(1e-3) * grads["W"])
    assert state == {}
    assert zhang.loss_and_gradients(stepped, inputs)[0] < loss


def test_saved_parameters_come_back(zhang: ModuleType, tmp_path: Path) -> None:
    params, _ = zhang_numbers(dtype="float32")
    path = tmp_path / "weights"
    zhang.save(path, params)
    back = zhang.load(path)
    assert back.keys() == params.keys()
    assert all((back[n] == params[n]).all() and back[n].dtype == "float32" for n in params)
    with pytest.raises(AttributeError):
        zhang.save(path, params | {"W": object()} | {"b": _Broken()})
    assert [p.name for p in tmp_path.iterdir()] == ["weights"]
    np.savez(tmp_path / "other.npz", W=params["W"])
    with pytest.raises(ValueError, match="missing"):
        zhang.load(tmp_path / "other.npz")


class _Broken:
    """An array that fails when it is brought to the host."""

    def get(self) -> None:
        raise AttributeError


def test_the_module_imports_nothing_of_ours_and_loops_over_offsets_only() -> None:
    tree = ast.parse(emit(batched_zhang()))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
        )
    }
    assert imported <= {*sys.stdlib_module_names, "collections.abc", "numpy"}
    for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
        if function.name in ("_forward", "_loss", "loss_and_gradients"):
            assert not any(isinstance(n, ast.For | ast.While) for n in ast.walk(function))


def test_the_text_is_formatted_and_clean(tmp_path: Path) -> None:
    ruff = Path(sys.executable).parent / "ruff"
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    stepped = [with_update(correlation_relu(), rule) for rule in OPTIMISERS]
    sources = [emit(model) for model in (batched_zhang(), *stepped)]
    sources += [emit(correlation_relu(), target=target) for target in ("torch", "jax")]
    for number, source in enumerate(sources):
        (tmp_path / f"module_{number}.py").write_text(source, encoding="utf-8")
    for command in (("format", "--check"), ("check",)):
        done = subprocess.run(
            [ruff, *command, "--isolated", tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


WITHOUT_TARGETS = """---
loss: E
inputs: [x]
batch: {axis: m, over: [x], loss: mean}
sizes: {n: 3, d: 2}
---
$$ h_i = \\tanh(\\sum_{j=1}^{n} W_{ij} x_j), \\quad i = 1, \\dots, d $$
$$ r_j = \\sum_{i=1}^{d} W_{ij} h_i, \\quad j = 1, \\dots, n $$
$$ E = \\sum_{j=1}^{n} (r_j - x_j)^2 $$
"""


@pytest.mark.parametrize("samples", [1, 70])  # one chunk, and more
def test_a_mean_over_samples_without_targets(samples: int) -> None:
    model = model_from_text(WITHOUT_TARGETS, "autoencoder")
    complete, module = whole(model, samples), module_of(model)
    params, inputs = draw(complete)
    env, exact, allowed = reference(complete, params, inputs, EPS)
    loss, gradients = module.loss_and_gradients(params, inputs)
    found = bounded(module.forward(params, inputs) | {"E": loss}, gradients)
    expected = bounded(env, exact)
    assert all(largest(found[n] - expected[n]) <= allowed[n] for n in found)


NUMBERS = r"""---
loss: L
inputs: [x]
functions: {'\sigma': logistic}
batch: {axis: m, over: [x], loss: mean}
sizes: {n: 3}
---
$$ c = \sqrt{5} $$
$$ v_i = \cos(1), \quad i = 1, \dots, n $$
$$ z_i = c v_i VALUE, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} z_i^2 $$
"""


@pytest.mark.parametrize(
    "value",
    [r"x_i w_i / \sqrt{n}", r"\log(2) w_i x_i^{\sqrt{3}}", r"(\sigma(2) + w_i \exp(-n) x_i)"],
)
def test_functions_of_numbers_leave_the_dtype_alone(value: str) -> None:
    model = model_from_text(NUMBERS.replace("VALUE", value), "numbers")
    complete, module = whole(model, 2), module_of(model)
    drawn = draw(complete)
    params, inputs = ({n: np.abs(a).astype("float32") for n, a in part.items()} for part in drawn)
    loss, gradients = module.loss_and_gradients(params, inputs)
    everything = (loss, *gradients.values(), *module.forward(params, inputs).values())
    assert {a.dtype for a in everything} == {np.dtype("float32")}


@pytest.mark.parametrize("target", TARGETS)
def test_no_line_is_wider_than_88_columns(target: str) -> None:
    for name in ("cnn-softmax", "worked-conv.parts") if target != "numba" else ("rnn",):
        lines = emit(load_model(name), target=target).splitlines()
        assert [line for line in lines if len(line) > WIDTH] == []


def test_zhangs_module_is_the_one_that_was_looked_at(golden: Callable[[str, str], None]) -> None:
    golden("zhang_module.py", emit(batched_zhang(), command="backproof code zhang"))


def test_words_of_a_sheet_stay_words() -> None:
    title = 'Q"""\nimport os\nraise SystemExit("""\\'
    model = replace(batched_zhang(**SMALL), title=title, name='x"""')
    module = ModuleType("emitted")
    exec(compile(emit(model, command='code """\\n'), "<emitted>", "exec"), module.__dict__)
    assert "raise SystemExit(" in (module.__doc__ or "")


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize(("width", "stride"), [(2, 2), (3, 2), (2, 3)])
def test_a_maximum_sends_its_gradient_to_the_winners(width: int, stride: int, tie: str) -> None:
    model = pooling(width, stride, 3, tie)
    module = module_of(model, wrt=("X",))
    image = np.random.default_rng(0).integers(0, 3, module.INPUTS["X"]).astype(float)
    upstream = np.arange(1.0, 10).reshape(3, 3)
    _, gradients = module.loss_and_gradients({}, {"X": image, "d_R": upstream})
    expected = backward(model, {"X": image, "∂R": upstream})["X"]
    np.testing.assert_allclose(gradients["X"], expected, rtol=1e-15)
