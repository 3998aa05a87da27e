"""Batches in chunks: what a part of the samples adds to the loss and to the gradients.

The loss of a batch is a sum over samples, divided by their number or not, and terms that no sample
enters. With the number of all samples as a size of its own, and those terms weighted with the part
of the samples that a chunk has, losses and gradients of chunks add up to those of the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.batching import BATCH, samples
from derive.equations import Equation, Model
from derive.expr import Add, Expr, Value, accesses, add, product, quotient, rewrite
from derive.index import Index, Size
from derive.planning.book import Statement
from derive.planning.cost import elements, is_view

WHOLE = Size("whole")
"""The number of samples of the whole batch, where `BATCH` is that of a chunk."""

CACHE = 16 * 2**20
"""Bytes that the arrays of a chunk may take together in float32.

One array after the other is worked on, so that a cache of 2 MiB, beside a larger one that cores
share, serves them. Measured on Zhang's network, one core, µs an image in chunks of 8, 16, 32, 64,
128 and 256 samples: 88, 70, 59, 53, 47, 47 in float32, 140, 114, 101, 95, 101, 269 in float64; the
first pay for Python's calls, the last for memory.

Chunks run one after the other. Threads that share them cost more than they bring: the arrays are
small, so that the interpreter's lock changes hands all the time (two threads on two cores of a busy
machine, at real-time priority: 1.5 to 2.8 times the time of one).
"""

SMALLEST, LARGEST = 8, 64
"""Samples in a chunk; more bring little speed for much memory."""


def chunked(model: Model) -> Model:
    """The batched model for one chunk of a batch."""
    carrying = samples(model) - {model.loss}
    equations = [
        _loss(e, carrying) if e.tensor == model.loss else replace(e, rhs=_whole(e.rhs))
        for e in model.equations
    ]
    return replace(model, equations=tuple(equations))


def _loss(equation: Equation, carrying: Iterable[str]) -> Equation:
    terms = equation.rhs.terms if isinstance(equation.rhs, Add) else (equation.rhs,)
    part = quotient(Value(Index.of(BATCH)), Value(Index.of(WHOLE)))

    def weighted(term: Expr) -> Expr:
        varies = any(a.tensor in set(carrying) for a in accesses(term))
        return _whole(term) if varies else product(term, part)

    return replace(equation, rhs=add(*map(weighted, terms)))


def _whole(expr: Expr) -> Expr:
    """The number of samples as a number, which is that of the whole batch."""

    def rule(node: Expr) -> Expr:
        return Value(Index.of(WHOLE)) if node == Value(Index.of(BATCH)) else node

    return rewrite(expr, rule)


def chunk_size(statements: Iterable[Statement]) -> int:
    """Samples, a power of two, whose arrays fit `CACHE`."""
    views: set[str] = set()
    count = 0
    for statement in statements:
        if is_view(statement.value, views):
            views.add(statement.target.name)
        elif not statement.over:
            count += elements(statement.target.shape, 1)
    fitting = max(1, CACHE // (4 * count)).bit_length() - 1
    return min(max(SMALLEST, 1 << fitting), LARGEST)
