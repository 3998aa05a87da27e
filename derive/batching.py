"""The batch axis: one sample's equations become those of a whole batch.

Every tensor that depends on a batched input gets the batch axis in front; its extent stays the
symbol ``batch``. The loss is summed over the batch, ``L = sum_n L_n``, or averaged, ``L = 1/N sum_n
L_n``; terms that no sample enters (weight decay) are counted once in both.
"""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Model, Notation, Tensor
from derive.errors import IllFormed
from derive.expr import ONE as UNIT
from derive.expr import (
    Access,
    Add,
    Expr,
    Product,
    Value,
    accesses,
    add,
    product,
    quotient,
    rewrite,
    summation,
)
from derive.index import ONE, Axis, Index, Size
from derive.learning import Batch
from derive.loops import members

BATCH = Size("batch")
"""The number of samples, known when the emitted code runs."""


def batched(model: Model, count: Size = BATCH) -> Model:
    """The model over a batch of ``count`` samples, as its ``batch`` declares; unchanged without.

    Raises `IllFormed` where ``batch.over`` names no input, or ``batch.loss`` is not ``sum`` or
    ``mean``.
    """
    batch = model.batch
    if batch is None:
        return model
    _check(model, batch)
    carrying = frozenset(samples(model) - {model.loss})
    equations = []
    for equation in model.equations:
        n = Axis(batch.axis, ONE, Index.of(count))
        if equation.tensor in carrying:
            rhs = _with_sample(equation.rhs, n, carrying)
            place = equation.place and (Index.of(n), *equation.place)
            equations.append(replace(equation, axes=(n, *equation.axes), rhs=rhs, place=place))
        elif equation.tensor == model.loss and carrying & set(equation.reads):
            equations.append(replace(equation, rhs=_over_samples(equation.rhs, n, carrying, batch)))
        else:
            equations.append(equation)
    tensors = {n: _stacked(t, count) if n in carrying else t for n, t in model.tensors.items()}
    return replace(model, tensors=tensors, equations=tuple(equations))


def samples(model: Model) -> frozenset[str]:
    """The tensors that differ from sample to sample: the batched inputs and all that reads them."""
    found = set(model.batch.over) if model.batch else set()
    for block in model.blocks:
        together = members(block)
        if any(found & set(e.reads) for e in together):
            found |= {e.tensor for e in together}
    return frozenset(found)


def _check(model: Model, batch: Batch) -> None:
    if stray := [name for name in batch.over if name not in model.inputs]:
        raise IllFormed(
            f"batch: {stray[0]} is not an input of {model.name}",
            expected=f"some of {', '.join(model.inputs)}",
        )
    if batch.loss not in ("sum", "mean"):
        raise IllFormed(f"batch: loss is {batch.loss!r}", expected="sum or mean")


def _stacked(tensor: Tensor, count: Size) -> Tensor:
    """The tensor with the batch axis first; the notation's index positions move up by one."""

    def moved(slots: tuple[int | str, ...]) -> tuple[int | str, ...]:
        return tuple(s + 1 if isinstance(s, int) else s for s in slots)

    old = tensor.notation
    args = (0, *(position + 1 for position in old.args))
    notation = Notation(old.head, moved(old.sub), moved(old.sup), args, old.bracket)
    return Tensor(tensor.name, ((ONE, Index.of(count)), *tensor.ranges), notation)


def _with_sample(expr: Expr, n: Axis, carrying: frozenset[str]) -> Expr:
    """Sample ``n`` of the expression: every tensor that carries the batch axis is read at ``n``."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor in carrying:
            return Access(node.tensor, (Index.of(n), *node.indices))
        return node

    return rewrite(expr, rule)


def _over_samples(loss: Expr, n: Axis, carrying: frozenset[str], batch: Batch) -> Expr:
    """``sum_n loss_n`` or its mean; terms without a sample are left as they are."""
    terms = loss.terms if isinstance(loss, Add) else (loss,)
    varying = [t for t in terms if any(a.tensor in carrying for a in accesses(t))]
    constant = [t for t in terms if t not in varying]
    one = _with_sample(add(*varying), n, carrying)
    scale, body = _split_scale(one)
    total = product(scale, summation((n,), body))
    if batch.loss == "mean":
        total = quotient(total, Value(n.hi))
    return add(total, *constant)


def _split_scale(expr: Expr) -> tuple[Expr, Expr]:
    """``(q, body)`` with ``expr = q * body`` and q a number: ``1/2`` stays in front."""
    if isinstance(expr, Product):
        head, *rest = expr.factors
        if not accesses(head) and not head.free_axes:
            return head, product(*rest)
    return UNIT, expr
