"""Functions that an emitted module carries where it computes chunk by chunk, samples last.

What `derive.emitting.runtime` says of its functions holds for these too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from derive.emitting.runtime import _direct

Array = Any
Arrays = dict[str, Array]
Ints = tuple[int, ...]
Shapes = dict[str, tuple[int | str, ...]]

INPUTS: Shapes = {}
INSIDE: dict[str, Ints] = {}
CHUNK = {4: 1, 8: 1}


def _transposed(x: Array, order: Ints, xp: Any) -> Array:
    """Axis d of the result is axis order[d] of x: a view where arrays have strides."""
    return x.transpose(order) if hasattr(x, "strides") else xp.permute_dims(x, order)


def _contiguous(x: Array, xp: Any) -> Array:
    """x with its elements one after the other, copied where they are not."""
    if hasattr(x, "strides"):
        return xp.ascontiguousarray(x)
    return xp.reshape(xp.reshape(x, (-1,)), x.shape)


def _inside(inputs: Arrays, xp: Any, samples: slice = slice(None)) -> Arrays:
    """Some samples of the inputs, with the axes in the order of INSIDE."""
    found = {name: inputs[name] for name in INPUTS if name in inputs}
    for name, x in found.items():
        if name in INSIDE:
            part = x[samples, ...]
            found[name] = _contiguous(_transposed(part, INSIDE[name], xp), xp)
    return found


def _outside(tensors: Arrays, xp: Any) -> Arrays:
    """Tensors with the samples first again: views."""
    found = dict(tensors)
    for name in found.keys() & INSIDE.keys():
        axes = tuple(range(found[name].ndim))
        found[name] = xp.moveaxis(found[name], axes, INSIDE[name])
    return found


def _count(inputs: Arrays) -> int:
    """The number of samples."""
    count: int = next(x.shape[0] for name, x in inputs.items() if name in INSIDE)
    return count


def _summed(
    one: Callable[[Arrays], tuple[Array, Arrays]], inputs: Arrays, xp: Any
) -> tuple[Array, Arrays]:
    """The sum of one(chunk) over the chunks of a batch, with axes as inside.

    NumPy takes CHUNK samples at a time, which caches hold. A GPU is faster with all
    samples at once.
    """
    count = _count(inputs)
    size = count
    if xp is _direct(np):
        size = CHUNK[inputs[next(iter(INPUTS))].dtype.itemsize]
    samples = (slice(a, min(a + size, count)) for a in range(0, count, size))
    loss, grads = one(_inside(inputs, xp, next(samples)))
    for part in samples:
        more, others = one(_inside(inputs, xp, part))
        loss = loss + more
        grads = {name: g + others[name] for name, g in grads.items()}
    return loss, grads


def _keep_freed_memory() -> None:
    """Have the C library keep freed blocks for the next chunk.

    Blocks above a limit go back to the system, which clears their pages whenever they
    are allocated anew, and that takes longer than to fill them. In glibc the limit is
    the largest such block that was ever freed, up to 32 MiB (mallopt(3)).
    """
    np.empty(2**25 - 2**16, dtype=np.uint8)
