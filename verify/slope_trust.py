r"""Whether the engine's equation of a Jacobian is right, row by row, without all of its elements.

The rows are added with random weights: none can be wrong and its weight hide it. By the chain rule

    w dR/dT = sum over m of (w dR/dM)_m (dM/dT)_m,

so the weights go inwards, to the factors that depend on the row; of a Jacobian of the same R that
stands there the rows are added by one pass of automatic differentiation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from derive.equations import Equation, sized, slope_of
from derive.expr import (
    Access,
    Add,
    Delta,
    Expr,
    Guard,
    Product,
    Summation,
    add,
    product,
    summation,
)
from derive.index import Axis, Index
from verify.jacobians import slope_along, slope_ranges
from verify.samples import Sample
from verify.tolerance import UNIT, magnitude, roundings

WEIGHTS = "(weights)"
"""No tensor of a sheet is called so."""


def passes_slope(equation: Equation, sample: Sample) -> bool:
    """Whether the engine's Jacobian is that of automatic differentiation."""
    here = sized(equation, sample.sizes)
    above, _ = slope_of(equation.tensor) or ("", "")
    weights = np.random.default_rng(sample.seed).uniform(1.0, 2.0, np.shape(sample.env[above]))
    rank = weights.ndim
    rows = _Rows(sample, above, here.axes[:rank], weights)
    added = rows.added(here.rhs)
    known = sample.with_arrays({WEIGHTS: (weights, tuple(sample.ranges[above])), **rows.found})
    got = known.values(added, here.axes[rank:])
    want = slope_along(sample.model, sample.env, equation.tensor, weights)
    steps = sample.roundings + roundings(added)
    largest = np.max(known.values(magnitude(added), here.axes[rank:]), initial=0.0)
    return bool(np.all(np.abs(got - want) <= UNIT * steps * largest * np.sum(weights)))


@dataclass
class _Rows:
    """The rows of Jacobians of ``above``, added with ``weights`` along ``axes``.

    ``found`` are those that one pass has added, with the ranges of what is left.
    """

    sample: Sample
    above: str
    axes: tuple[Axis, ...]
    weights: np.ndarray
    found: dict[str, tuple[np.ndarray, tuple[tuple[int, int], ...]]] = field(default_factory=dict)

    def added(self, expr: Expr) -> Expr:
        """The sum of ``expr`` times the weights over all rows."""
        if isinstance(expr, Add):
            return add(*map(self.added, expr.terms))
        if isinstance(expr, Summation):
            return replace(expr, body=self.added(expr.body))
        factors = expr.factors if isinstance(expr, Product) else (expr,)
        rows = [f for f in factors if not f.free_axes.isdisjoint(self.axes)]
        others = [f for f in factors if f not in rows]
        if len(rows) == 1 and (whole := self._whole(rows[0])) is not None:
            return product(*others, whole)
        gates = [f for f in others if isinstance(f, Delta | Guard)]  # what they exclude stays so
        weight = Access(WEIGHTS, tuple(map(Index.of, self.axes)))
        return product(*others, summation(self.axes, product(*gates, weight, *rows)))

    def _whole(self, factor: Expr) -> Expr | None:
        """The rows of a Jacobian of the same tensor, added; ``None`` where it is none."""
        at = tuple(map(Index.of, self.axes))
        if not isinstance(factor, Access) or factor.indices[: len(at)] != at:
            return None
        rest = factor.indices[len(at) :]
        if (slope_of(factor.tensor) or ("",))[0] != self.above or _read(rest, self.axes):
            return None
        name, sample = f"(added) {factor.tensor}", self.sample
        if name not in self.found:
            along = slope_along(sample.model, sample.env, factor.tensor, self.weights)
            spans = slope_ranges(factor.tensor, sample.ranges)[len(at) :]
            self.found[name] = (along, spans)
        return Access(name, rest)


def _read(indices: tuple[Index, ...], axes: tuple[Axis, ...]) -> bool:
    return any(not i.axes.isdisjoint(axes) for i in indices)
