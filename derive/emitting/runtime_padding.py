"""Functions that an emitted module carries where zeros surround an array.

What `derive.emitting.runtime` says of its functions holds for these too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from derive.emitting.runtime import _fused

Array = Any
Ints = tuple[int, ...]


def _pad(x: Array, widths: tuple[tuple[int, int], ...], xp: Any) -> Array:
    """x with (before, after) zeros around every axis: negative ones, and none inside.

    A negative zero changes no sum and marks where nothing is.
    """
    shape = tuple(n + sum(w) for n, w in zip(x.shape, widths, strict=True))
    inside = (slice(w[0], w[0] + n) for n, w in zip(x.shape, widths, strict=True))
    padded = -xp.zeros(shape, dtype=x.dtype)  # older CuPy's full makes it 0.0
    padded[tuple(inside)] = x + 0.0
    return padded


@_fused
def _kept(condition: Any, x: Array, xp: Any) -> Array:
    """x where the condition holds, elsewhere a zero of _pad."""
    return xp.where(condition, x, -0.0)


@_fused
def _outside_of(x: Array, xp: Any) -> Array:
    """Where _pad put its zeros."""
    return (x == 0) & xp.signbit(x)


def _product_inside(a: Array, b: Array, padded: Ints, xp: Any) -> Array:
    """a @ b, where zeros of _pad (in operand 0, 1) add nothing, even times NaN.

    In a product such terms would be NaN. So what is not finite enters it with its sign
    alone; then, where it met anything, infinity is added if all the terms agree on its
    sign, else NaN. NumPy looks first whether the zeros meet any: a GPU would be waited
    for.
    """
    beside = [(b, a)[place] for place in padded]
    if isinstance(a, np.ndarray) and math.isfinite(sum(map(np.sum, beside))):
        return a @ b
    factors = [a, b]
    terms = signs = 0.0
    for place in padded:
        inner, outer = (b, a) if place else (a, b)
        endless, sign = ~xp.isfinite(outer), _sign_of(outer, xp)
        factors[1 - place] = xp.where(endless, sign, outer)
        masks = endless, ~_outside_of(inner, xp)
        met = tuple(xp.asarray(mask, dtype=a.dtype) for mask in masks)
        signed = xp.where(endless, sign, 0), _sign_of(inner, xp)
        terms = terms + met[1 - place] @ met[place]
        signs = signs + signed[1 - place] @ signed[place]
    return _with_endless(factors[0] @ factors[1], terms, signs, math.inf, xp)


@_fused
def _with_endless(
    total: Array,
    terms: Array,
    signs: Array,
    infinity: float,
    xp: Any,
) -> Array:
    """A sum and so many infinite terms, of which the signs are added up."""
    with np.errstate(invalid="ignore"):
        added = xp.where(xp.abs(signs) == terms, signs, 0) * infinity
    return xp.where(terms > 0, total + added, total)


@_fused
def _sign_of(x: Array, xp: Any) -> Array:
    """-1, 0 or 1; 0 for NaN."""
    return xp.where(xp.isnan(x), 0, xp.sign(x))
