"""Verdicts on functions, in words: what was seen, what was assumed, and what reproduces it."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite
from typing import Any

import numpy as np

from verify.functional.arguments import Arguments
from verify.functional.arrays import Entries
from verify.functional.findings import Finding, Seen
from verify.functional.judge import Judged
from verify.functional.kinks import sides
from verify.verdict import Evidence

STENCIL = "5-point stencil"

DETERMINISTIC = "f is a function of its arguments: masks, seeds and statistics inside are fixed"

FLAT = "f does not change"

SPECIAL = (
    "only the arrays given are meant, or they fulfil a condition (a sum of one, a symmetry) that "
    "points near by break"
)


def read_as(names: tuple[str, str], arguments: Arguments, pulled: bool) -> str:
    """The claim as it was understood, with the form of every array."""
    f, back = names
    called = ", ".join(arguments.names)
    judged = ", ".join(arguments.names[n] for n in arguments.judged)
    forms = "; ".join(
        f"{leaf.path}: {leaf.library} {leaf.dtype} {leaf.shape}" for leaf in arguments.leaves
    )
    if pulled:
        return f"{back}({called}, u) = ∂⟨u, {f}({called})⟩/∂({judged}); {forms}"
    return f"{back}({called}) = ∂{f}({called})/∂({judged}); {forms}"


def evidence(judged: Judged) -> Iterator[Evidence]:
    """One line for the entries, one for the directions at each point."""
    if judged.entries:
        yield _line(f"{STENCIL}, entry by entry", judged.entries, "at the arrays given", 0)
    for point, found in sorted(judged.along.items()):
        where = "near by, point " + str(point) if point else "at the arrays given"
        yield _line(f"{STENCIL}, Gaussian directions", found, where, 0 if point else judged.skipped)
    for reason in judged.near:
        yield Evidence(f"{STENCIL}, near by", "skipped", reason)


def _line(method: str, found: Sequence[Finding], where: str, kinks: int) -> Evidence:
    agree = [f for f in found if f.seen is Seen.AGREES]
    differ = sum(f.seen is Seen.DIFFERS for f in found)
    corners = sum(f.seen is Seen.CORNER for f in found)
    hidden = sum(f.seen is Seen.HIDDEN for f in found)
    parts = [f"{len(found)} {where}"]
    if differ:
        parts.append(f"{differ} differ")
    if agree:
        worst = _coarsest(agree)
        parts.append(f"seen would be an error above {worst:.1e} of the gradient" if worst else FLAT)
    if corners:
        parts.append(f"{corners} at corners where kinks meet, as some choice at each has it")
    if hidden:
        parts.append(f"{hidden} with no derivative that stands out from its error bound")
    if kinks:
        parts.append(f"{kinks} more skipped, they cross a kink at the point itself")
    outcome = "differs" if differ else "agrees" if agree or corners else "skipped"
    return Evidence(method, outcome, "; ".join(parts))


def _coarsest(found: Iterable[Finding]) -> float:
    return max((f.resolution for f in found if isfinite(f.resolution)), default=0.0)


def agreement(judged: Judged) -> str:
    """To how much of the gradient every comparison agreed."""
    found = [*judged.entries, *(f for part in judged.along.values() for f in part)]
    worst = _coarsest(f for f in found if f.seen is Seen.AGREES)
    if not worst:
        return f"zero, and {FLAT}"
    return f"agrees with differences to {worst:.1e} of the gradient"


def hidden(unseen: Entries, arguments: Arguments) -> str:
    """Which entries no difference quotient says anything about."""
    named = [arguments.leaf_of(int(n)).named(int(n)) for n in unseen[:3]]
    more = f" and {unseen.size - len(named)} more" if unseen.size > len(named) else ""
    what = f"no derivative by {', '.join(named)}{more}"
    return f"{what} stands out from rounding, or there is none"


def refutation(found: Finding, tied: Sequence[str]) -> str:
    """Where claimed value and derivative differ, and what the difference looks like."""
    slope = found.slope
    assert slope is not None
    length = _length(found)
    claimed = f"{slope.claimed / length:.10g}"
    low, high = (side / length for side in sides(found))
    right = f"{low:.10g}" if low == high else f"between {low:.10g} and {high:.10g}"
    bound = f" ± {slope.slack / length:.1e}"
    if found.entry is not None:
        return (
            f"at {found.leaf.named(found.entry)}: {claimed}, but the derivative is {right}{bound}"
        )
    if tied:
        return (
            f"{', '.join(tied)} are tied and add up to {claimed}, moved together to {right}{bound}"
        )
    return (
        f"along a direction of {found.leaf.path}: {claimed}, but the derivative is {right}{bound}"
    )


def _length(found: Finding) -> float:
    """What numbers along the direction are divided by, so that those of an entry are its own."""
    moved = found.direction[found.direction != 0]
    return float(moved[0]) if np.ptp(moved) == 0 else float(np.linalg.norm(moved))


def pattern(found: Sequence[Finding], upstream: np.ndarray[Any, Any] | None) -> str:
    """What the claimed numbers are instead, where that is one thing for all entries."""
    seen = [f for f in found if f.slope is not None and f.seen is not Seen.HIDDEN]
    claimed = np.array([f.slope.claimed / _length(f) for f in seen if f.slope])
    value = np.array([f.slope.value / _length(f) for f in seen if f.slope])
    if not claimed.size or not np.isfinite(claimed).all():
        return ""
    if not claimed.any():
        return "all of it is zero"
    part = seen[0].at.gradient[seen[0].leaf.start : seen[0].leaf.stop]
    if upstream is not None and np.array_equal(upstream, part):
        return "it is the upstream gradient, unchanged"
    if claimed.size < 2 or not value.any():
        return ""
    factor = float(claimed @ value / (value @ value))
    if np.allclose(claimed, factor * value, rtol=1e-6, atol=1e-9 * np.max(np.abs(claimed))):
        nice = next((n for n in _FACTORS if abs(factor - n) < 1e-6 * abs(n)), factor)
        return f"every entry is {nice:.6g} times the derivative"
    return ""


_FACTORS = (-1.0, 2.0, 0.5, -2.0, -0.5)


def counterexample(
    found: Finding, point: int, seed: int, names: tuple[str, str], kind: str
) -> dict[str, Any]:
    """The failing entry, both values, and a line of Python in the names that the user's code has.

    ``point`` 0 is the arrays given; at a kink ``sides`` are the one-sided derivatives.
    """
    slope = found.slope
    assert slope is not None
    length = _length(found)
    between = [side / length for side in sides(found)]
    nearest = min(between, key=lambda side: abs(side - slope.claimed / length))
    shown: dict[str, Any] = {
        "argument": found.leaf.path,
        "index": None if found.entry is None else list(found.leaf.index(found.entry)),
        "left": _number(slope.claimed / length),
        "right": _number(nearest),
        "error": _number(slope.slack / length),
        "point": point,
        "seed": seed,
        "python": _one_line(found, point, seed, names, kind),
    }
    return {**shown, "sides": list(map(_number, between))} if slope.kinked else shown


def _one_line(found: Finding, point: int, seed: int, names: tuple[str, str], kind: str) -> str:
    arguments = found.at.subject.arguments
    called = ", ".join((*names, *arguments.names))
    options = f"seed={seed}"
    if arguments.wrt != frozenset(range(len(arguments.given))):
        options += f", wrt={sorted(arguments.wrt)}"
    if found.entry is None:
        return f"import verify; print(verify.{kind}_check({called}, {options}).message)"
    entry = f"argument={found.leaf.path!r}, index={found.leaf.index(found.entry)}, point={point}"
    call = f"{kind}_entry({called}, {entry}, {options})"
    return f"from verify.functions import {kind}_entry; print({call})"


def _number(value: float) -> float | str:
    """JSON has no infinities."""
    return value if isfinite(value) else str(value)


def name_of(function: Callable[..., Any], otherwise: str) -> str:
    """What the user calls a function, if that can be written down."""
    name = str(getattr(function, "__name__", ""))
    return name if name.isidentifier() and not keyword.iskeyword(name) else otherwise
