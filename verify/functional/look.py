"""The first look at two functions, before any number is compared.

Called with the arrays as they were given: does the value depend on anything else, are the arguments
left alone, has the gradient the form of the arguments? Then the precision to judge in is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from verify.functional.arguments import Arguments, Types, Unfit, double_type, own_type
from verify.functional.arrays import EPS, Vector, backend, dtype_name, same_bits, to_vector
from verify.functional.calls import (
    Claimed,
    Pairing,
    Raised,
    Subject,
    call,
    gathered,
    real_outputs,
)
from verify.functional.doubts import RANDOM
from verify.functional.trees import leaves
from verify.verdict import Evidence, Status

CALLS = 3
"""Calls with the same arguments that must give the same value."""

NOISE = 1000.0
"""Roundings that may come out differently from one call to the next (atomic sums on a GPU)."""


def forward_sizes(f: Callable[..., Any], arguments: Arguments) -> tuple[int, ...]:
    """The sizes of ``f``'s outputs, once it is seen to be a function of its arguments.

    Raises `Unfit` where it raises, writes to its arguments, gives what no derivative is of, has no
    finite value, or is random.
    """
    first = _forward(f, arguments)
    for _ in range(CALLS - 1):
        again = _forward(f, arguments)
        if len(first) != len(again) or not all(map(_close, first, again)):
            raise Unfit(Status.UNDECIDED, RANDOM)
    for path, leaf in first:
        if not np.isfinite(to_vector(leaf)).all():
            raise Unfit(Status.UNDECIDED, f"{path} is not finite at the arrays given")
    return tuple(to_vector(leaf).size for _, leaf in first)


def _forward(f: Callable[..., Any], arguments: Arguments) -> list[tuple[str, Any]]:
    before = arguments.build(arguments.start, own_type)
    passed = arguments.build(arguments.start, own_type)
    try:
        outputs = real_outputs(call(f, passed))
    except Raised as error:
        raise Unfit(Status.ILL_FORMED, f"f raises {error}") from error
    _unchanged("f", arguments, before, passed)
    return outputs


def _close(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    here, there = to_vector(one[1]), to_vector(other[1])
    if here.shape != there.shape:
        return False
    largest = float(np.max(np.abs(here[np.isfinite(here)]), initial=0.0))
    slack = NOISE * EPS[dtype_name(one[1])] * largest
    return bool(np.allclose(here, there, rtol=0.0, atol=slack, equal_nan=True))


def _unchanged(who: str, arguments: Arguments, before: Any, after: Any) -> None:
    path = arguments.changed(before, after)
    if path is not None:
        raise Unfit(Status.ILL_FORMED, f"{who} writes to its argument {path}: copy it first")


def backward_form(pairing: Pairing, arguments: Arguments, name: str) -> Claimed:
    """What the backward function gives, once it is seen to have the form of a gradient.

    Raises `Unfit` where it raises, writes to its arguments, differs in structure, shape or type, or
    gives something else when it is called again.
    """
    claimed = _backward(pairing, arguments, name)
    _types_kept(claimed, arguments)
    again = _backward(pairing, arguments, name).vector
    largest = float(np.max(np.abs(claimed.vector[np.isfinite(claimed.vector)]), initial=0.0))
    slack = NOISE * claimed.eps * largest
    if not np.allclose(claimed.vector, again, rtol=0.0, atol=slack, equal_nan=True):
        raise Unfit(Status.UNDECIDED, f"{name} gives something else when it is called again")
    return claimed


def _backward(pairing: Pairing, arguments: Arguments, name: str) -> Claimed:
    """One call of both functions."""
    before = arguments.build(arguments.start, own_type)
    passed = arguments.build(arguments.start, own_type)
    try:
        outputs = call(pairing.forward, passed)
        handed = pairing.pull(passed, outputs)
        kept = [_kept(leaf) for part in handed for _, leaf in leaves(part, "")]
        result = call(pairing.backward, handed)
    except Raised as error:
        raise Unfit(Status.ILL_FORMED, f"{name} raises {error}") from error
    _unchanged(name, arguments, before, passed)
    now = [leaf for part in handed for _, leaf in leaves(part, "")]
    if not all(map(same_bits, kept, now)):
        raise Unfit(Status.ILL_FORMED, f"{name} writes to the upstream gradient: copy it first")
    return gathered(result, arguments, 0.0)


def _kept(leaf: Any) -> Any:
    kind = backend(leaf)
    return leaf if kind is None else kind.copy(leaf)


def _types_kept(claimed: Claimed, arguments: Arguments) -> None:
    """Raise `Unfit` where a gradient is less precise than its argument."""
    for leaf, array in zip(arguments.leaves, claimed.found, strict=True):
        if array is None or type(array) is int or EPS[dtype_name(array)] <= EPS[leaf.dtype]:
            continue
        types = f"has the type {dtype_name(array)}, {leaf.path} {leaf.dtype}"
        raise Unfit(Status.ILL_FORMED, f"the gradient of {leaf.path} {types}")


@dataclass(frozen=True)
class Precision:
    """In which types to judge, why, and the context in which they exist."""

    types: Types
    reason: str
    context: Callable[[], AbstractContextManager[Any]]


def precision(pairing: Pairing, arguments: Arguments) -> Precision:
    """Double precision where the arguments have it or both functions accept it, else their own."""
    own = sorted({leaf.dtype for leaf in arguments.leaves})
    if max(EPS[dtype] for dtype in own) <= EPS["float64"]:
        return Precision(own_type, "float64, as given", nullcontext)
    with arguments.double():
        try:
            subject = Subject(pairing, arguments, double_type)
            claimed = subject.claimed(arguments.start)
        except (Raised, Unfit) as error:
            refusal = str(error)
        else:
            refusal = "" if claimed.eps <= EPS["float64"] else "it works in single precision inside"
            refusal = refusal if isfinite(subject.value(arguments.start)) else "no finite value"
    if not refusal:
        return Precision(double_type, f"float64, though given {', '.join(own)}", arguments.double)
    return Precision(
        own_type, f"{', '.join(own)}: the functions do not take float64 ({refusal})", nullcontext
    )


LOOSE = 0.02
"""How far a gradient in few digits may be from the same gradient in double, as a norm."""


def same_gradient(own: Vector, double: Vector) -> Evidence:
    """Compare the gradient in the type given with that in double precision."""
    method = "the gradient in the type given"
    if not np.isfinite(own).all():
        return Evidence(method, "differs", "not finite, in double precision it is")
    away = float(np.linalg.norm(own - double))
    size = float(np.linalg.norm(double))
    outcome = "agrees" if away <= LOOSE * size or not away else "differs"
    return Evidence(method, outcome, f"off by {away:.1e}, against {size:.3g} in double precision")
