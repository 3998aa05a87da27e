"""The emitted NumPy module with a bridge: a function of PyTorch or JAX around the derived backward.

``apply(params, inputs)`` takes dicts of their arrays and gives the outputs by name: the loss, or
what the upstream gradients of a model without one belong to. Differentiating through it runs
``loss_and_gradients``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.adjoint import gradients
from derive.batching import samples
from derive.emitting.layout import quoted
from derive.emitting.text import tuple_of
from derive.equations import Model
from derive.stand_in import concrete
from derive.upstream import upstream_name, with_upstream

Emit = Callable[[Model, str, Sequence[str] | None], str]

TORCH = '''\
def apply(params: Arrays, inputs: Arrays) -> Arrays:
    """The outputs by name, as tensors that backward can go through."""
    given = {**inputs, **params}
    outputs = _Function.apply(*(given[name] for name in NAMES))
    return dict(zip(OUTPUTS, outputs, strict=True))


class _Function(torch.autograd.Function):
    """The model with its derived backward pass; computes on the host, with NumPy."""

    @staticmethod
    def forward(ctx: Any, *arrays: Array) -> tuple[Array, ...]:
        ctx.save_for_backward(*arrays)
        tensors = forward(*_split(arrays))
        device = arrays[0].device
        return tuple(torch.as_tensor(tensors[n], device=device) for n in OUTPUTS)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *upstream: Array) -> tuple[Array | None, ...]:
        arrays = ctx.saved_tensors
        weights = [u.detach().cpu().numpy() for u in upstream]
        grads = _pulled_back(*_split(arrays), weights)
        device = arrays[0].device
        return tuple(
            torch.as_tensor(grads[n], device=device) if n in DIFFERENTIABLE else None
            for n in NAMES
        )


def _split(arrays: Any) -> tuple[Arrays, Arrays]:
    """Parameters and inputs by name, as NumPy arrays."""
    named = {n: a.detach().cpu().numpy() for n, a in zip(NAMES, arrays, strict=True)}
    params = {n: a for n, a in named.items() if n in PARAMETERS}
    return params, {n: a for n, a in named.items() if n not in PARAMETERS}
'''

JAX = '''\
@jax.custom_vjp
def apply(params: Arrays, inputs: Arrays) -> Arrays:
    """The outputs by name; jit and reverse mode go through it."""
    carrying = (n for n, s in INPUTS.items() if n in inputs and s[:1] == ("batch",))
    batch = {inputs[n].shape[0] for n in carrying}
    dtype = next(iter({**inputs, **params}.values())).dtype
    shapes = {
        name: jax.ShapeDtypeStruct(
            tuple(next(iter(batch)) if n == "batch" else n for n in shape), dtype
        )
        for name, shape in OUTPUTS.items()
    }
    return jax.pure_callback(_outputs, shapes, params, inputs)


def _outputs(params: Arrays, inputs: Arrays) -> Arrays:
    tensors = forward(*_split(params, inputs))
    return {name: np.asarray(tensors[name]) for name in OUTPUTS}


def _apply_forward(params: Arrays, inputs: Arrays) -> tuple[Arrays, Any]:
    return apply(params, inputs), (params, inputs)


def _apply_backward(arrays: Any, upstream: Arrays) -> tuple[Arrays, Arrays]:
    shapes = jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), arrays)
    return jax.pure_callback(_gradients_of, shapes, *arrays, upstream)


def _gradients_of(
    params: Arrays, inputs: Arrays, upstream: Arrays
) -> tuple[Arrays, Arrays]:
    params, inputs = _split(params, inputs)
    grads = _pulled_back(params, inputs, [np.asarray(upstream[n]) for n in OUTPUTS])
    zeros = {n: np.zeros_like(a) for n, a in {**params, **inputs}.items()}
    found = zeros | {n: np.asarray(grads[n]) for n in DIFFERENTIABLE}
    return {n: found[n] for n in params}, {n: found[n] for n in inputs}


def _split(params: Arrays, inputs: Arrays) -> tuple[Arrays, Arrays]:
    """Both as NumPy arrays."""
    return (
        {n: np.asarray(a) for n, a in params.items()},
        {n: np.asarray(a) for n, a in inputs.items()},
    )


apply.defvjp(_apply_forward, _apply_backward)
'''

WITH_LOSS = '''\
def _pulled_back(params: Arrays, inputs: Arrays, upstream: list[Array]) -> Arrays:
    """Gradients of the loss times its upstream gradient."""
    _, grads = loss_and_gradients(params, inputs)
    return {name: upstream[0] * gradient for name, gradient in grads.items()}
'''

WITHOUT_LOSS = '''\
def _pulled_back(params: Arrays, inputs: Arrays, upstream: list[Array]) -> Arrays:
    """The upstream gradients of the outputs, pulled back."""
    given = dict(zip(UPSTREAM, upstream, strict=True))
    return loss_and_gradients(params, {**inputs, **given})[1]
'''


def bridged(
    model: Model, command: str, wrt: Sequence[str] | None, emit: Emit, package: str, bridge: str
) -> str:
    """The module that ``emit`` makes, importing ``package``, and the text of a bridge.

    ``wrt`` are the parameters and inputs that gradients go to; all that have one if left out.
    """
    inner = concrete(model)
    derived = gradients(with_upstream(inner.at_sizes()))
    names = [*inner.parameters, *inner.inputs]
    wanted = [n for n in names if n in derived and (wrt is None or n in wrt)]
    source = emit(model, command, wanted)
    imports = sorted(("import numpy as np\n", f"import {package}\n"))
    source = source.replace("import numpy as np\n", "".join(imports), 1)
    upstream = [upstream_name(n) for n in inner.outputs]
    shapes = {n: _shape(inner, n) for n in inner.outputs}
    table = ", ".join(f"{quoted(n)}: {shape}" for n, shape in shapes.items())
    lines = [
        f"NAMES = {_names(names)}",
        f"DIFFERENTIABLE = {_names(wanted)}",
        f"OUTPUTS: Shapes = {{{table}}}",
        *([f"UPSTREAM = {_names(upstream)}"] if inner.loss is None else []),
    ]
    pulled = WITHOUT_LOSS if inner.loss is None else WITH_LOSS
    return "\n".join([source, "", *lines, "", "", bridge, "", pulled])


def _names(names: Sequence[str]) -> str:
    return tuple_of([quoted(n) for n in names])


def _shape(model: Model, tensor: str) -> str:
    sized = model.at_sizes()
    dims = [str(n) for n in sized.tensors[tensor].extents]
    if tensor in samples(model) and tensor != model.loss:
        dims = ['"batch"', *dims]
    return tuple_of(dims)
