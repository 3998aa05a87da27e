"""Number types for the interpreter: doubles, autograd's boxes, exact rationals.

A type is a row of operations on arrays; `derive.evaluate` uses nothing else. Residues modulo a
prime are one more row (`derive.atoms`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from numbers import Rational
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from derive.errors import LimitExceeded
from derive.rules import rule

Array = Any
"""An array of some number type; numpy's own, an autograd box, or an object array of fractions."""


@dataclass(frozen=True)
class Numbers:
    """One number type.

    ``asarray`` takes what a user gives (or an integer array) into the type, ``constant`` an exact
    rational. ``apply(function, arguments, live)`` needs to be right only where the boolean array
    ``live`` is true (``None``: everywhere). ``total(array, axes)`` sums, keeping no dimension.
    ``plain`` gives values that can be compared, outside any tracing; a type without an order says
    instead with ``winner(windows, place)`` how much of each window (the last dimension of
    ``windows``) is won at ``place``.
    ``dense`` is the largest array that a sum may fill at once, ``limit`` the number of terms in one
    expression beyond which evaluation is refused.
    """

    name: str
    xp: Any
    asarray: Callable[[Any], Array]
    constant: Callable[[Fraction], Array]
    apply: Callable[[str, tuple[Array, ...], Array | None], Array]
    total: Callable[[Array, tuple[int, ...]], Array]
    plain: Callable[[Array], Array] = np.asarray
    winner: Callable[[Array, Array], Array] | None = None
    add: Callable[[Array, Array], Array] = operator.add
    multiply: Callable[[Array, Array], Array] = operator.mul
    dense: int = 2**25
    limit: int = 2**28


class Irrational(ValueError):
    """A function that has no exact rational value was asked for one."""


def _float(value: Fraction) -> Array:
    try:
        return np.float64(value)
    except OverflowError:
        digits = int(value.numerator.bit_length() * log10(2)) + 1
        raise LimitExceeded(f"a constant with {digits} digits is beyond double precision") from None


def _inexact(values: Any) -> Array:
    array = np.asarray(values)
    return array if np.iscomplexobj(array) else array.astype(np.float64)


def _boxed(values: Any) -> Array:
    return values if isbox(values) else _inexact(values)


def _unboxed(values: Any) -> Array:
    while isbox(values):
        values = values._value
    return values


def _apply_with(xp: Any) -> Callable[[str, tuple[Array, ...], Array | None], Array]:
    return lambda function, arguments, live: rule(function).numeric(xp, *arguments)


def _fraction(value: Any) -> Fraction:
    if isinstance(value, float | np.floating):
        return Fraction(float(value))
    return Fraction(value)


def _rational(value: Any) -> Fraction:
    if not isinstance(value, Rational):
        raise Irrational(f"{value!r} is not an exact rational")
    return Fraction(value)


_fractions = np.frompyfunc(_fraction, 1, 1)
_rationals = np.frompyfunc(_rational, 1, 1)

LARGEST_EXPONENT = 4096


def _objects(values: Any) -> Array:
    out = np.empty(np.shape(values), dtype=object)
    out[...] = _fractions(np.asarray(values, dtype=object))
    return out


def _apply_exact(function: str, arguments: tuple[Array, ...], live: Array | None) -> Array:
    known = rule(function)
    if not known.rational:
        raise Irrational(f"{function} has no exact rational value")
    *arrays, where = np.broadcast_arrays(*arguments, True if live is None else live)
    if function == "pow" and any(abs(n) > LARGEST_EXPONENT for n in arrays[1].flat):
        raise LimitExceeded(f"an exact power beyond {LARGEST_EXPONENT}")
    out = np.full(where.shape, Fraction(1), dtype=object)
    out[where] = _rationals(known.numeric(np, *(a[where] for a in arrays)))
    return out


FLOAT = Numbers(
    name="double precision",
    xp=np,
    asarray=_inexact,
    constant=_float,
    apply=_apply_with(np),
    total=lambda array, axes: np.sum(array, axis=axes),
)

AUTOGRAD = Numbers(
    name="automatic differentiation",
    xp=anp,
    asarray=_boxed,
    constant=_float,
    apply=_apply_with(anp),
    plain=_unboxed,
    total=lambda array, axes: anp.sum(array, axis=axes),
)

EXACT = Numbers(
    name="exact rationals",
    xp=np,
    asarray=_objects,
    constant=lambda q: q,
    apply=_apply_exact,
    total=lambda array, axes: np.sum(array, axis=axes),
    limit=2**22,
)
