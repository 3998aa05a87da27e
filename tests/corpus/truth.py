"""Whether a formula is right, by plain numbers: both sides at three generic, unequal shapes.

Nothing of the judge's way to a verdict is used: no normal forms, no residues, no ranges. The
reader gives both sides, the interpreter runs the model on random inputs, automatic differentiation
gives adjoints and Jacobians element by element, and arrays that are zero outside are padded.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from derive.equations import Model, adjoint_name, adjoint_of, slope_of
from derive.errors import Problem
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Apply, Expr, Winner, accesses, walk
from derive.index import Axis, Size
from derive.reading.context import reading_scope
from derive.reading.scope import Scope
from derive.rules import RULES
from derive.run import run
from tests.corpus.library import Topic, topic
from verify.claim import identities, read_statement
from verify.jacobians import slope_ranges, slope_values
from verify.oracles import autograd_gradients

SHAPES = 3
MARGIN = {0: 0, 1: 40, 2: 40, 3: 20, 4: 6}
"""How far a tensor that is zero outside is padded, by its rank; a read farther out is wrong."""
DRAWS = 16
"""Inputs at every shape where the model has branches, so that every branch is seen."""
CLOSE = 1e-8
FLOOR = 1e-6
"""Values below it count as that large: what cancels to 0 is only as exact as its terms."""


@dataclass(frozen=True)
class Run:
    """One run of a topic's model: every tensor, adjoint and, on demand, Jacobian.

    ``outside`` are the declarations of what is zero outside its ranges. ``scalars`` are numbers
    that no model has, a learning rate: they stay free in the next formula.
    """

    model: Model
    scope: Scope
    outside: frozenset[str]
    env: dict[str, np.ndarray]
    ranges: dict[str, tuple[tuple[int, int], ...]]
    padded: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)

    def values(self, expr: Expr, axes: tuple[Axis, ...]) -> np.ndarray:
        """``expr`` over ``axes``. Raises `OutOfRange` for a read outside."""
        for name in {a.tensor for a in accesses(expr)}:
            self._need(name)
        return np.asarray(evaluate(expr, axes, self.env, self.ranges))

    def _need(self, name: str) -> None:
        if name in self.env:
            self._pad(name)
            return
        if slope_of(name) is not None:
            self.env[name] = slope_values(self.model, self.env, name)
            self.ranges[name] = slope_ranges(name, self.ranges)
        else:  # a learning rate: any number
            self.env[name] = np.asarray(0.37)
            self.ranges[name] = ()
            self.scalars.add(name)

    def _pad(self, name: str) -> None:
        gradient = "gradients" in self.outside and adjoint_of(name) is not None
        if name in self.padded or not (gradient or "all" in self.outside):
            return
        margin = MARGIN[self.env[name].ndim]
        self.env[name] = np.pad(self.env[name], margin)
        self.ranges[name] = tuple((lo - margin, hi + margin) for lo, hi in self.ranges[name])
        self.padded.add(name)


@cache
def runs(name: str) -> tuple[Run, ...]:
    """Runs of the topic at `SHAPES` shapes, all sizes of each as unequal as the model allows."""
    subject = topic(name)
    found: list[Run] = []
    draws = DRAWS if _branches(subject.model) else 1
    for sizes in _shapes(subject):
        try:
            model = subject.model.resized(**sizes)
            found += [_run(subject, model, len(found) + k) for k in range(draws)]
        except (Problem, ValueError):
            continue  # a class beyond the last, a window beyond the border: another shape
        if len(found) == SHAPES * draws:
            return tuple(found)
    raise AssertionError(f"{name} runs at {len(found) // draws} shapes only")


def _branches(model: Model) -> bool:
    return any(_branch(node) for e in model.equations for node in walk(e.rhs))


def _branch(node: Expr) -> bool:
    if isinstance(node, Apply) and node.function in RULES:
        return RULES[node.function].switch is not None
    return isinstance(node, Winner)


def _shapes(subject: Topic) -> Iterator[dict[str, int]]:
    model = subject.model
    yield {s.name: n for s, n in model.sizes.items()}
    if subject.shapes:
        yield from subject.shapes
        return
    shuffle = random.Random(1)
    names: list[Size] = list(model.sizes)
    for _ in range(500):
        values = shuffle.sample(range(2, max(len(names), 3) + 4), len(names))
        yield {s.name: max(v, s.least) for s, v in zip(names, values, strict=True)}


def _run(subject: Topic, model: Model, seed: int) -> Run:
    fixed = model.at_sizes()
    values = _values(subject, fixed, np.random.default_rng(seed))
    adjoints = autograd_gradients(fixed, values)
    env = {**run(fixed, values), **{adjoint_name(n): np.asarray(a) for n, a in adjoints.items()}}
    assert all(np.all(np.isfinite(v)) for v in env.values()), f"{subject.name}: which are positive?"
    scope = reading_scope(model, subject.context)
    return Run(fixed, scope, subject.context.outside, env, dict(integer_ranges(fixed)))


def _values(subject: Topic, model: Model, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Gaussian inputs, parameters and, without a loss, upstream arrays.

    Matrices are scaled so that nothing saturates; `Topic.positive` and `Topic.one_hot` are so.
    """
    names = (*model.inputs, *model.parameters)
    upstream = () if model.loss is not None else model.outputs
    ranges = integer_ranges(model)
    extents = {n: [hi - lo + 1 for lo, hi in ranges[n]] for n in (*names, *upstream)}
    values = {n: rng.normal(size=extents[n]) for n in names}
    values |= {n: v / np.sqrt(v.shape[-1]) for n, v in values.items() if v.ndim > 1}
    values |= {n: np.exp(values[n] / 2) for n in subject.positive}
    values |= {n: _one_hot(values[n]) for n in subject.one_hot}
    return values | {adjoint_name(n): rng.normal(size=extents[n]) for n in upstream}


def _one_hot(values: np.ndarray) -> np.ndarray:
    """1 where a row is greatest, else 0."""
    greatest = values.max(axis=-1, keepdims=True)
    return np.where(values == greatest, 1.0, 0.0)


def holds(name: str, latex: str) -> bool:
    """Whether the formula is true at every shape; false too where it means nothing there."""
    return all(_holds(here, latex) for here in runs(name))


def _holds(here: Run, latex: str) -> bool:
    try:
        read = read_statement(latex, here.scope)
        links = identities(read, _Known(here.env.keys() - here.scalars))
        return all(
            _equal(here.values(link.left, link.axes), here.values(link.right, link.axes))
            for link in links
        )
    except Problem:
        return False


def _equal(left: np.ndarray, right: np.ndarray) -> bool:
    left, right = np.broadcast_arrays(left, right)
    scale = max(FLOOR, float(np.max(np.abs(left), initial=0.0)))
    return bool(np.all(np.abs(left - right) <= CLOSE * scale))  # false for nan


class _Known:
    """The names that are no free numbers: those of the run and all Jacobians."""

    def __init__(self, names: Set[str]) -> None:
        self.names = names

    def __contains__(self, name: object) -> bool:
        return name in self.names or slope_of(str(name)) is not None
