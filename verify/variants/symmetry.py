r"""That a matrix is symmetric, of which nothing but its symmetric part is read.

``x^T A x`` is the same for A and for (A + A^T) / 2, so that many take A for symmetric without a
word and write 2 A x for its gradient. A matrix that is read in any other way is what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.canonical import equal
from derive.equations import Model
from derive.expr import Access, Expr, accesses, rewrite
from derive.index import Axis
from verify.restrictions import Restriction, Values
from verify.variants.values import restriction_text
from verify.variants.variant import Case, Standing, Variant

SQUARE = 2


def symmetries(case: Case) -> Iterator[Variant]:
    """One variant for each matrix that the formula reads and that may be taken for symmetric."""
    read = case.tried.statement
    if read is None:
        return
    model = case.setting.bench.fixed
    known = {r.tensor for r in (*case.setting.restrictions, *case.setting.bench.restrictions)}
    for name in _squares(model):
        if name in known or name not in case.read:
            continue
        forms = [(e.rhs, e.axes) for e in model.readers(name)]
        if name in {a.tensor for a in accesses(read.sides[0].body)}:
            forms.append((read.sides[0].body, read.axes))
        if forms and all(_is_even(body, axes, name) for body, axes in forms):
            restriction = Restriction(name, Values.SYMMETRIC)
            words = restriction_text(restriction, case.setting, case.tried.convention)
            yield _where(restriction, words)


def _where(restriction: Restriction, words: str) -> Variant:
    return Variant(
        words,
        Standing.OPEN,
        bench=lambda bench: bench.restricted(*bench.restrictions, restriction),
    )


def _squares(model: Model) -> Iterator[str]:
    """The square matrices that no equation computes."""
    for name, tensor in model.tensors.items():
        if name not in model.by_tensor and tensor.rank == SQUARE:
            first, second = tensor.ranges
            if first == second:
                yield name


def _is_even(body: Expr, axes: tuple[Axis, ...], name: str) -> bool:
    """Whether the expression is the same for the matrix and for its transpose."""
    return equal(body, rewrite(body, lambda node: _turned(node, name)), axes)


def _turned(node: Expr, name: str) -> Expr:
    if isinstance(node, Access) and node.tensor == name:
        return replace(node, indices=node.indices[::-1])
    return node
