"""Constant factors between the two sides of a wrong identity, and the losses that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations

import numpy as np

from derive.equations import Model, adjoint_of
from derive.expr import Access, Expr, Number, Summation, accesses, product, rewrite, walk
from derive.index import Index
from verify.bench import Bench, Sample
from verify.compare import Identity

LARGEST = 1000
"""Greatest denominator of a constant factor that is looked for."""


def ratio(link: Identity, sample: Sample) -> Fraction | None:
    """``left / right`` where it is one rational number for every element."""
    sample = sample.with_scalars(link.scalars)
    left, right = (sample.values(side, link.axes) for side in (link.left, link.right))
    large = np.abs(right) > 1e-9 * np.max(np.abs(right), initial=0.0)
    if not large.any() or not np.isfinite(left).all():
        return None
    ratios = left[large] / right[large]
    value = Fraction(float(np.median(ratios))).limit_denominator(LARGEST)
    close = np.abs(ratios - float(value)) <= 1e-6 * abs(float(value))
    return value if value and bool(np.all(close)) else None


def loss_scales(
    link: Identity, bench: Bench, name: str
) -> Iterator[tuple[str, Callable[[Expr], Expr]]]:
    """The losses, in words, that would make a wrong gradient right, each as a change of adjoints.

    They are the model's loss ``name`` times a factor: 2 or 1/2, a mean instead of a sum or back.
    """
    marked = [_scales(side, bench.model) for side in (link.left, link.right)]
    if marked[0] == marked[1]:
        return
    found = ratio(link, bench.sample)
    if found is None:
        return
    wanted = 1 / found if marked[0] else found
    for words, factor in _usual(bench.model, name):
        if factor == wanted != 1:
            yield words, partial(scaled, factor=Number(factor), loss=bench.model.loss)
            return


def _scales(expr: Expr, model: Model) -> bool:
    """Whether another factor of the loss changes the expression."""
    return any(adjoint_of(a.tensor) or a.tensor == model.loss for a in accesses(expr))


def scaled(expr: Expr, factor: Expr, loss: str | None) -> Expr:
    """The expression with the loss and every adjoint multiplied."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and (adjoint_of(node.tensor) or node.tensor == loss):
            return product(factor, node)
        return node

    return rewrite(expr, rule)


def _usual(model: Model, name: str) -> Iterator[tuple[str, Fraction]]:
    """Factors that losses are defined with, in words: the plainest first."""
    half = Fraction(1, 2)
    yield f"the loss is 2 {name}", 1 / half
    yield f"the loss is ½ {name}", half
    for symbol, letter, length in _means(model):
        mean, whole = f"{name} / {symbol}, the mean over {letter}", f"{symbol} {name}"
        whole += f", the sum over {letter}"
        yield f"the loss is {mean}", Fraction(1, length)
        yield f"the loss is {whole}", Fraction(length)
        yield f"the loss is ½ {mean}", half / length
        yield f"the loss is 2 {mean}", Fraction(2, length)
        yield f"the loss is 2 {whole}", Fraction(2 * length)
        yield f"the loss is ½ {whole}", half * length


def _means(model: Model) -> list[tuple[str, str, int]]:
    """What the loss adds up over: extent as a symbol, letter and value; then pairs of these."""
    if model.loss is None:
        return []
    axes = [a for n in walk(model.by_tensor[model.loss].rhs) if isinstance(n, Summation)
            for a in n.axes]  # fmt: skip
    values = {s: Index.of(n) for s, n in model.sizes.items()}
    single = [(str(a.extent), a.name, a.extent.substitute(values).value or 0) for a in axes]
    pairs = [
        (f"({one[0]} {two[0]})", f"{one[1]} and {two[1]}", one[2] * two[2])
        for one, two in combinations(single, 2)
    ]
    return [m for m in dict.fromkeys((*single, *pairs)) if m[2] > 1]
