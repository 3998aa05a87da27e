"""The backward pass as the interpreter runs it: adjoint equations in order, nothing vectorised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.adjoint import gradients
from derive.arithmetic import FLOAT, Numbers
from derive.equations import Model, adjoint_name
from derive.evaluate import evaluate, integer_ranges
from derive.run import run

Array = Any


def backward(
    model: Model, values: Mapping[str, Array], *, number: Numbers = FLOAT
) -> dict[str, Array]:
    """All adjoints of ``model`` (at its sizes), by evaluating the derived equations.

    ``values`` holds inputs and parameters and, without a loss, the adjoints of the outputs.
    """
    upstream = {adjoint_name(n) for n in model.outputs} if model.loss is None else set()
    env = run(model, {n: v for n, v in values.items() if n not in upstream}, number=number)
    ranges = integer_ranges(model)
    ranges = {**ranges, **{adjoint_name(n): r for n, r in ranges.items()}}
    env |= {n: number.asarray(values[n]) for n in upstream}
    for name, d in gradients(model).items():
        rhs, axes = d.equation.rhs, d.equation.axes
        env[adjoint_name(name)] = evaluate(rhs, axes, env, ranges, number=number)
    return {n: env[adjoint_name(n)] for n in model.tensors if adjoint_name(n) in env}
