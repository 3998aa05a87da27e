"""Derivatives by differences: a 5-point stencil that knows its error, and the complex step.

Both only ever evaluate the forward equations, so they are independent of every rule of
differentiation. At kinks a difference is no derivative: stencils whose points do not lie on one
branch of every kinked function, with the same winner of every maximum, are not used.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from derive.arithmetic import FLOAT, Array, Numbers
from derive.equations import Model, adjoint_name
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Apply, Expr, walk
from derive.index import Axis
from derive.loops import Loop, members
from derive.rules import rule
from derive.run import Spot, run
from verify.branches import forks

Values = Mapping[str, Array]

EPS = float(np.finfo(np.float64).eps)

STEPS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""Tried in this order until the error grows; small ones serve where kinks are near."""

TRUSTED = 1e-3
"""Errors up to so much of the value say that smaller steps add only roundings."""

PROBES = 4
"""Evaluations at points moved by one rounding, to see how much roundings matter."""

SAFETY = 16.0
"""Roundings inside one equation, against the one per tensor that the probes make."""


@dataclass(frozen=True)
class Difference:
    """A directional derivative and a bound on its error; ``skipped`` steps met kinks or poles."""

    value: float
    error: float
    step: float
    skipped: int = 0


def objective(model: Model, env: Values, values: Values) -> Array:
    """The loss, or the outputs contracted with upstream arrays in ``values`` under ``∂output``.

    Raises ``ValueError`` for a loss that is not one number or an output without upstream array.
    """
    if model.loss is not None:
        if model.tensors[model.loss].rank:
            raise ValueError(f"the loss {model.loss} is not one number")
        return env[model.loss]
    total: Array = 0.0
    for out in model.outputs:
        if adjoint_name(out) not in values:
            raise ValueError(f"no upstream gradient for {out}: give {adjoint_name(out)}")
        total = total + (env[out] * values[adjoint_name(out)]).sum()
    return total


def along(
    model: Model, values: Values, tensor: str, direction: Array, *, number: Numbers = FLOAT
) -> Array:
    """The objective where ``tensor`` is moved by ``direction`` and all that depends on it follows.

    ``values`` may hold ``tensor`` itself although it has an equation: it is then cut there. Where
    it has one that goes on, as a recurrence does, every element is moved after it was computed.
    """
    return objective(model, _moved(model, values, tensor, direction, number), values)


def _moved(
    model: Model, values: Values, tensor: str, direction: Array, number: Numbers = FLOAT
) -> dict[str, Array]:
    """All tensors where ``tensor`` is moved."""
    if tensor in values:
        moved = {**values, tensor: np.asarray(values[tensor]) + direction}
        return run(model, moved, number=number)

    def add(spot: Spot, value: Array) -> Array:
        here = spot.equation.tensor == tensor
        return value + np.asarray(direction)[spot.part] if here else value

    return run(model, values, number=number, finish=add)


def given(model: Model, values: Values, tensor: str) -> dict[str, Array]:
    """``values`` and all that does not depend on ``tensor``, which can then be moved alone."""
    env = run(model, values)
    moves, looped = {tensor}, False
    for block in model.blocks:
        together = members(block)
        names = {e.tensor for e in together}
        own = isinstance(block, Loop) and tensor in names
        if own or (names != {tensor} and any(moves & set(e.reads) for e in together)):
            moves |= names
        looped = looped or own
    fixed = {n: a for n, a in env.items() if n not in moves or (n == tensor and not looped)}
    return {**values, **fixed}


def finite_difference(
    model: Model, values: Values, tensor: str, direction: Array, *, steps: tuple[float, ...] = STEPS
) -> Difference | None:
    """The derivative of the objective at ``values`` along ``direction`` of ``tensor``.

    Five points at h and at h/2, extrapolated (Richardson): the difference of the two is the error
    estimate, to which comes what roundings of the objective can do, measured by `rounding`. The
    step is made smaller until the error grows, and goes on where it is large beside the value;
    ``None`` where every step meets a kink or a pole.
    """
    values = given(model, values, tensor)
    noise = rounding(model, values)
    best, skipped = None, 0
    for h in steps:
        points = _stencil(model, values, tensor, direction, h)
        if points is None:
            skipped += 1
            continue
        coarse, fine = _five_points(points, 2, h), _five_points(points, 1, h / 2)
        # Weights of the extrapolation add up to (16 * 1.5 / (h/2) + 1.5 / h) / 15 < 4 / h.
        error = abs(coarse - fine) + 4 * (noise + EPS * max(map(abs, points.values()))) / h
        if not isfinite(error):
            skipped += 1
            continue
        if best is not None and best.error <= error:
            if best.error <= TRUSTED * abs(best.value):
                break
            continue  # no step yet was small enough to tell: a pole may lie between the points
        best = Difference((16 * fine - coarse) / 15, error, h)
    return None if best is None else Difference(best.value, best.error, best.step, skipped)


def complex_step(model: Model, values: Values, tensor: str, direction: Array) -> Difference | None:
    """The derivative by a step of 1e-30 along the imaginary axis (Squire and Trapp 1998).

    Exact but for roundings, whose size is measured by moving every value by one rounding. ``None``
    where a function on the way is not analytic.
    """
    if not analytic(model):
        return None
    values = given(model, values, tensor)
    value = _imaginary(model, values, tensor, direction)
    moved = (_imaginary(model, jitter(values, n), tensor, direction) for n in range(PROBES))
    spread = max(abs(m - value) for m in moved)
    return Difference(value, SAFETY * (spread + EPS * abs(value)), 1e-30)


def _imaginary(model: Model, values: Values, tensor: str, direction: Array) -> float:
    return float(np.imag(along(model, values, tensor, 1e-30j * np.asarray(direction))) / 1e-30)


def analytic(model: Model) -> bool:
    """True where no function of the model has kinks."""
    applied = (n.function for e in model.equations for n in walk(e.rhs) if isinstance(n, Apply))
    return all(rule(function).analytic for function in applied)


def jitter(values: Values, seed: int, eps: float = EPS) -> dict[str, Array]:
    """Every value moved by one rounding, up or down at random."""
    rng = np.random.default_rng(seed)
    return {
        n: a + eps * np.abs(a) * rng.choice([-1.0, 1.0], np.shape(a)) for n, a in values.items()
    }


def rounding(model: Model, values: Values) -> float:
    """How far roundings can move the objective: every tensor, computed ones too, moved by one."""
    env = run(model, values)
    base = float(objective(model, env, values))
    spread = 0.0
    for seed in range(PROBES):
        noisy = _noisy(model, values, seed)
        spread = max(spread, abs(float(objective(model, noisy, values)) - base))
    return SAFETY * (spread + EPS * abs(base))


def _noisy(model: Model, values: Values, seed: int) -> dict[str, Array]:
    """`run` with a rounding added to every tensor (after Vignes' stochastic arithmetic)."""
    moved = jitter({n: FLOAT.asarray(a) for n, a in values.items()}, seed)
    count = itertools.count(1)

    def add(spot: Spot, value: Array) -> Array:
        return jitter({"": value}, seed + PROBES * next(count))[""]

    return run(model, moved, finish=add)


def _stencil(
    model: Model, values: Values, tensor: str, direction: Array, h: float
) -> dict[int, float] | None:
    """Objective at n * h/2 for n = ±1, ±2, ±4, or ``None`` where they lie on different branches."""
    points: dict[int, float] = {}
    branch = None
    for n in (0, 1, -1, 2, -2, 4, -4):
        env = _moved(model, values, tensor, n * h / 2 * np.asarray(direction))
        here = branches(model, env)
        if branch is not None and any((a != b).any() for a, b in zip(branch, here, strict=True)):
            return None
        branch = here
        points[n] = float(objective(model, env, values))
    return points


def _five_points(points: Mapping[int, float], n: int, h: float) -> float:
    """Abramowitz and Stegun 25.3.6: points n and 2n units of h/n to both sides."""
    near, far = points[n] - points[-n], points[2 * n] - points[-2 * n]
    return (8 * near - far) / (12 * h)


def branches(model: Model, env: Values) -> list[Array]:
    """What every fork of the model decides at ``env``: signs, and places of winners."""
    ranges = integer_ranges(model)

    def values(expr: Expr, axes: tuple[Axis, ...]) -> Array:
        return evaluate(expr, axes, env, ranges)

    return [fork.taken(values)[0] for e in model.equations for fork in forks(e.rhs, e.axes)]
