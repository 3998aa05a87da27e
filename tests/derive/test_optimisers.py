"""Update rules: emitted steps beside the equations evaluated one by one, and beside PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive.errors import Problem
from derive.evaluate import evaluate
from derive.expr import accesses
from derive.learning import Update
from derive.optimisers import (
    COUNTER,
    OPTIMISERS,
    Optimiser,
    optimiser,
    optimiser_latex,
    with_update,
)
from derive.reading.sheet import model_from_text
from tests.derive.device import Device
from tests.derive.emitted import module_of
from tests.derive.test_numba_target import loops_of

Arrays = dict[str, Any]
STEPS = 5

MODEL = model_from_text(
    "---\nloss: L\ninputs: [x]\nsizes: {n: 3, m: 2}\n---\n"
    "$$ z_i = \\sum_{j=1}^{n} W_{ij} x_j + b_i, \\quad i = 1, \\dots, m $$\n"
    "$$ L = \\frac12 \\sum_{i=1}^{m} z_i^2 $$\n",
    "small",
)
RULES = pytest.mark.parametrize("rule", OPTIMISERS.values(), ids=OPTIMISERS)


def gradients_of(params: Arrays, rng: np.random.Generator) -> Arrays:
    return {name: rng.standard_normal(np.shape(p)) for name, p in params.items()}


def emitted_path(rule: str, dtype: str = "float64", **hyper: float) -> list[Arrays]:
    """Parameters after each of some steps with random gradients."""
    module = module_of(with_update(MODEL, rule))
    rng = np.random.default_rng(7)
    params, state, path = module.init(rng, np.dtype(dtype)), None, []
    for _ in range(STEPS):
        grads = {n: g.astype(dtype) for n, g in gradients_of(params, rng).items()}
        params, state = module.update(params, grads, state, **hyper)
        path.append(params)
    return path


def reference_path(rule: Optimiser) -> list[Arrays]:
    """The same by the plain interpreter, one equation after the other."""
    rng = np.random.default_rng(7)
    params: Arrays = module_of(MODEL).init(rng)
    hyper = {name: float(value) for name, value in rule.hyper.items()}
    kept = {name: dict.fromkeys((*rule.state, COUNTER), 0.0) for name in params}
    path = []
    for _ in range(STEPS):
        for name, g in gradients_of(params, rng).items():
            entries = np.empty_like(params[name])
            for place in np.ndindex(entries.shape):
                old = kept[name].get(place, dict.fromkeys((*rule.state, COUNTER), 0.0))
                env = {**hyper, **old, "theta": params[name][place], "g": g[place]}
                for step in rule.steps:
                    ranges = {a.tensor: () for a in accesses(step.rhs)}
                    values = {n: np.asarray(v) for n, v in env.items()}
                    env[step.tensor] = float(evaluate(step.rhs, (), values, ranges))
                kept[name][place] = {s: env[s] for s in (*rule.state, COUNTER)}
                entries[place] = env["theta"]
            params = {**params, name: entries}
        path.append(params)
    return path


@RULES
def test_the_emitted_step_does_what_the_equations_say(rule: Optimiser) -> None:
    for mine, reference in zip(emitted_path(rule.name), reference_path(rule), strict=True):
        for name, expected in reference.items():
            np.testing.assert_allclose(mine[name], expected, rtol=1e-12)


@RULES
def test_the_loops_take_the_same_step(rule: Optimiser) -> None:
    """With the Numba target, whose ``update`` computes with NumPy."""
    model, rng = with_update(MODEL, rule.name), np.random.default_rng(0)
    here, there = module_of(model), loops_of(model)
    params = here.init(rng)
    grads = gradients_of(params, rng)
    (mine, state), (theirs, other) = (m.update(params, grads) for m in (here, there))
    np.testing.assert_equal((theirs, other), (mine, state))
    with pytest.raises(ValueError, match="compiled for NumPy"):
        there.update(params, grads, state, xp=Device())


@RULES
def test_single_precision_stays_single(rule: Optimiser) -> None:
    for params in emitted_path(rule.name, "float32"):
        assert {p.dtype for p in params.values()} == {np.dtype("float32")}


@RULES
def test_arguments_are_not_written_to_and_what_has_no_gradient_stays(rule: Optimiser) -> None:
    module = module_of(with_update(MODEL, rule.name))
    params = module.init(np.random.default_rng(0))
    grads = {"W": np.ones_like(params["W"])}
    first, state = module.update(params, grads)
    before = repr((params, grads, first, state))
    second, _ = module.update(first, grads, state)
    assert repr((params, grads, first, state)) == before
    assert first["b"] is params["b"]
    assert (second["W"] < first["W"]).all()
    assert (first["W"] < params["W"]).all()


@RULES
def test_every_symbol_of_a_rule_is_accounted_for(rule: Optimiser) -> None:
    known = {"theta", "g", COUNTER, *rule.state, *rule.hyper}
    for step in rule.steps:
        assert {a.tensor for a in accesses(step.rhs)} <= known
        known.add(step.tensor)
    assert rule.steps[-1].tensor == "theta"
    assert all(r"\leftarrow" in line for line in optimiser_latex(rule))


def test_momentum_with_no_memory_is_plain_descent() -> None:
    plain, heavy = emitted_path("sgd", rate=0.1), emitted_path("momentum", rate=0.1, momentum=0)
    for mine, other in zip(plain, heavy, strict=True):
        np.testing.assert_array_equal(mine["W"], other["W"])


def test_a_rule_is_printed_as_in_its_paper() -> None:
    assert optimiser_latex(optimiser("momentum")) == (
        r"v \leftarrow \mu \cdot v - \eta \cdot g",
        r"\theta \leftarrow \theta + v",
    )


def test_the_models_own_numbers_become_defaults() -> None:
    declared = with_update(MODEL, "adam")
    assert with_update(declared, "adam") is declared
    assert declared.update == Update("adam")
    with pytest.raises(Problem, match="no update rule 'adamw'"):
        with_update(MODEL, "adamw")


def torch_path(name: str, **hyper: Any) -> list[Arrays]:
    """The same steps by `torch.optim`."""
    torch = pytest.importorskip("torch", reason="torch is not installed: extra peers")
    rng = np.random.default_rng(7)
    start = module_of(MODEL).init(rng)
    params = {n: torch.nn.Parameter(torch.tensor(p)) for n, p in start.items()}
    stepper = getattr(torch.optim, name)(params.values(), **hyper)
    path = []
    for _ in range(STEPS):
        for n, g in gradients_of(start, rng).items():
            params[n].grad = torch.tensor(g)
        stepper.step()
        path.append({n: p.detach().numpy().copy() for n, p in params.items()})
    return path


@pytest.mark.parametrize(
    ("rule", "mine", "name", "theirs"),
    [
        ("sgd", {"rate": 0.1}, "SGD", {"lr": 0.1}),
        ("momentum", {"rate": 0.1, "momentum": 0.8}, "SGD", {"lr": 0.1, "momentum": 0.8}),
        ("adagrad", {"epsilon": 1e-10}, "Adagrad", {"lr": 0.01, "eps": 1e-10}),
        ("adadelta", {"rho": 0.9}, "Adadelta", {"lr": 1.0, "rho": 0.9, "eps": 1e-6}),
        ("rmsprop", {"rho": 0.99}, "RMSprop", {"lr": 1e-3, "alpha": 0.99, "eps": 1e-8}),
        ("adam", {}, "Adam", {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}),
    ],
)
def test_a_rule_is_that_of_pytorch(
    rule: str, mine: dict[str, float], name: str, theirs: dict[str, Any]
) -> None:
    for ours, other in zip(emitted_path(rule, **mine), torch_path(name, **theirs), strict=True):
        for tensor, expected in other.items():
            np.testing.assert_allclose(ours[tensor], expected, rtol=1e-10)
