"""Matrix products, transposes, outer and elementwise products.

``sum_m W[i,m] f[m] = (W f)[i]``, ``a[i] b[j] = (a b^T)[i,j]``, ``a[i] b[i] = (a ⊙ b)[i]``.
"""

from __future__ import annotations

from itertools import permutations

from derive.expr import Access, Add, Delta, Expr, Guard, Value, Winner, accesses, walk
from derive.index import Axis
from derive.latex import latex
from derive.notation import with_whole_arrays
from derive.recognising.term import Term
from derive.steps import Compact


def matrix_product(term: Term) -> Compact | None:
    """``A B``, ``A x``, ``a b^T``, ``a^T b``, every factor transposed if need be.

    At most one axis is summed. A vector is a column unless its tensor is a row.
    """
    if term.guards or term.rest or len(term.reads) != 2 or len(term.axes) > 1:
        return None
    out = _shape(term, term.equation.lhs)
    if out is None or not term.are_labelled_by(term.reads, term.own_labels):
        return None
    summed = term.axes[0] if term.axes else None
    if summed is None and None in out:
        return None
    wanted = (out[0], summed), (summed, out[1])
    for order in permutations(term.reads):
        marks = [_mark(_shape(term, a), w) for a, w in zip(order, wanted, strict=True)]
        if None not in marks:
            text = " ".join(term.array(a, m or "") for a, m in zip(order, marks, strict=True))
            turns = ("transpose" for m in marks if m)
            return term.form(text, "outer") if summed is None else term.form(text, "matmul", *turns)
    return None


Shape = tuple[Axis | None, Axis | None]
"""The axes along which rows and columns are counted; ``None`` for a length of one."""


def _shape(term: Term, access: Access) -> Shape | None:
    """The array as a matrix; ``None`` where it is no matrix or not all of it is read."""
    axes = term.runs(access)
    if axes is None or len(axes) > 2:
        return None
    if len(axes) == 2:
        return axes[0], axes[1]
    only = axes[0] if axes else None
    return (None, only) if term.tensor(access).row else (only, None)


def _mark(shape: Shape | None, wanted: Shape) -> str | None:
    """Nothing where the array is as wanted, ``T`` where its transpose is, ``None`` for neither."""
    if shape == wanted:
        return ""
    return "T" if shape is not None and shape[::-1] == wanted else None


def hadamard(term: Term) -> Compact | None:
    """Every array is read element by element as the left side is written; numbers are no arrays."""
    reads = [a for f in term.factors for a in accesses(f)]
    if (
        not term.own_axes
        or term.axes
        or term.guards
        or not reads
        or not all(_is_aligned(term, a) for a in reads)
    ):
        return None
    if not all(_is_elementwise(f) for f in term.rest):
        return None
    texts = [_array_latex(term, f) for f in term.factors if f not in term.constants]
    return term.form(r" \odot ".join(texts), "hadamard" if len(texts) > 1 else "identity")


def _is_aligned(term: Term, read: Access) -> bool:
    """The same axes in the same places as on the left side, from end to end."""
    tensor, mine = term.tensor(read), term.tensor(term.equation.lhs)
    same = term.runs(read) == term.own_axes and (tensor.row == mine.row or not term.own_axes)
    return same and term.are_labelled_by([read], term.own_labels)


def _is_elementwise(factor: Expr) -> bool:
    """No index is used as a number, in a bracket or in a maximum."""
    return bool(accesses(factor)) and not any(
        isinstance(node, Delta | Guard | Winner) or (isinstance(node, Value) and node.index.axes)
        for node in walk(factor)
    )


def _array_latex(term: Term, factor: Expr) -> str:
    """A factor with whole arrays in place of elements."""
    if isinstance(factor, Access):
        return term.array(factor)
    text = latex(factor, with_whole_arrays(term.model), term.names)
    return f"({text})" if isinstance(factor, Add) else text
