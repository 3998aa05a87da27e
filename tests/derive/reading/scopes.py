"""A small model and its scope, for tests of elaboration and statements."""

from __future__ import annotations

from functools import cache

import numpy as np

from derive.equations import Model, adjoint_name
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Expr
from derive.index import Axis
from derive.reading.context import Context, reading_scope
from derive.reading.scope import Origins, Scope
from derive.reading.sheet import model_from_text
from derive.run import run
from verify.oracles import autograd_gradients, random_values

SMALL = r"""---
loss: L
inputs: [X, x, t]
sizes: {P: 2, N: 2, m: 3, n: 8}
functions: {'\sigma': logistic, F: vectorise columns, g: generic}
operators: {'*': convolution, '\times': matmul}
---
$$ z_p^1(i, j) = \sum_{u=-1}^{1} \sum_{v=-1}^{1} X(i - u, j - v)\, k_p^1(u, v) + b_p^1,
   \quad p = 1, \dots, P,\ i, j = 1, \dots, 2 N $$
$$ C_p^1(i, j) = \sigma(z_p^1(i, j)) $$
$$ S_p^1(i, j) = \frac14 \sum_{u=0}^{1} \sum_{v=0}^{1} C_p^1(2 i - u, 2 j - v),
   \quad i, j = 1, \dots, N $$
$$ Z_p(i, j) = \sum_{u=0}^{1} S_p^1(i + u, j)\, w(u), \quad p = 1, \dots, P, \ i = 0, \dots, N - 2,
   \ j = 1, \dots, N $$
$$ f = F(\{S_p^1\}_{p = 1, \dots, P}) $$
$$ z(i) = \sum_{j=1}^{n} W(i, j) f(j) + x(i), \quad i = 1, \dots, m $$
$$ \hat y(i) = \sigma(z(i)) $$
$$ L = \frac12 \sum_{i=1}^{m} (\hat y(i) - t(i))^2 + \sum_p \sum_i \sum_j Z_p(i, j) $$
"""

CONTEXT = Context(
    "test",
    prefixes=(r"\Delta",),
    meanings=(
        (r"\Delta \hat{y}", r"\partial L / \partial z"),
        (r"\Delta C_{p,\sigma}^1(i, j)", r"\partial L / \partial z_p^1(i, j)"),
    ),
    scalars=(r"\alpha",),
    outside=frozenset({"gradients"}),
)


@cache
def model() -> Model:
    """Two small convolution maps, pooling, a dense layer."""
    return model_from_text(SMALL, "small")


def scope(context: Context = CONTEXT, origins: Origins | None = None) -> Scope:
    """The numeric scope of the small model."""
    return reading_scope(model(), context, origins)


@cache
def environment() -> dict[str, np.ndarray]:
    """Random values of all tensors and their adjoints, and of the number α."""
    fixed = model().at_sizes()
    given = random_values(fixed, np.random.default_rng(7))
    adjoints = autograd_gradients(fixed, given)
    values = {**run(fixed, given), **{adjoint_name(n): a for n, a in adjoints.items()}}
    return {**values, "alpha": np.asarray(0.3), "eta": np.asarray(0.7), "x": given["x"]}


def value(expr: Expr, axes: tuple[Axis, ...]) -> np.ndarray:
    """The numbers that an expression stands for."""
    ranges = {**integer_ranges(model().at_sizes()), "alpha": (), "eta": ()}
    return np.asarray(evaluate(expr, axes, environment(), ranges))
