"""Values of Jacobians by automatic differentiation.

``d R / d T`` is the total derivative: T is set free, everything computed from it moves, everything
that it was computed from stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

import autograd
import numpy as np

from derive.arithmetic import AUTOGRAD, Array
from derive.equations import Equation, Model, slope_of
from derive.errors import LimitExceeded
from derive.evaluate import Ranges, integer_ranges
from derive.expr import Expr, accesses
from derive.loops import Loop, members
from derive.run import Spot, fill
from verify.read_parts import Part, slices

MOST_ROWS = 4096
"""Elements of the tensor above the bar; each costs one pass backwards."""


def slopes_in(*exprs: Expr) -> tuple[str, ...]:
    """The Jacobians that the expressions read, by name."""
    names = (a.tensor for expr in exprs for a in accesses(expr))
    return tuple(dict.fromkeys(n for n in names if slope_of(n) is not None))


def slope_ranges(name: str, ranges: Ranges) -> tuple[tuple[int, int], ...]:
    """The ranges of a Jacobian: those of the rows' tensor, then those of the columns'."""
    above, below = slope_of(name) or ("", "")
    return (*ranges[above], *ranges[below])


def slope_values(
    model: Model, env: Mapping[str, Array], name: str, part: Part | None = None
) -> Array:
    """The Jacobian ``name`` of ``model`` (at integer sizes) at the values in ``env``.

    Its ``part`` alone where one is asked for. Raises `LimitExceeded` where the tensor above the bar
    has more than `MOST_ROWS` elements.
    """
    above, below = slope_of(name) or ("", "")
    rows, columns = np.shape(env[above]), np.shape(env[below])
    if prod(rows) > MOST_ROWS:
        raise LimitExceeded(f"a Jacobian of {prod(rows)} rows", expected=f"at most {MOST_ROWS}")
    whole = slope_ranges(name, integer_ranges(model))
    asked = slices(whole if part is None else part, whole)
    above_, below_ = _units(rows, asked[: len(rows)]), _units(columns, asked[len(rows) :])
    top = _above(model, env, name)
    with np.errstate(all="ignore"):
        if len(below_) < len(above_):
            along = autograd.make_jvp(top)(np.zeros(columns))
            passes = np.stack([along(unit)[1] for unit in below_], axis=-1)
            found = passes[asked[: len(rows)]]
        else:
            back, _ = autograd.make_vjp(top)(np.zeros(columns))
            passes = np.stack([back(unit) for unit in above_])
            found = passes[(slice(None), *asked[len(rows) :])]
    return np.reshape(found, tuple(s.stop - s.start for s in asked))


def _units(shape: tuple[int, ...], part: tuple[slice, ...]) -> Array:
    """For every element of a part an array of the whole that is 1 there, else 0."""
    places = np.arange(prod(shape)).reshape(shape)[part].reshape(-1)
    units = np.zeros((len(places), prod(shape)))
    units[np.arange(len(places)), places] = 1.0
    return units.reshape((-1, *shape))


def slope_along(model: Model, env: Mapping[str, Array], name: str, weights: Array) -> Array:
    """The rows of the Jacobian ``name`` times ``weights``, added: one pass backwards for all."""
    _, below = slope_of(name) or ("", "")
    with np.errstate(all="ignore"):
        backwards, _ = autograd.make_vjp(_above(model, env, name))(np.zeros(np.shape(env[below])))
        return backwards(weights)


def _above(model: Model, env: Mapping[str, Array], name: str) -> Callable[[Array], Array]:
    """What stands above the bar of ``name``, of how far the tensor below it is moved."""
    above, below = slope_of(name) or ("", "")
    moving = _between(model, below, above)
    ranges = integer_ranges(model)
    fixed = {n: a for n, a in env.items() if n not in {e.tensor for e in moving.equations}}

    def top(free: Array) -> Array:
        here = {**fixed}
        if below not in moving.by_tensor:
            here[below] = env[below] + free

        def add(spot: Spot, value: Array) -> Array:
            return value + free[spot.part] if spot.equation.tensor == below else value

        fill(moving.blocks, here, ranges, number=AUTOGRAD, finish=add)
        return here[above]

    return top


def _between(model: Model, below: str, above: str) -> Model:
    """The model with the equations between the two tensors alone.

    Those of ``below`` are among them only where it is computed from itself.
    """
    moved, found = {below}, set[str]()
    for block in model.blocks:
        together = members(block)
        names = {e.tensor for e in together}
        own = isinstance(block, Loop) and below in names
        if own or (names != {below} and any(moved & set(e.reads) for e in together)):
            moved |= names
            found |= names
        if above in names:
            break
    return model.without(model.by_tensor.keys() - found)


def needed_slopes(names: tuple[str, ...], equations: Mapping[str, Equation]) -> list[str]:
    """``names`` and the Jacobians that their equations read in turn, those before them first."""
    needed = set(names)
    for name in reversed(list(equations)):
        if name in needed:
            needed.update(slopes_in(equations[name].rhs))
    return [n for n in equations if n in needed]
