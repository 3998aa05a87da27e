"""What the values of an input may be restricted to: shares of 1, one-hot, 0 or 1.

Many formulas hold for targets only: ``p - y`` is the derivative of the cross-entropy of a softmax
where the entries of y add up to 1. A `Restriction` draws such values; `possible` lists those that
could be meant for a model's inputs, the strongest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from derive.equations import Model
from derive.expr import Expr, Product, accesses, walk


class Values(StrEnum):
    """What the entries of a tensor are; `ONE_HOT` implies the other two."""

    ONE_HOT = "one-hot"
    SUM_TO_ONE = "sum-to-one"
    BINARY = "binary"


@dataclass(frozen=True)
class Restriction:
    """``tensor`` holds only such values, along ``axis`` (by its position) where that matters."""

    tensor: str
    values: Values
    axis: int = -1

    def drawn(self, array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """An array of this shape that satisfies the restriction."""
        if self.values is Values.BINARY:
            return np.where(rng.random(array.shape) < 0.5, 0.0, 1.0)
        positive = np.exp(array)
        if self.values is Values.SUM_TO_ONE:
            return positive / np.sum(positive, axis=self.axis, keepdims=True)
        return (positive == np.max(positive, axis=self.axis, keepdims=True)).astype(np.float64)

    @property
    def weaker(self) -> tuple[Restriction, ...]:
        """Restrictions that follow from this one and ask for less."""
        if self.values is not Values.ONE_HOT:
            return ()
        return (
            Restriction(self.tensor, Values.SUM_TO_ONE, self.axis),
            Restriction(self.tensor, Values.BINARY),
        )


def possible(model: Model) -> Iterator[Restriction]:
    """The strongest restriction of every target, for every axis of it; a number may be 0 or 1."""
    for name in targets(model):
        rank = model.tensors[name].rank
        for axis in reversed(range(rank)):
            yield Restriction(name, Values.ONE_HOT, axis)
        if not rank:
            yield Restriction(name, Values.BINARY)


def targets(model: Model) -> tuple[str, ...]:
    """The inputs that no equation multiplies with a parameter: what is compared, not computed on.

    They must be read under the loss; without one there are none.
    """
    if model.loss is None:
        return ()
    data = {t for e in model.equations for t in _multiplied(e.rhs, frozenset(model.parameters))}
    read = {t for e in model.equations for t in e.reads}
    return tuple(name for name in model.inputs if name in read - data)


def _multiplied(expr: Expr, parameters: frozenset[str]) -> set[str]:
    """Everything that stands in one product with a parameter."""
    found: set[str] = set()
    for node in walk(expr):
        if isinstance(node, Product):
            read = {a.tensor for a in accesses(node)}
            found |= read if read & parameters else set()
    return found
