"""Batches in chunks: what a part of the samples adds to the loss and to the gradients.

The loss of a batch is a sum over samples, divided by their number or not, and terms that no sample
enters. With the number of all samples as a size of its own, and those terms weighted with the part
of the samples that a chunk has, losses and gradients of chunks add up to those of the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
"""Bytes that the arrays of a chunk may take together.

One array after the other is worked on, so that a cache of 2 MiB, beside a larger one that cores
share, serves them. Measured on Zhang's network, one core, µs an image in chunks of 16, 32, 64 and
128 samples: 41, 35, 32, 40 in float32, 67, 60, 67, 87 in float64; the first pay for Python's calls,
the last for memory.

Chunks run one after the other. Threads that share them cost more than they bring: the arrays are
small, so that the interpreter's lock changes hands all the time (two threads on two cores of a busy
machine, at real-time priority: 1.5 to 2.8 times the time of one).
"""

SINGLE, DOUBLE = 4, 8
"""Bytes of a number in float32 and in float64."""

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


def chunk_sizes(statements: Iterable[Statement]) -> Mapping[int, int]:
    """Samples, a power of two, whose arrays fit `CACHE`: by the bytes of a number."""
    views: set[str] = set()
    count = 0
    for statement in statements:
        if is_view(statement.value, views):
            views.add(statement.target.name)
        elif not statement.over:
            count += elements(statement.target.shape, 1)
    return {width: _power_of_two(CACHE // (width * count)) for width in (SINGLE, DOUBLE)}


def _power_of_two(most: int) -> int:
    return min(max(SMALLEST, 1 << max(1, most).bit_length() - 1), LARGEST)
