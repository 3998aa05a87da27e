"""The interpreter: the meaning of the core language, for any number type.

Nothing is rewritten, so everything fast can be checked against it (`derive.interpret` has the
nodes). What follows from indices alone, places and brackets, is worked out first; a model is run
again and again, and then only what is done with values is left (`_Plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import AUTOGRAD, EXACT, FLOAT, Array, Numbers
from derive.equations import Model, adjoint_name
from derive.errors import LimitExceeded
from derive.expr import Expr, Summation, Winner, accesses, children
from derive.index import Axis
from derive.interpret import step_of, terms
from derive.scope import OutOfRange, Ranges, Scope, Span, Step, extent, integer, span_of

__all__ = [
    "AUTOGRAD",
    "EXACT",
    "FLOAT",
    "Numbers",
    "OutOfRange",
    "Ranges",
    "evaluate",
    "integer_ranges",
]

_EVERYWHERE: Mapping[Axis, Span] = {}

MOST_PLANS = 2**10
"""Plans that are kept; then all are made anew."""
MOST_TERMS = 2**14
"""Terms at most of what a plan is kept for: of more the places would take much room."""


def evaluate(
    expr: Expr,
    axes: Sequence[Axis],
    env: Mapping[str, Array],
    ranges: Ranges,
    *,
    number: Numbers = FLOAT,
    at: Mapping[Axis, Span] = _EVERYWHERE,
) -> Array:
    """The values of ``expr`` for all values of its free ``axes``; shape: their extents, in order.

    ``env`` holds an array of the number type for every tensor that is read, ``ranges`` where it
    starts and ends; ``at`` the bounds of free axes that are to run over less than their range. All
    sizes must have been put in (`Model.at_sizes`). Raises `OutOfRange` for a read that no guard
    excludes, `LimitExceeded` where a sum has too many terms, ``ValueError`` for a size without
    value, and `derive.arithmetic.Irrational` where rationals do not suffice.
    """
    # By identity: to look for an equal expression would take longer than to plan.
    key = (id(expr), tuple(axes), tuple(at.items()))
    plan = _plans.get(key)
    if plan is None or plan.expr is not expr or not plan.suits(ranges, number):
        plan = _planned(expr, axes, ranges, number, at)
        if plan.terms <= MOST_TERMS:
            if len(_plans) >= MOST_PLANS:
                _plans.clear()
            _plans[key] = plan
    return plan.values(env, number)


@dataclass(frozen=True)
class _Plan:
    """How ``expr`` is evaluated where tensors have these ``bounds``.

    ``terms`` are those of all its parts together; its sums fill arrays of ``dense`` entries.
    """

    expr: Expr
    shape: tuple[int, ...]
    step: Step
    bounds: Ranges
    terms: int
    dense: int

    def suits(self, ranges: Ranges, number: Numbers) -> bool:
        """Whether it was made for these, and for a number type that takes no more at once."""
        fits = self.terms <= number.dense or self.dense == number.dense
        small = fits and self.terms <= number.limit
        return small and all(n in ranges and ranges[n] == b for n, b in self.bounds.items())

    def values(self, env: Mapping[str, Array], number: Numbers) -> Array:
        """What comes of these arrays."""
        if 0 in self.shape:
            return number.asarray(np.zeros(self.shape))
        with np.errstate(all="ignore"):
            array = self.step(env, number)
            if np.shape(array) == self.shape:
                return array
            return number.add(array, number.asarray(np.zeros(self.shape, dtype=np.int64)))


_plans: dict[tuple[object, ...], _Plan] = {}


def _planned(
    expr: Expr, axes: Sequence[Axis], ranges: Ranges, number: Numbers, at: Mapping[Axis, Span]
) -> _Plan:
    """The plan for an expression. Raises what `evaluate` raises of indices and sizes."""
    spans = {a: at[a] if a in at else span_of(a) for a in axes}
    shape = tuple(extent(span) for span in spans.values())
    count = _all_terms(expr, spans, number.limit)
    step = _nothing if 0 in shape else step_of(expr, Scope(ranges, spans, number.dense))
    bounds = {a.tensor: ranges[a.tensor] for a in accesses(expr) if a.tensor in ranges}
    return _Plan(expr, shape, step, bounds, count, number.dense)


def _nothing(_env: Mapping[str, Array], _number: Numbers) -> Array:
    raise AssertionError("there is nothing to evaluate")


def integer_ranges(model: Model) -> dict[str, tuple[Span, ...]]:
    """The ranges of every tensor of ``model`` (which is ``at_sizes``) and of its adjoint.

    Raises ``ValueError`` where a bound still contains a size.
    """
    out = {}
    for name, tensor in model.tensors.items():
        bounds = tuple((integer(lo), integer(hi)) for lo, hi in tensor.ranges)
        out[name] = out[adjoint_name(name)] = bounds
    return out


def _all_terms(expr: Expr, spans: Mapping[Axis, Span], limit: int) -> int:
    """The terms of all parts together. Raises `LimitExceeded` where one has more than ``limit``."""
    if (here := terms(expr, spans)) > limit:
        raise LimitExceeded(f"{here} terms would have to be evaluated", expected=f"at most {limit}")
    if isinstance(expr, Summation | Winner):
        spans = {**spans, **{a: span_of(a) for a in expr.axes}}
    return here + sum([_all_terms(part, spans, limit) for part in children(expr)])
