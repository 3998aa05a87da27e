"""Numeric witnesses for gradients, independent of the engine that derived them.

Automatic differentiation of the interpreter's forward pass gives every adjoint densely; differences
(`verify.differences`) confirm directions. Tolerances are what roundings can do, measured at
points that differ by one rounding, and never grow with the size of an array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod, sqrt

import autograd
import numpy as np

from derive.arithmetic import AUTOGRAD, Array
from derive.equations import Model, adjoint_name
from derive.evaluate import integer_ranges
from derive.expr import Apply, Expr, Summation, accesses, children
from derive.run import Spot, run
from verify.differences import (
    EPS,
    PROBES,
    SAFETY,
    Difference,
    Values,
    analytic,
    complex_step,
    finite_difference,
    objective,
)
from verify.half_lines import on_half_line
from verify.verdict import Evidence

__all__ = [
    "Check",
    "Difference",
    "autograd_gradients",
    "check_gradient",
    "check_gradients",
    "complex_step",
    "finite_difference",
    "objective",
    "random_values",
]

DIRECTIONS = 3


def random_values(model: Model, rng: np.random.Generator) -> dict[str, Array]:
    """Gaussian inputs, parameters and (without a loss) upstream arrays for ``model`` at its sizes.

    A parameter that is summed over n terms has deviation 1/sqrt(n), so that no activation
    saturates (LeCun et al. 1998); what has to be positive, as under a logarithm, is.
    """
    spans = {n: [hi - lo + 1 for lo, hi in r] for n, r in integer_ranges(model).items()}
    terms: dict[str, int] = {}
    positive: set[str] = set()
    for e in model.equations:
        _count_terms(e.rhs, 1, terms)
        positive |= on_half_line(e.rhs)
    values = {n: rng.normal(size=spans[n]) for n in model.inputs}
    for n in model.parameters:
        values[n] = rng.normal(size=spans[n]) / sqrt(terms.get(n, 1))
    for n in positive & values.keys():
        values[n] = np.exp(values[n] / 2)
    if model.loss is None:
        for n in model.outputs:
            values[adjoint_name(n)] = rng.normal(size=spans[n])
    return values


def _count_terms(expr: Expr, here: int, terms: dict[str, int]) -> None:
    if isinstance(expr, Summation):
        here *= prod(max(a.extent.value or 1, 1) for a in expr.axes)
    for access in accesses(expr) if not children(expr) else ():
        terms[access.tensor] = max(terms.get(access.tensor, 1), here)
    for part in children(expr):
        _count_terms(part, here, terms)


def autograd_gradients(
    model: Model, values: Values, *, noise: Callable[[Array], Array] | None = None
) -> dict[str, Array]:
    """The adjoint of every tensor of ``model`` at its sizes, inputs and intermediates included.

    One reverse pass by autograd over the interpreter: to every tensor a zero is added, and the
    objective is differentiated in all these zeros at once. ``noise`` maps a tensor to what is added
    instead; with it the slope of every activation is moved as much, because a derivative written
    through its output, ``1 - C^2``, has an absolute error of that size where it saturates. Raises
    what `run` and `verify.differences.objective` raise.
    """
    env = run(model, values)
    names = [n for n in model.tensors if n in env]
    taps = {n: noise(env[n]) if noise else np.zeros(np.shape(env[n])) for n in names}

    def tapped(taps: Mapping[str, Array]) -> Array:
        given = {n: AUTOGRAD.asarray(values[n]) + taps[n] for n in names if n in values}

        def add(spot: Spot, value: Array) -> Array:
            value = value + taps[spot.equation.tensor][spot.part]
            if noise and isinstance(spot.equation.rhs, Apply):
                slope = noise(np.ones(np.shape(value)))
                value = value + slope * still(spot.equation.rhs, spot)
            return value

        return objective(model, run(model, given, number=AUTOGRAD, finish=add), values)

    def still(rhs: Apply, spot: Spot) -> Array:
        """An activation's arguments less their values: zero, with a slope of one in each."""
        arguments = (spot.values(a) for a in rhs.arguments)
        return sum(a - AUTOGRAD.plain(a) for a in arguments)

    with np.errstate(all="ignore"):
        gradients: dict[str, Array] = autograd.grad(tapped)(taps)
    return gradients


@dataclass(frozen=True)
class Check:
    """What the witnesses say of a claimed gradient; ``at`` is the worst element, if one differs.

    ``at`` holds index values as the model counts them, then the claimed and the witnessed value.
    """

    tensor: str
    evidence: tuple[Evidence, ...]
    at: tuple[tuple[int, ...], float, float] | None = None

    @property
    def agrees(self) -> bool:
        """True where at least one witness agrees and none differs."""
        outcomes = {e.outcome for e in self.evidence}
        return "agrees" in outcomes and "differs" not in outcomes


def check_gradient(
    model: Model,
    values: Values,
    tensor: str,
    claimed: Array,
    *,
    rng: np.random.Generator | None = None,
    directions: int = DIRECTIONS,
) -> Check:
    """Compare ``claimed`` = dL/d``tensor`` at ``values`` with autograd and with differences.

    Element by element with autograd; along Gaussian directions with the 5-point stencil, the first
    of several with the complex step where all functions are analytic. The precision of
    ``claimed``'s type decides how much roundings may do.
    """
    rng = rng or np.random.default_rng(0)
    claimed = np.asarray(claimed)
    if (unlike := _wrong_shape(model, tensor, claimed)) is not None:
        return unlike
    reference, tolerance = _witnesses(model, values, _precision(claimed))[tensor]
    dense, at = _compare_dense(model, tensor, claimed, reference, tolerance)
    steps = analytic(model) and directions > 1
    lines = [
        _compare_along(
            COMPLEX if steps and n == 0 else STENCIL, model, values, tensor, claimed, tolerance, rng
        )
        for n in range(directions)
    ]
    return Check(tensor, (dense, *lines), at)


def check_gradients(model: Model, values: Values, claimed: Mapping[str, Array]) -> dict[str, Check]:
    """Compare all ``claimed`` gradients with one pass of autograd, element by element."""
    arrays = {n: np.asarray(a) for n, a in claimed.items()}
    witnesses = _witnesses(model, values, max(map(_precision, arrays.values()), default=EPS))
    checks = {}
    for name, array in arrays.items():
        if (unlike := _wrong_shape(model, name, array)) is not None:
            checks[name] = unlike
        else:
            dense, at = _compare_dense(model, name, array, *witnesses[name])
            checks[name] = Check(name, (dense,), at)
    return checks


def _wrong_shape(model: Model, tensor: str, claimed: Array) -> Check | None:
    wanted = tuple(hi - lo + 1 for lo, hi in integer_ranges(model)[tensor])
    if claimed.shape == wanted:
        return None
    return Check(tensor, (Evidence("shapes", "differs", f"{claimed.shape} is not {wanted}"),))


def _precision(claimed: Array) -> float:
    return float(np.finfo(claimed.dtype).eps) if claimed.dtype.kind in "fc" else EPS


def _witnesses(model: Model, values: Values, eps: float) -> dict[str, tuple[Array, float]]:
    """Autograd's gradients, and what roundings of size ``eps`` in every tensor can do to them."""
    references = autograd_gradients(model, values)
    spread = dict.fromkeys(references, 0.0)
    for seed in range(PROBES):
        rng = np.random.default_rng(seed)

        def noise(a: Array, rng: np.random.Generator = rng) -> Array:
            return eps * np.abs(a) * rng.choice([-1.0, 1.0], np.shape(a))

        for name, moved in autograd_gradients(model, values, noise=noise).items():
            spread[name] = max(spread[name], _largest(moved - references[name]))
    return {n: (r, SAFETY * (spread[n] + eps * _largest(r))) for n, r in references.items()}


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0))


def _compare_dense(
    model: Model, tensor: str, claimed: Array, reference: Array, tolerance: float
) -> tuple[Evidence, tuple[tuple[int, ...], float, float] | None]:
    method = "autograd, element by element"
    if not np.isfinite(reference).all():
        return Evidence(method, "skipped", "autograd's gradient is not finite"), None
    off = np.where(np.isfinite(claimed), np.abs(claimed - reference), np.inf)
    worst = _largest(off)
    if worst <= tolerance:
        return Evidence(method, "agrees", f"{off.size} entries within {tolerance:.1e}"), None
    first = np.unravel_index(int(np.argmax(off)), off.shape)
    lows = [lo for lo, _ in integer_ranges(model)[tensor]]
    index = tuple(lo + int(n) for lo, n in zip(lows, first, strict=True))
    detail = f"at {index}: {claimed[first]:.6g} instead of {reference[first]:.6g}"
    return Evidence(method, "differs", detail), (
        index,
        float(claimed[first]),
        float(reference[first]),
    )


Witness = Callable[[Model, Values, str, Array], Difference | None]

COMPLEX: tuple[str, Witness] = ("complex step", complex_step)
STENCIL: tuple[str, Witness] = ("finite differences", finite_difference)


def _compare_along(
    named: tuple[str, Witness],
    model: Model,
    values: Values,
    tensor: str,
    claimed: Array,
    tolerance: float,
    rng: np.random.Generator,
) -> Evidence:
    direction = rng.normal(size=claimed.shape)
    direction = direction / max(float(np.linalg.norm(direction)), EPS)
    method, witness = named
    seen = witness(model, values, tensor, direction)
    if seen is None:
        return Evidence(method, "skipped", "every step meets a kink")
    ours = float(np.sum(claimed * direction))
    allowed = seen.error + tolerance * float(np.linalg.norm(direction))
    outcome = "agrees" if abs(ours - seen.value) <= allowed else "differs"
    return Evidence(method, outcome, f"{ours:.12g} against {seen.value:.12g} ± {allowed:.1e}")
