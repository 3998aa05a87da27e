"""A user's own forward function and hand-written backward, judged like a formula.

    verdict = gradient_check(loss, gradient, x, w)     # loss gives one number
    verdict = vjp_check(layer, backward, x, w)         # backward(x, w, upstream)

Arguments are arrays of NumPy, CuPy, PyTorch or JAX, numbers, or tuples, lists and dictionaries of
them; whatever is no floating-point array is a constant. The forward function is evaluated, nothing
else is asked of it: derivatives are differences whose error is bounded by a second step and by
measured rounding (Abramowitz and Stegun 25.3.6). They are compared relative to their own size and
never more loosely for larger arrays, at the arrays given and near them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from verify.functional.check import Check
from verify.functional.findings import look, strength, unit
from verify.functional.judge import at_point, near_points
from verify.verdict import Verdict

Function = Callable[..., Any]

SECONDS = 10.0


def gradient_check(
    f: Function,
    grad: Function,
    *arrays: Any,
    wrt: int | Sequence[int] | None = None,
    seed: int = 0,
    seconds: float = SECONDS,
) -> Verdict:
    """Judge ``grad(*arrays)`` as the gradient of ``f(*arrays)``, which is one number.

    ``grad`` gives one gradient for each argument, or for each that has floating-point arrays; for a
    single one the gradient alone. ``wrt`` numbers the arguments that are differentiated by; all
    others are constants. Right before each call of ``grad``, ``f`` is called with the same arrays,
    so that it may leave behind what it has computed. Nothing that the two raise is raised here.
    """
    return Check("gradient", f, grad, arrays, wrt, seed).verdict(seconds)


def vjp_check(
    f: Function,
    vjp: Function,
    *arrays: Any,
    wrt: int | Sequence[int] | None = None,
    seed: int = 0,
    seconds: float = SECONDS,
) -> Verdict:
    """Judge ``vjp(*arrays, upstream)`` as the vector-Jacobian product of ``f(*arrays)``.

    ``upstream`` has the structure of ``f``'s outputs, with ``None`` for outputs that are no
    floating-point arrays; its entries are Gaussian. All else is as for `gradient_check`.
    """
    return Check("vjp", f, vjp, arrays, wrt, seed).verdict(seconds)


def gradient_entry(
    f: Function,
    grad: Function,
    *arrays: Any,
    argument: str,
    index: tuple[int, ...],
    point: int = 0,
    seed: int = 0,
    wrt: Sequence[int] | None = None,
) -> dict[str, float]:
    """Both values of one entry, as the counterexample of a `gradient_check` names it.

    ``point`` 0 is the arrays given. Raises what `Check.prepare` raises, `LookupError` for a point
    without a value and for an entry that is not there.
    """
    return _entry(Check("gradient", f, grad, arrays, wrt, seed), argument, index, point)


def vjp_entry(
    f: Function,
    vjp: Function,
    *arrays: Any,
    argument: str,
    index: tuple[int, ...],
    point: int = 0,
    seed: int = 0,
    wrt: Sequence[int] | None = None,
) -> dict[str, float]:
    """Both values of one entry, as the counterexample of a `vjp_check` names it."""
    return _entry(Check("vjp", f, vjp, arrays, wrt, seed), argument, index, point)


def _entry(check: Check, argument: str, index: tuple[int, ...], point: int) -> dict[str, float]:
    check.prepare()
    leaf = next((x for x in check.arguments.leaves if x.path == argument), None)
    if leaf is None:
        raise LookupError(f"no array {argument!r} is differentiated by")
    entry = leaf.start + int(np.ravel_multi_index(index, leaf.shape)) if index else leaf.start
    with check.precision.context():
        points = [check.subject(n) for n in range(point + 1)]
        start = at_point(points[0], check.arguments.start)
        at = [start, *near_points(points[1:], check.seed)][point]
        if at is None:
            raise LookupError(f"no value at point {point}")
        rng = np.random.default_rng(check.seed)
        slope = look(at, leaf, unit(at, entry), rng, entry, strength(at, leaf)).slope
    if slope is None:
        raise LookupError(f"no value beside {leaf.named(entry)}")
    length = float(unit(at, entry)[entry])
    left, right = (side / length for side in slope.sides)
    kink = {"left_of_it": left, "right_of_it": right} if slope.kinked else {"derivative": left}
    return {"claimed": slope.claimed / length, **kink, "error": slope.slack / length}
