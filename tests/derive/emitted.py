"""Emitted modules beside the interpreter: how the tests run both on the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from derive.adjoint import gradients
from derive.batching import BATCH, batched
from derive.emit import emit
from derive.equations import Model, adjoint_name
from derive.evaluate import evaluate, integer_ranges, run
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

    There are two ways for a rounding into a gradient: through the tensors, measured by moving each
    by ``eps`` (the most of `PROBES` trials), and inside the adjoint equations, bounded by their
    magnitude. At most `model_roundings` lie behind any number.
    """
    values = {**params, **inputs}
    env = run(model, values)
    exact = autograd_gradients(model, values)
    moved = dict.fromkeys(exact, 0.0)
    for seed in range(PROBES):
        rng = np.random.default_rng(seed)

        def noise(a: Any, rng: np.random.Generator = rng) -> Any:
            return eps * np.abs(a) * rng.choice([-1.0, 1.0], np.shape(a))

        shaken = autograd_gradients(model, values, noise=noise)
        for name, gradient in shaken.items():
            moved[name] = max(moved[name], largest(gradient - exact[name]))
    count = model_roundings(model)
    sizes = magnitudes(model, env)
    allowed = {n: count * (moved[n] + eps * sizes[n]) for n in model.parameters}
    return env, exact, allowed


def magnitudes(model: Model, env: Arrays) -> Mapping[str, float]:
    """For every adjoint the greatest value of its equation with all terms made positive."""
    fine = staged(model)
    known = dict(run(fine, env)) | env
    ranges = integer_ranges(fine)
    for derivation in gradients(fine).values():
        e = derivation.equation
        known[e.tensor] = evaluate(magnitude(e.rhs), e.axes, known, ranges)
    return {n: largest(known.get(adjoint_name(n), 0.0)) for n in model.tensors}


def largest(array: Any) -> float:
    """The greatest absolute value, 0 for none."""
    return float(np.max(np.abs(array), initial=0.0))
