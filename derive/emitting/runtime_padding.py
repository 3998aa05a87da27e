"""Functions that an emitted module carries where zeros surround an array.

What `derive.emitting.runtime` says of its functions holds for these too.
"""

from __future__ import annotations

import math
from typing import Any

Array = Any
Ints = tuple[int, ...]


def _pad(x: Array, widths: tuple[tuple[int, int], ...], xp: Any) -> Array:
    """x with (before, after) zeros around every axis: negative ones, and none inside.

    A negative zero changes no sum and marks where nothing is.
    """
    shape = tuple(n + sum(w) for n, w in zip(x.shape, widths, strict=True))
    inside = (slice(w[0], w[0] + n) for n, w in zip(x.shape, widths, strict=True))
    padded = xp.full(shape, -0.0, dtype=x.dtype)
    padded[tuple(inside)] = x + 0.0
    return padded


def _outside_of(x: Array, xp: Any) -> Array:
    """Where _pad put its zeros."""
    return (x == 0) & xp.signbit(x)


def _product_inside(a: Array, b: Array, padded: Ints, xp: Any) -> Array:
    """a @ b, where zeros of _pad (in operand 0, 1) add nothing, even times NaN or infinity.

    As a product they would be NaN. So if the sum of all is no finite number, everything
    is added up again, term by term; on a GPU that one number comes to the host.
    """
    product = a @ b
    if math.isfinite(xp.sum(product)):
        return product
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b
    total: Array = 0.0
    for k in range(rows.shape[-1]):
        pair = (rows[..., k][..., None], columns[..., k, :][..., None, :])
        term = pair[0] * pair[1]
        for operand in padded:
            term = xp.where(_outside_of(pair[operand], xp), xp.zeros_like(term), term)
        total = total + term
    return xp.reshape(total, product.shape)
