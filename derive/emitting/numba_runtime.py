"""Functions that an emitted Numba module carries with it, word for word, as far as it uses them.

The module's text is read, never imported here: Backproof itself does without Numba. ``reassoc`` and
``contract`` let sums be taken in any order and products be added in one step; NaN, infinities and
signed zeros keep their meaning, and functions that count on the order are ``_exact``.
"""

from __future__ import annotations

import functools
import math
import os
import threading
from typing import Any

import numba
import numpy as np
from numba.extending import overload

Array = Any

LANES = 8  # samples that the loops take at a time
_ONE, _BLOCK = (0,), (0,) * LANES  # the length of a tuple is known to the compiler
_MOST_PARTS = 16  # of a batch, for threads to take; their sums are added in order
_CACHE = os.path.isfile((lambda: None).__code__.co_filename)  # compiled only once
_compiled = functools.partial(numba.njit, cache=_CACHE, nogil=True, error_model="numpy")
_jit = _compiled(fastmath={"contract", "reassoc"})
_exact = _compiled(fastmath={"contract"})
_TURN = threading.Lock()  # without OpenMP or TBB, two calls at once end the process


def _exp(x):
    """exp(x) for either dtype; compiled by what follows."""
    raise NotImplementedError


@overload(_exp)
def _exp_by_dtype(x):
    if x == numba.float32:
        return lambda x: _exp_single(x)
    return lambda x: _exp_double(x)


@_exact
def _exp_double(x):
    """exp(x) = 2**k exp(r), |r| <= log(2) / 2, by Taylor's series: loops vectorise."""
    y = -746.0 if x < -746.0 else (710.0 if x > 710.0 else x)
    k = math.floor(y * 1.4426950408889634 + 0.5)
    r = y - k * 0.693147180369123816490 - k * 1.90821492927058770002e-10
    p = r * (1 / 6227020800) + 1 / 479001600
    p = p * r + 1 / 39916800
    p = p * r + 1 / 3628800
    p = p * r + 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    n = np.int64(k if k == k else 0.0)
    half = n >> 1
    low = np.int64((half + 1023) << 52).view(np.float64)
    high = np.int64((n - half + 1023) << 52).view(np.float64)
    return p * low * high


@_exact
def _exp_single(x):
    """As _exp_double, in float32."""
    f = np.float32
    y = f(-104) if x < f(-104) else (f(89) if x > f(89) else x)
    k = math.floor(y * f(1.4426950408889634) + f(0.5))
    r = y - k * f(0.693359375) + k * f(2.12194440e-4)
    p = r * f(1 / 5040) + f(1 / 720)
    p = p * r + f(1 / 120)
    p = p * r + f(1 / 24)
    p = p * r + f(1 / 6)
    p = p * r + f(0.5)
    p = p * r + f(1)
    p = p * r + f(1)
    n = np.int32(k if k == k else f(0))
    half = np.int32(n >> np.int32(1))
    low = np.int32((half + np.int32(127)) << np.int32(23)).view(np.float32)
    high = np.int32((n - half + np.int32(127)) << np.int32(23)).view(np.float32)
    return p * low * high


@_exact
def _logistic(x):
    """1 / (1 + exp(-x))."""
    one = type(x)(1)
    return one / (one + _exp(-x))


@_exact
def _softplus(x):
    """log(1 + exp(x)), without overflow."""
    return _maximum(x, type(x)(0)) + math.log1p(_exp(-abs(x)))


@_exact
def _relu(x):
    """x where x > 0, else 0."""
    return type(x)(0) if x <= 0 else x


@_exact
def _leaky_relu(x):
    """x where x > 0, else x / 100."""
    return x / type(x)(100) if x <= 0 else x


@_exact
def _step(x):
    """1 where x > 0, else 0; NaN stays NaN."""
    return type(x)(1) if x > 0 else (type(x)(0) if x <= 0 else x)


@_exact
def _sign(x):
    """-1, 0 or 1; NaN stays NaN."""
    return type(x)(1) if x > 0 else (type(x)(-1) if x < 0 else x)


@_exact
def _maximum(x, y):
    """The greater; NaN where one is."""
    return x if x > y or x != x else y


@_exact
def _minimum(x, y):
    """The smaller; NaN where one is."""
    return x if x < y or x != x else y


@_exact
def _equal(x, y):
    """1 where they are equal, or both NaN, else 0."""
    return type(x)(1) if x == y or (x != x and y != y) else type(x)(0)


@_exact
def _square(x):
    """x * x."""
    return x * x


@_exact
def _power(x, n):
    """x ** n."""
    return x**n


@_jit
def _load(rows, start, flat, lanes):
    """Samples from start on, side by side: lane n of element t at V * t + n."""
    V = len(lanes)
    for t in range(rows.shape[1]):
        for lane in range(V):
            flat[V * t + lane] = rows[start + lane, t]


@_jit
def _store(flat, start, rows, lanes):
    """The inverse of _load."""
    V = len(lanes)
    for t in range(rows.shape[1]):
        for lane in range(V):
            rows[start + lane, t] = flat[V * t + lane]


@_jit
def _turn(flat, size, turned, lanes):
    """Sample after sample: element t of lane n at size * n + t."""
    V = len(lanes)
    for t in range(size):
        for lane in range(V):
            turned[size * lane + t] = flat[V * t + lane]


@_jit
def _add_parts(parts, total):
    """The sum over the first axis, in its order."""
    for part in range(parts.shape[0]):
        for t in range(parts.shape[1]):
            total[t] += parts[part, t]


def _in_blocks(
    run: Any, samples: int, arrays: list[Array], others: list[Array]
) -> tuple[list[Array], list[Array], list[Array]]:
    """Whole blocks, then other samples one by one: sums, rows, what is the same."""
    whole = samples - samples % LANES
    with _TURN:
        if whole in (0, samples):
            return run(_BLOCK if whole else _ONE, samples, samples, *arrays, *others)
        first, last = [a[:whole] for a in arrays], [a[whole:] for a in arrays]
        sums, rows, same = run(_BLOCK, whole, samples, *first, *others)
        more = run(_ONE, samples - whole, samples, *last, *others)
    for total, part in zip(sums, more[0], strict=True):
        total += part
    rows = [np.concatenate(pair) for pair in zip(rows, more[1], strict=True)]
    return sums, rows, same


def _rows(x: Array, samples: int) -> Array:
    """Sample by sample in C order, as the loops read it; a copy where it is not so."""
    return _plain(x).reshape(samples, -1)


def _plain(x: Array) -> Array:
    """In C order and in memory of its own where it is not; a number gets an axis."""
    ready = x.flags.c_contiguous and x.flags.writeable and x.flags.aligned
    return np.atleast_1d(x if ready else x.copy(order="C"))
