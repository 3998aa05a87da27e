"""A model without a loss gets one: the inner product of its outputs with upstream gradients.

For outputs ``R``: ``L = sum_i d_R[i] R[i]`` has ``dL/dR = d_R``, so a loss-free model needs nothing
of its own further on; ``d_R`` enters as an input.
"""

from __future__ import annotations

from dataclasses import replace

from derive.batching import samples
from derive.equations import Equation, Model, Notation, Tensor
from derive.expr import Access, add, product, summation
from derive.index import Axis, Index


def upstream_name(output: str) -> str:
    """The input that carries the upstream gradient of ``output``."""
    return f"d_{output}"


def with_upstream(model: Model) -> Model:
    """The model with ``L = sum d_R * R`` over its outputs; unchanged where it has a loss."""
    if model.loss is not None:
        return model
    loss = next(n for n in ("L", "loss", "inner_product") if n not in model.tensors)
    given = {
        upstream_name(n): replace(model.tensors[n], name=upstream_name(n)) for n in model.outputs
    }
    terms = []
    for output in model.outputs:
        axes = tuple(Axis(a.name, a.lo, a.hi) for a in model.by_tensor[output].axes)
        at = tuple(Index.of(a) for a in axes)
        weighted = product(Access(upstream_name(output), at), Access(output, at))
        terms.append(summation(axes, weighted))
    batch = model.batch
    if batch is not None:
        own = samples(model)
        over = (upstream_name(output) for output in model.outputs if output in own)
        batch = replace(batch, over=(*batch.over, *over))
    return replace(
        model,
        tensors={**model.tensors, **given, loss: Tensor(loss, (), Notation(loss))},
        equations=(*model.equations, Equation(loss, (), add(*terms))),
        inputs=(*model.inputs, *given),
        loss=loss,
        batch=batch,
    )
