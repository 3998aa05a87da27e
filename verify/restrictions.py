"""What the values of an input may be restricted to: shares of 1, one-hot, 0 or 1, one number.

Many formulas hold for targets only: ``p - y`` is the derivative of the cross-entropy of a softmax
where the entries of y add up to 1. A `Restriction` draws such values; `possible` lists those that
could be meant for a model's inputs, the strongest first. One number is what a formula says itself,
``|_{w = 0}`` (`verify.at_places`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from derive.equations import Model, Tensor
from derive.errors import Problem
from derive.expr import Access, Expr, Number, Product, accesses, rewrite, walk
from derive.reading.lexicon import occurrence
from derive.reading.names import label
from derive.reading.parse import parse
from derive.reading.scope import Scope


class Values(StrEnum):
    """What the entries of a tensor are; `ONE_HOT` implies the other two."""

    ONE_HOT = "one-hot"
    SUM_TO_ONE = "sum-to-one"
    BINARY = "binary"
    SYMMETRIC = "symmetric"
    NUMBER = "number"


CONTINUOUS = frozenset({Values.SUM_TO_ONE, Values.SYMMETRIC, Values.NUMBER})
"""Those that leave infinitely many values, or no choice."""


@dataclass(frozen=True)
class Restriction:
    """``tensor`` holds only such values, along ``axis`` (by its position) where that matters.

    `Values.NUMBER` is ``number``, in the one entry at these positions or, where ``entry`` is empty,
    in all.
    """

    tensor: str
    values: Values
    axis: int = -1
    number: Fraction = Fraction(0)
    entry: tuple[int, ...] = ()

    def drawn(self, array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """An array of this shape that satisfies the restriction."""
        if self.values is Values.NUMBER:
            return self.filled(array, float(self.number))
        if self.values is Values.SYMMETRIC:
            return np.asarray((array + array.T) / 2)
        if self.values is Values.BINARY:
            return np.where(rng.random(array.shape) < 0.5, 0.0, 1.0)
        positive: np.ndarray = np.exp(array)
        shares: np.ndarray = positive / np.sum(positive, axis=self.axis, keepdims=True)
        if self.values is Values.SUM_TO_ONE:
            return shares
        first = np.max(shares, axis=self.axis, keepdims=True)
        return np.where(shares == first, 1.0, 0.0)

    def filled(self, array: Any, number: Any) -> np.ndarray:
        """The array with ``number`` where this restriction has its own."""
        placed = np.array(array)
        placed[self.entry or ...] = number
        return placed

    @property
    def weaker(self) -> tuple[Restriction, ...]:
        """Restrictions that follow from this one and ask for less."""
        if self.values is not Values.ONE_HOT:
            return ()
        return (
            Restriction(self.tensor, Values.SUM_TO_ONE, self.axis),
            Restriction(self.tensor, Values.BINARY),
        )


def decides(restrictions: Iterable[Restriction], model: Model, expr: Expr) -> bool:
    """Whether ``expr`` has one value, as all that it is computed from is one number everywhere."""
    numbers = {r.tensor: r.number for r in restrictions if r.values is Values.NUMBER}
    numbers = {n: q for n, q in numbers.items() if not _is_held_in_part(n, restrictions)}

    def read(part: Expr) -> list[str]:
        def rule(node: Expr) -> Expr:
            known = isinstance(node, Access) and node.tensor in numbers
            return Number(numbers[node.tensor]) if known else node  # type: ignore[attr-defined]

        return [a.tensor for a in accesses(rewrite(part, rule))]

    waiting = read(expr)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        if name not in model.by_tensor:
            return False
        new = [n for n in read(model.by_tensor[name].rhs) if n not in seen]
        seen.update(new)
        waiting += new
    return True


def _is_held_in_part(tensor: str, restrictions: Iterable[Restriction]) -> bool:
    return any(r.tensor == tensor and r.entry for r in restrictions)


def declared(model: Model, scope: Scope, pairs: Iterable[tuple[str, str]]) -> list[Restriction]:
    """What front matter declares of ``y``, or of ``y_k over k``; of ``y`` by its last index below.

    Raises `Problem` for a symbol that is no input of the model, or an index that it does not show.
    """
    found = []
    for kind, text in pairs:
        symbol, _, letter = (part.strip() for part in text.partition(" over "))
        name, slots = named_tensor(symbol, scope)
        if kind == Values.SYMMETRIC:
            found.append(_symmetric(name, symbol, model))
            continue
        if name not in model.inputs:
            raise Problem(f"declare: {symbol} is no input", expected=", ".join(model.inputs))
        if letter and letter not in slots:
            raise Problem(f"declare: {symbol} shows no index {letter}", expected="y_{nk} over k")
        if kind != Values.BINARY and not model.tensors[name].rank:
            raise Problem(f"declare: {symbol} is a number", expected="an array")
        axis = slots.index(letter) if letter else _last_below(model.tensors[name])
        found.append(Restriction(name, Values(kind), axis))
    return found


def _last_below(tensor: Tensor) -> int:
    """The last index that stands in no superscript, where samples and times are counted."""
    above = {s for s in tensor.notation.sup if isinstance(s, int)}
    below = [k for k in range(tensor.rank) if k not in above]
    return below[-1] if below else tensor.rank - 1


def _symmetric(name: str, symbol: str, model: Model) -> Restriction:
    """Raises `Problem` for what is no square matrix that is given."""
    lengths = {hi - lo for lo, hi in model.tensors[name].ranges}
    if model.tensors[name].rank != 2 or len(lengths) != 1 or name in model.by_tensor:
        raise Problem(f"declare: {symbol} is no square matrix that is only read")
    return Restriction(name, Values.SYMMETRIC)


def named_tensor(text: str, scope: Scope) -> tuple[str, tuple[str, ...]]:
    """The tensor that LaTeX or a name in code denotes, and the letters in its slots.

    Raises `Problem` for what is no symbol of the model.
    """
    if scope.model is not None and text in scope.model.tensors:
        return text, ()
    items = parse(text).items
    item = occurrence(items[0]) if len(items) == 1 else None
    match = scope.lexicon.match(item) if item is not None else None
    if match is None or not match.entry.tensor or match.powers or match.extra:
        raise Problem(f"{text} is no symbol of the model")
    return match.entry.tensor, tuple(label(s) or "" if s is not None else "" for s in match.slots)


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
