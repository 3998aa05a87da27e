"""Emitted modules beside the interpreter: how the tests run both on the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from derive.adjoint import gradients as derive_gradients
from derive.batching import BATCH, batched
from derive.emit import emit
from derive.equations import Model
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Apply, walk
from derive.loops import blocks
from derive.rules import RULES
from derive.run import fill, run
from derive.staging import staged
from derive.upstream import with_upstream
from verify.differences import PROBES
from verify.oracles import autograd_gradients, random_values
from verify.tolerance import magnitude, model_roundings

Arrays = dict[str, Any]


def module_of(model: Model, wrt: Sequence[str] | None = None) -> ModuleType:
    """The emitted module, executed."""
    source = emit(model, command="a test", wrt=wrt)
    made = ModuleType("emitted")
    exec(compile(source, "<emitted>", "exec"), made.__dict__)
    return made


def has_code(model: Model) -> bool:
    """Whether every function is one of the catalogue: for others there is no code."""
    nodes = (n for e in model.equations for n in walk(e.rhs))
    return {n.function for n in nodes if isinstance(n, Apply)} <= RULES.keys()


def whole(model: Model, samples: int) -> Model:
    """The equations that the emitted module computes, over integers: what the interpreter runs."""
    complete = batched(with_upstream(model.at_sizes()))
    return replace(complete, sizes={BATCH: samples}).at_sizes()


def draw(model: Model, seed: int = 0) -> tuple[Arrays, Arrays]:
    """Random parameters and inputs of a `whole` model."""
    values = random_values(model, np.random.default_rng(seed))
    params = {n: np.asarray(values[n]) for n in model.parameters}
    return params, {n: np.asarray(values[n]) for n in model.inputs}


def reference(
    model: Model, params: Arrays, inputs: Arrays, eps: float
) -> tuple[Arrays, Arrays, Mapping[str, float]]:
    """Tensors, gradients by autograd, and how far another right computation may lie from each.

    Bounds go by tensor, with a d in front for gradients. There are two ways for a rounding into a
    number: through the tensors that it is computed from, measured by moving each by ``eps`` (the
    most of `PROBES` trials), and inside its own equation, bounded by the magnitude of that one.
    At most `model_roundings` lie behind any number.
    """
    values = {**params, **inputs}
    env = run(model, values)
    exact = autograd_gradients(model, values)
    moved = dict.fromkeys(bounded(env, exact), 0.0)
    for seed in range(PROBES):
        rng = np.random.default_rng(seed)

        def noise(a: Any, rng: np.random.Generator = rng) -> Any:
            return eps * np.abs(a) * rng.choice([-1.0, 1.0], np.shape(a))

        gradients = autograd_gradients(model, values, noise=noise)
        shaken = bounded(shaken_run(model, values, noise), gradients)
        for name, array in bounded(env, exact).items():
            moved[name] = max(moved[name], largest(shaken[name] - array))
    count = model_roundings(model)
    sizes = magnitudes(model, env)
    return env, exact, {n: count * (moved[n] + eps * sizes.get(n, 0.0)) for n in moved}


def interpreted(model: Model, values: Arrays) -> tuple[Arrays, Arrays]:
    """Tensors, and gradients by the derived equations, a number at a time."""
    fine = staged(model)
    known = dict(run(fine, values)) | values
    adjoints = {n: d.equation for n, d in derive_gradients(fine).items()}
    fill(blocks(list(adjoints.values())), known, integer_ranges(fine))
    return dict(run(model, values)), {n: known[e.tensor] for n, e in adjoints.items()}


def bounded(tensors: Arrays, gradients: Arrays) -> Arrays:
    """Tensors by name, gradients with a d in front."""
    return dict(tensors) | {f"d{n}": g for n, g in gradients.items()}


def shaken_run(model: Model, values: Arrays, noise: Callable[[Any], Any]) -> Arrays:
    """All tensors, each moved after it was computed."""
    moved = {n: a + noise(a) for n, a in values.items()}
    return run(model, moved, finish=lambda _, exact: exact + noise(exact))


def magnitudes(model: Model, env: Arrays) -> Mapping[str, float]:
    """For every computed tensor and adjoint its equation's value with all terms made positive."""
    fine = staged(model)
    known = dict(run(fine, env)) | env
    ranges = integer_ranges(fine)
    sizes: dict[str, float] = {}
    for e in model.equations:
        here = largest(evaluate(magnitude(e.rhs), e.axes, known, ranges))
        sizes[e.tensor] = max(here, sizes.get(e.tensor, 0.0))
    adjoints = {n: d.equation for n, d in derive_gradients(fine).items()}
    positive = [replace(e, rhs=magnitude(e.rhs)) for e in adjoints.values()]
    fill(blocks(positive), known, ranges)
    return sizes | {f"d{n}": largest(known[e.tensor]) for n, e in adjoints.items()}


def largest(array: Any) -> float:
    """The greatest absolute value, 0 for none."""
    return float(np.max(np.abs(array), initial=0.0))
